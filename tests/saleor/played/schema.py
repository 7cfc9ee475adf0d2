"""Saleor's schema with its scalars taken at their word: what is asked and what is answered is held to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from graphql import GraphQLError, GraphQLScalarType, GraphQLSchema, ValueNode, build_schema, value_from_ast_untyped

from tests.api.contract.saleor_sdl import written_schema


@cache
def schema() -> GraphQLSchema:
    """The schema of Saleor 3.24, made once a run, with checked scalars."""
    made = build_schema(written_schema())
    for name, check in CHECKED.items():
        scalar = made.type_map[name]
        assert isinstance(scalar, GraphQLScalarType)
        _check(scalar, check)
    for name in SHOWN:
        made.type_map[name].serialize = SHOWN[name]  # type: ignore[attr-defined] # a scalar's
    return made


def _check(scalar: GraphQLScalarType, check: Callable[[Any], Any]) -> None:
    def read_literal(node: ValueNode, variables: Mapping[str, Any] | None = None) -> Any:
        return check(value_from_ast_untyped(node, dict(variables or {})))

    scalar.parse_value = check  # type: ignore[method-assign] # this schema is the tests' own
    scalar.parse_literal = read_literal  # type: ignore[method-assign] # as above


def _a_decimal(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise GraphQLError(f"Value is not a number: {value!r}")
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        raise GraphQLError("Value is not a finite number")
    return int(number) if number.is_integer() else number


def _a_positive_decimal(value: Any) -> Any:
    number = _a_decimal(value)
    if number < 0:
        raise GraphQLError(f"Value cannot be lower than 0. Unsupported value: {value}")
    return number


def _a_moment(value: Any) -> datetime:
    if not isinstance(value, str):
        raise GraphQLError(f"DateTime cannot represent value: {value!r}")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise GraphQLError(f"DateTime cannot represent value: {value!r}") from error


def _a_uuid(value: Any) -> str:
    try:
        return str(UUID(value))
    except (ValueError, AttributeError, TypeError) as error:
        raise GraphQLError(f"Value is not a UUID: {value!r}") from error


def _a_json_text(value: Any) -> str:
    if not isinstance(value, str):
        raise GraphQLError("JSONString takes JSON in a string")
    try:
        json.loads(value)
    except ValueError as error:
        raise GraphQLError(f"{value} is not a valid JSONString") from error
    return value


def _text_of_moment(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


CHECKED: Mapping[str, Callable[[Any], Any]] = {
    "Decimal": _a_decimal,
    "PositiveDecimal": _a_positive_decimal,
    "DateTime": _a_moment,
    "UUID": _a_uuid,
    "JSONString": _a_json_text,
}
SHOWN: Mapping[str, Callable[[Any], Any]] = {
    "DateTime": _text_of_moment,
    "Date": _text_of_moment,
    "Decimal": float,
    "PositiveDecimal": float,
}
