"""Executing against the world: fields come out of things, money out of whole đồng, connections out of lists."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, get_named_type, is_list_type, is_non_null_type

from tests.saleor.played.connections import connection
from tests.saleor.played.registry import (
    FIELDS,
    GUARDED,
    MUTATIONS,
    QUERIES,
    Asking,
    PermissionDenied,
    Refusal,
    RootField,
)
from tests.saleor.played.world import CURRENCY

PAGING = ("first", "last", "before", "after")


class NotPlayed(Exception):
    """The played Saleor knows no answer to this: it must be taught."""


def resolve_type(value: Any, _info: GraphQLResolveInfo, _abstract: Any) -> str:
    """Which type of an interface or union a thing is."""
    name: str = value["__typename"]
    return name


def resolve_field(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """The value of any field of any type."""
    kind, name = info.parent_type.name, info.field_name
    asking: Asking = info.context
    if info.path.prev is None and kind in ("Query", "Mutation"):
        return _root(asking, kind, name, info, arguments)
    _guard(asking, kind, name)
    value = _value(asking, source, kind, name, info, arguments)
    return _shaped(value, info, arguments, asking)


def _guard(asking: Asking, kind: str, name: str) -> None:
    needs = GUARDED.get((kind, name), ())
    if needs and not asking.may(*needs):
        raise _denied(PermissionDenied(*needs))


def _denied(error: PermissionDenied) -> GraphQLError:
    return GraphQLError(str(error), extensions={"exception": {"code": "PermissionDenied"}})


def _root(asking: Asking, kind: str, name: str, info: GraphQLResolveInfo, arguments: dict[str, Any]) -> Any:
    known = (QUERIES if kind == "Query" else MUTATIONS).get(name)
    if known is None:
        raise NotPlayed(f"{kind}.{name}")
    if known.needs and not asking.may(*known.needs):
        raise _denied(PermissionDenied(*known.needs))
    if kind == "Query":
        return _shaped(known.answer(asking, **arguments), info, arguments, asking)
    return _done(asking, known, arguments)


def _done(asking: Asking, known: RootField, arguments: dict[str, Any]) -> Any:
    try:
        payload = known.answer(asking, **arguments)
    except Refusal as refusal:
        return {"errors": [refusal.error]}
    except PermissionDenied as error:
        raise _denied(error) from error
    return {"errors": [], **payload}


def _value(
    asking: Asking, source: Any, kind: str, name: str, info: GraphQLResolveInfo, arguments: dict[str, Any]
) -> Any:
    answer = FIELDS.get((kind, name)) or FIELDS.get(("*", name))
    if answer is not None:
        return answer(asking, source, **arguments)
    if name in source:
        return source[name]
    if not is_non_null_type(info.return_type):
        asking.world.not_known.add(f"{kind}.{name}")
        return None
    if is_list_type(info.return_type.of_type):
        asking.world.not_known.add(f"{kind}.{name}")
        return []
    raise NotPlayed(f"{kind}.{name}")


def _shaped(value: Any, info: GraphQLResolveInfo, arguments: dict[str, Any], asking: Asking) -> Any:
    named = get_named_type(info.return_type).name
    if named == "Money" and isinstance(value, int):
        return money(value)
    if named == "TaxedMoney" and isinstance(value, int):
        return {"currency": CURRENCY, "gross": value, "net": value, "tax": 0}
    if named.endswith("CountableConnection") and isinstance(value, list):
        return connection(value, name=info.field_name, **{key: arguments.get(key) for key in PAGING})
    return value


def money(amount_vnd: int) -> dict[str, Any]:
    """`Money` of whole đồng."""
    return {"currency": CURRENCY, "amount": float(amount_vnd), "fractionalAmount": amount_vnd, "fractionDigits": 0}
