"""`POST /graphql/`: read, check, run, answer. Nothing of a document is run before all of it was checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    execute_sync,
    parse,
    validate,
)

from marketplace.api.graphql.context import Context, context_of
from marketplace.api.graphql.errors import database_is_busy, formatted, plain
from marketplace.api.graphql.limits import COST_MAX, TOKENS_MAX, check_document, check_repeats, check_texts
from marketplace.api.graphql.reading import Asked, Unreadable, read_request
from marketplace.api.graphql.schema import schema
from marketplace.core.middleware import busy

DOCUMENTS_KEPT = 64  # of half a MiB at most
ERRORS_SHOWN_MAX = 5
ALLOWED_HEADERS = "Origin, Content-Type, Accept, Authorization, Authorization-Bearer, X-Age-Declared, Idempotency-Key"
PREFLIGHT_KEPT_S = 600
OPEN_TO_EXPIRED_TOKENS = frozenset({"tokenCreate"})


@dataclass(frozen=True)
class Checked:
    """A document that was read once: either it may be run, or these are its faults."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    code: str = "GraphQLError"


@csrf_exempt  # a token in a header is sent by no form; cookies count for nothing here
def graphql(request: HttpRequest) -> HttpResponse:
    """Answer one GraphQL request as Saleor does: 200 once a document ran, 400 with no `data` before."""
    if request.method == "OPTIONS":
        return _with_cors(request, HttpResponse(status=200))
    if request.method != "POST":
        refusal = _errors([plain("Send a GraphQL query by POST, as JSON.", code="GraphQLError")], status=405)
        refusal["Allow"] = "POST, OPTIONS"
        return refusal
    try:
        answer = _answer(read_request(request), context_of(request))
    except Unreadable as problem:
        answer = _errors([plain(problem.sentence, code="GraphQLError")], status=problem.status)
    return _with_cors(request, answer)


def _answer(asked: Asked, context: Context) -> HttpResponse:
    checked = _checked(asked.query)
    if checked.document is None:
        return _errors([_with_code(formatted(error), checked.code) for error in checked.errors], status=400)
    try:
        cost = check_document(checked.document, asked.variables)
    except GraphQLError as problem:
        return _errors([formatted(problem)], status=400)
    result = execute_sync(
        schema.graphql_schema,
        checked.document,
        context_value=context,
        variable_values=asked.variables,
        operation_name=asked.operation_name,
        middleware=[_refuse_expired] if context.expired is not None else None,
    )
    # Where one of several mutations is done, sending all of them again would do it twice.
    if database_is_busy(result.errors) and not any((result.data or {}).values()):
        return busy()
    return _result(result, cost=cost)


@lru_cache(maxsize=DOCUMENTS_KEPT)
def _checked(query: str) -> Checked:
    try:
        document = parse(query, max_tokens=TOKENS_MAX)
    except GraphQLError as problem:
        return Checked(None, (problem,), "GraphQLSyntaxError")
    except RecursionError:
        return Checked(None, (GraphQLError("The query is nested too deeply."),))
    try:
        check_texts(document)
        check_repeats(document)
        check_document(document, None)  # before the standard rules, whose work grows with nesting
    except GraphQLError as problem:
        return Checked(None, (problem,))
    errors = validate(schema.graphql_schema, document, max_errors=ERRORS_SHOWN_MAX)
    return Checked(None if errors else document, tuple(errors))


def _refuse_expired(resolve: Callable[..., Any], root: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """Only for requests with an expired token: each root field says so, as in Saleor, and nothing is done."""
    name = info.field_name
    if info.path.prev is None and not name.startswith("__") and name not in OPEN_TO_EXPIRED_TOKENS:
        raise info.context.expired
    return resolve(root, info, **arguments)


def _result(result: ExecutionResult, *, cost: int) -> HttpResponse:
    answer: dict[str, Any] = {}
    if result.errors:
        answer["errors"] = [formatted(error) for error in result.errors]
    # Variables that do not fit their types are refused before anything ran: there is no data at all then.
    if result.data is None and all(error.path is None for error in result.errors or ()):
        return _json(answer, status=400)
    answer["data"] = result.data
    answer["extensions"] = {"cost": {"requestedQueryCost": cost, "maximumAvailable": COST_MAX}}
    return _json(answer, status=200)


def _errors(errors: list[dict[str, Any]], *, status: int) -> HttpResponse:
    return _json({"errors": errors}, status=status)


def _json(answer: dict[str, Any], *, status: int) -> HttpResponse:
    return JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})


def _with_code(error: dict[str, Any], code: str) -> dict[str, Any]:
    return {**error, "extensions": {"exception": {"code": code}}}


def _with_cors(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    origin = request.headers.get("Origin")
    if origin:
        answer["Access-Control-Allow-Origin"] = origin
        answer["Access-Control-Allow-Credentials"] = "true"  # Saleor's clients ask for it; no cookie is read here
        answer["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
        answer["Access-Control-Allow-Methods"] = "POST, OPTIONS"
        answer["Access-Control-Max-Age"] = str(PREFLIGHT_KEPT_S)
        patch_vary_headers(answer, ["Origin"])
    return answer
