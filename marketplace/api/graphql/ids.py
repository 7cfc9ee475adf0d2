"""Saleor's global ids: base64 of `Type:pk`."""

from __future__ import annotations

import base64
import binascii
import uuid

from graphql import GraphQLError

ID_CHARACTERS_MAX = 200
INTEGER_MAX = 2**63 - 1


class InvalidId(GraphQLError):
    """An id that is none of this type. Saleor's sentence: `Invalid ID: bad. Expected: Product.`"""

    def __init__(self, text: str, expected: str) -> None:
        super().__init__(f"Invalid ID: {text[:ID_CHARACTERS_MAX]}. Expected: {expected}.")


def to_global_id(type_name: str, key: object) -> str:
    """The id that clients see for a row."""
    return base64.b64encode(f"{type_name}:{key}".encode()).decode("ascii")


def key_of(global_id: str, type_name: str) -> str:
    """The key inside a global id of this type. Raises `InvalidId`."""
    try:
        text = base64.b64decode(global_id[:ID_CHARACTERS_MAX], validate=True).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise InvalidId(global_id, type_name) from error
    key = text.removeprefix(f"{type_name}:")
    # One thing has one id: base64 with other bits of padding would be a second name for it.
    if not key or to_global_id(type_name, key) != global_id:
        raise InvalidId(global_id, type_name)
    return key


def integer_of(global_id: str, type_name: str) -> int:
    """The integer key inside a global id of this type. Raises `InvalidId`."""
    key = key_of(global_id, type_name)
    if not key.isdigit() or int(key) > INTEGER_MAX:
        raise InvalidId(global_id, type_name)
    return int(key)


def uuid_of(global_id: str, type_name: str) -> uuid.UUID:
    """The UUID inside a global id of this type, which a client may also send bare. Raises `InvalidId`."""
    text = global_id if _is_uuid(global_id) else key_of(global_id, type_name)
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise InvalidId(global_id, type_name) from error


def is_id_of(global_id: str, type_name: str) -> bool:
    """Whether a global id says that it is of this type."""
    try:
        key_of(global_id, type_name)
    except InvalidId:
        return False
    return True


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return len(text) <= 36
