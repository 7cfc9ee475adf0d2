"""Rows of bulk mutations: checked one by one, kept as the error policy says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tests.saleor.played.registry import Refusal
from tests.saleor.played.world import Thing

REJECT_EVERYTHING = "REJECT_EVERYTHING"


class RowRefused(Exception):
    """One row of a bulk mutation is wrong."""

    def __init__(self, path: str, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.error: Thing = {"path": path, "field": path.rsplit(".", 1)[-1], "code": code, "message": message, **more}


def in_bulk(
    rows: Sequence[Thing], check: Callable[[Thing], Any], keep: Callable[[Any], Thing], policy: str | None, name: str
) -> dict[str, Any]:
    """Check every row, then keep what the policy lets through; each row's thing under `name`, with its errors."""
    checked: list[Any] = []
    errors: list[list[Thing]] = []
    for row in rows:
        try:
            checked.append(check(row))
            errors.append([])
        except RowRefused as refused:
            checked.append(None)
            errors.append([refused.error])
        except Refusal as refused:
            path = refused.error.pop("field")
            checked.append(None)
            errors.append([{"path": path, "field": path, **refused.error}])
    if any(errors) and (policy or REJECT_EVERYTHING) == REJECT_EVERYTHING:
        return {"count": 0, "results": [{name: None, "errors": one} for one in errors]}
    kept = [None if wrong else keep(one) for one, wrong in zip(checked, errors, strict=True)]
    results = [{name: one, "errors": wrong} for one, wrong in zip(kept, errors, strict=True)]
    return {"count": sum(one is not None for one in kept), "results": results}


def once(seen: set[tuple[str, str]], field: str, value: str | None) -> None:
    """Raise `RowRefused` where an earlier row said the same."""
    if value and (field, value) in seen:
        raise RowRefused(field, "UNIQUE", f"Duplicated {field}.")
    if value:
        seen.add((field, value))
