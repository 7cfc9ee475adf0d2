"""Saleor's own scalars."""

from __future__ import annotations

import decimal
import json
from collections.abc import Mapping
from typing import Any, NoReturn

import graphene
from django.core.files.uploadedfile import UploadedFile
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
DECIMAL_EXPONENT_MAX = 40
"""A longer one, such as 1e999999, would take seconds to be written out."""
INT_MAX = 2**31 - 1
INT_DIGITS_MAX = 10


class JSONString(graphene.Scalar):
    """A JSON document as text."""

    @staticmethod
    def serialize(value: object) -> str:
        """As text with its own letters, which take a third of their escapes."""
        return json.dumps(value, ensure_ascii=False)

    @staticmethod
    def parse_value(value: object) -> object:
        """The document in a text. Raises `GraphQLError`."""
        if not isinstance(value, str):
            raise GraphQLError("The value is not a text.")
        try:
            found = json.loads(value)
            # Half a surrogate pair passes JSON and is no text.
            json.dumps(found, ensure_ascii=False).encode("utf-8")
        except (ValueError, RecursionError) as error:
            raise GraphQLError("The value is not valid JSON.") from error
        return found

    @staticmethod
    def parse_literal(node: ValueNode, _variables: object = None) -> object:
        """The document in a text that is written out. Raises `GraphQLError`."""
        return JSONString.parse_value(node.value) if isinstance(node, StringValueNode) else Undefined


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


class GenericScalar(graphene.Scalar):
    """Any value; here only answered."""

    @staticmethod
    def serialize(value: object) -> object:
        """As it is."""
        return value


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
    def parse_value(value: object) -> decimal.Decimal:
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


class Decimal(graphene.Scalar):
    """A number of any precision."""

    @staticmethod
    def serialize(value: object) -> float:
        """As a JSON number."""
        return float(str(value))

    @staticmethod
    def parse_value(value: object) -> decimal.Decimal:
        """Out of a JSON number or text. Raises `GraphQLError`."""
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise GraphQLError("The value is not a number.")
        return _number(str(value))

    @staticmethod
    def parse_literal(node: ValueNode, _variables: object = None) -> object:
        """Out of a number or text in the document."""
        if isinstance(node, IntValueNode | FloatValueNode | StringValueNode):
            return _number(node.value)
        return Undefined


class PositiveInt(graphene.Scalar):
    """A whole number above 0."""

    @staticmethod
    def serialize(value: object) -> int:
        """As a JSON number."""
        return int(str(value))

    @staticmethod
    def parse_value(value: object) -> int:
        """Out of a JSON number. Raises `GraphQLError`."""
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= INT_MAX:
            raise GraphQLError("The value must be a whole number above 0.")
        return value

    @staticmethod
    def parse_literal(node: ValueNode, _variables: object = None) -> object:
        """Out of a number in the document."""
        if (
            not isinstance(node, IntValueNode)
            or len(node.value) > INT_DIGITS_MAX
            or not 0 < int(node.value) <= INT_MAX
        ):
            return Undefined
        return int(node.value)


class Upload(graphene.Scalar):
    """A file that comes with the request: null in its JSON, a part of its own in the multipart body."""

    @staticmethod
    def serialize(value: object) -> NoReturn:
        """Never: a file is given, and not answered."""
        raise GraphQLError("An upload cannot be answered.")

    @staticmethod
    def parse_value(value: object) -> object:
        """The file that the multipart body brought. Raises `GraphQLError` for anything that is written out."""
        if not isinstance(value, UploadedFile):
            raise GraphQLError("The value is not a file of a multipart request.")
        return value

    @staticmethod
    def parse_literal(_node: ValueNode, _variables: object = None) -> object:
        """Nothing that is written in a document is a file."""
        return Undefined


def _decimal(text: str) -> decimal.Decimal:
    number = _number(text)
    if number < 0:
        raise GraphQLError("Value cannot be lower than 0.")
    return number


def _number(text: str) -> decimal.Decimal:
    try:
        number = decimal.Decimal(text) if len(text) <= DECIMAL_CHARACTERS_MAX else decimal.Decimal("NaN")
    except decimal.InvalidOperation as error:
        raise GraphQLError("The value is not a number.") from error
    if not number.is_finite() or abs(number.adjusted()) > DECIMAL_EXPONENT_MAX:
        raise GraphQLError("The value is not a number, or has too many digits.")
    return number
