"""Saleor's own scalars."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import graphene
from graphql import (
    FloatValueNode,
    GraphQLError,
    IntValueNode,
    StringValueNode,
    Undefined,
    ValueNode,
    value_from_ast_untyped,
)

DECIMAL_CHARACTERS_MAX = 40


class JSONString(graphene.Scalar):
    """A JSON document as text; here only given, never taken."""

    @staticmethod
    def serialize(value: object) -> str:
        """As text with its own letters, which take a third of their escapes."""
        return json.dumps(value, ensure_ascii=False)


class JSON(graphene.Scalar):
    """Any JSON value."""

    @staticmethod
    def serialize(value: object) -> object:
        """As it is: the answer is JSON anyway."""
        return value

    @staticmethod
    def parse_value(value: object) -> object:
        """As it came."""
        return value

    @staticmethod
    def parse_literal(node: ValueNode, variables: Mapping[str, Any] | None = None) -> object:
        """The value that is written in the document."""
        return value_from_ast_untyped(node, dict(variables or {}))


class Metadata(graphene.Scalar):
    """Texts by key."""

    @staticmethod
    def serialize(value: object) -> object:
        """As it is."""
        return value


class PositiveDecimal(graphene.Scalar):
    """A number that is not negative, of any precision."""

    @staticmethod
    def serialize(value: object) -> str:
        """As text, which keeps its precision."""
        return str(value)

    @staticmethod
    def parse_value(value: object) -> Decimal:
        """Out of a JSON number or text. Raises `GraphQLError`."""
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise GraphQLError("The value is not a number.")
        return _decimal(str(value))

    @staticmethod
    def parse_literal(node: ValueNode, _variables: object = None) -> object:
        """Out of a number or text in the document."""
        if isinstance(node, IntValueNode | FloatValueNode | StringValueNode):
            return _decimal(node.value)
        return Undefined


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text) if len(text) <= DECIMAL_CHARACTERS_MAX else Decimal("NaN")
    except InvalidOperation as error:
        raise GraphQLError("The value is not a number.") from error
    if not number.is_finite():
        raise GraphQLError("The value is not a number, or has too many digits.")
    if number < 0:
        raise GraphQLError("Value cannot be lower than 0.")
    return number
