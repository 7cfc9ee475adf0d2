"""Metadata, on whatever has it: kept as a dictionary, shown as Saleor shows it."""

from __future__ import annotations

from typing import Any

from tests.saleor.played.registry import Asking, Refusal, mutation, worked_out
from tests.saleor.played.world import Thing

TOLD = {"TransactionItem": ("TRANSACTION_ITEM_METADATA_UPDATED", "transaction"), "Order": ("ORDER_UPDATED", "order")}


def _kept(thing: Thing, *, is_private: bool) -> dict[str, str]:
    kept: dict[str, str] = thing.get("privateMetadata" if is_private else "metadata") or {}
    return kept


@worked_out("*", "metadata")
def _metadata(_asking: Asking, thing: Thing) -> list[Thing]:
    return [{"key": key, "value": value} for key, value in _kept(thing, is_private=False).items()]


@worked_out("*", "privateMetadata")
def _private_metadata(_asking: Asking, thing: Thing) -> list[Thing]:
    return [{"key": key, "value": value} for key, value in _kept(thing, is_private=True).items()]


@worked_out("*", "metafield")
def _metafield(_asking: Asking, thing: Thing, key: str) -> str | None:
    return _kept(thing, is_private=False).get(key)


@worked_out("*", "privateMetafield")
def _private_metafield(_asking: Asking, thing: Thing, key: str) -> str | None:
    return _kept(thing, is_private=True).get(key)


@worked_out("*", "metafields")
def _metafields(_asking: Asking, thing: Thing, keys: list[str] | None = None) -> dict[str, str]:
    return _some(_kept(thing, is_private=False), keys)


@worked_out("*", "privateMetafields")
def _private_metafields(_asking: Asking, thing: Thing, keys: list[str] | None = None) -> dict[str, str]:
    return _some(_kept(thing, is_private=True), keys)


def _some(kept: dict[str, str], keys: list[str] | None) -> dict[str, str]:
    return dict(kept) if keys is None else {key: kept[key] for key in keys if key in kept}


def put(thing: Thing, given: list[Thing] | None, *, is_private: bool = False) -> None:
    """Set the given keys; `given` is a list of `MetadataInput`."""
    for one in given or ():
        if not one["key"].strip():
            raise Refusal("metadata", "REQUIRED", "Metadata key cannot be empty.")
        thing.setdefault("privateMetadata" if is_private else "metadata", {})[one["key"]] = one["value"]


def _update(asking: Asking, item_id: str, given: list[Thing], *, is_private: bool) -> dict[str, Any]:
    thing = asking.world.things.get(item_id)
    if thing is None:
        raise Refusal("id", "NOT_FOUND", f"Couldn't resolve to a node: {item_id}")
    put(thing, given, is_private=is_private)
    if (told := TOLD.get(thing["__typename"])) and not is_private:
        asking.world.tell(told[0], **{told[1]: thing})
    return {"item": thing}


@mutation("updateMetadata")
def _update_metadata(asking: Asking, id: str, input: list[Thing]) -> dict[str, Any]:
    return _update(asking, id, input, is_private=False)


@mutation("updatePrivateMetadata")
def _update_private_metadata(asking: Asking, id: str, input: list[Thing]) -> dict[str, Any]:
    return _update(asking, id, input, is_private=True)
