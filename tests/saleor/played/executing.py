"""Validating a document against Saleor's schema and executing it, as a request and as a webhook's subscription."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSyntaxError,
    execute,
    get_operation_ast,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values

from tests.saleor.played.registry import Asking, Died
from tests.saleor.played.resolving import resolve_field, resolve_type
from tests.saleor.played.schema import schema
from tests.saleor.played.world import Thing, World

DOCUMENTS_KEPT = 256


@dataclass
class Invalid(Exception):
    """A document or its variables do not fit Saleor's schema."""

    errors: list[Mapping[str, Any]] = field(default_factory=list)

    def __str__(self) -> str:
        return "; ".join(str(error["message"]) for error in self.errors)


@lru_cache(DOCUMENTS_KEPT)
def document_of(text: str) -> DocumentNode:
    """The parsed and valid document. Raises `Invalid`."""
    try:
        document = parse(text)
    except GraphQLSyntaxError as error:
        raise Invalid([_shown(error, "GraphQLSyntaxError")]) from error
    if errors := validate(schema(), document):
        raise Invalid([_shown(error, "GraphQLError") for error in errors])
    return document


def ask(asking: Asking, text: str, *, operation_name: str | None, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a query or mutation, as Saleor shows it. Raises `Invalid`, and `Died`."""
    document = document_of(text)
    operation = get_operation_ast(document, operation_name)
    if operation is None:
        raise Invalid([{"message": f"no operation {operation_name!r}"}])
    values = get_variable_values(schema(), list(operation.variable_definitions), dict(variables))
    if isinstance(values, list):
        raise Invalid([_shown(error, "GraphQLError") for error in values])
    surplus = set(variables) - {one.variable.name.value for one in operation.variable_definitions}
    if surplus:
        asking.world.faults.append(f"variables that {operation_name} does not know: {sorted(surplus)}")
    result = _executed(asking, document, root=None, operation_name=operation_name, variables=variables)
    for error in result.errors or ():
        _note(asking.world, error)
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = [_shown(error, _code(error)) for error in result.errors]
    return answer


def body_of_event(asking: Asking, text: str, event: Thing) -> dict[str, Any]:
    """The body of a webhook: the subscription's result under `event`, with `errors` beside it where there are any."""
    result = _executed(asking, document_of(text), root={"event": event}, operation_name=None, variables={})
    for error in result.errors or ():
        _note(asking.world, error)
    body: dict[str, Any] = dict((result.data or {}).get("event") or {})
    if result.errors:
        body["errors"] = [_shown(error, _code(error)) for error in result.errors]
    return body


def _executed(
    asking: Asking,
    document: DocumentNode,
    *,
    root: Any,
    operation_name: str | None,
    variables: Mapping[str, Any],
) -> ExecutionResult:
    with asking.world.lock:
        result = execute(
            schema(),
            document,
            root_value=root,
            context_value=asking,
            variable_values=dict(variables),
            operation_name=operation_name,
            field_resolver=resolve_field,
            type_resolver=resolve_type,
        )
    assert isinstance(result, ExecutionResult)
    for error in result.errors or ():
        if isinstance(error.original_error, Died):
            raise error.original_error
    return result


def _code(error: GraphQLError) -> str:
    told = (error.extensions or {}).get("exception") or {}
    return str(told.get("code") or type(error.original_error or error).__name__)


def _note(world: World, error: GraphQLError) -> None:
    """What Saleor itself would answer is Saleor's word; anything else is a fault of the test or of the play."""
    if not (error.extensions or {}).get("exception") and not isinstance(error.original_error, GraphQLError):
        where = ".".join(str(step) for step in error.path or ())
        world.faults.append(f"{type(error.original_error).__name__} at {where}: {error.message}")


def _shown(error: GraphQLError, code: str) -> dict[str, Any]:
    return {
        "message": error.message,
        "locations": [{"line": one.line, "column": one.column} for one in error.locations or ()],
        "path": error.path,
        "extensions": {"exception": {"code": code}},
    }
