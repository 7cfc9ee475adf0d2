"""What a played Saleor answers to: root fields of queries and mutations, and fields that must be worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.saleor.played.world import Thing, World


@dataclass(frozen=True)
class Asking:
    """Who asks what: the world that is asked, and the App whose token came, or nobody."""

    world: World
    app: Thing | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)

    def may(self, *permissions: str) -> bool:
        """Whether the App has one of these permissions."""
        return self.app is not None and not self.app["granted"].isdisjoint(permissions)


class PermissionDenied(Exception):
    """The token's App may not see or do this."""

    def __init__(self, *permissions: str) -> None:
        names = ", ".join(permissions)
        super().__init__(f"To access this path, you need one of the following permissions: {names}")


class Refusal(Exception):
    """A mutation says no: one entry of its payload's `errors`."""

    def __init__(self, field: str | None, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.error: Thing = {"field": field, "code": code, "message": message, **more}


class Died(Exception):
    """The process dies in the middle of its work: no answer, and what it had committed stays."""


Answering = Callable[..., Any]


@dataclass(frozen=True)
class RootField:
    """How a root field is answered, and which permissions (one of them) it needs."""

    answer: Answering
    needs: tuple[str, ...]


QUERIES: dict[str, RootField] = {}
MUTATIONS: dict[str, RootField] = {}
FIELDS: dict[tuple[str, str], Answering] = {}
"""By type and field; the type `*` stands for every type."""
GUARDED: dict[tuple[str, str], tuple[str, ...]] = {}
"""Fields that need one of these permissions."""


def query(name: str, *needs: str) -> Callable[[Answering], Answering]:
    """Answers the root query `name` with `function(asking, **arguments)`."""

    def keep(function: Answering) -> Answering:
        QUERIES[name] = RootField(function, needs)
        return function

    return keep


def mutation(name: str, *needs: str) -> Callable[[Answering], Answering]:
    """Does the mutation `name` with `function(asking, **arguments)`, which answers the payload's fields."""

    def keep(function: Answering) -> Answering:
        MUTATIONS[name] = RootField(function, needs)
        return function

    return keep


def worked_out(kind: str, *names: str, needs: tuple[str, ...] = ()) -> Callable[[Answering], Answering]:
    """Answers fields of a type with `function(asking, thing, **arguments)`."""

    def keep(function: Answering) -> Answering:
        for name in names:
            FIELDS[kind, name] = function
            if needs:
                GUARDED[kind, name] = needs
        return function

    return keep


def guarded(kind: str, *names: str, needs: tuple[str, ...]) -> None:
    """These fields of a type need one of these permissions."""
    for name in names:
        GUARDED[kind, name] = needs
