"""`POST /graphql/`: read, check, run, answer. Nothing of a document is run before all of it was checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
)

from marketplace.api.graphql.answers import may_be_given_again
from marketplace.api.graphql.context import Context, context_of
from marketplace.api.graphql.cors import with_cors
from marketplace.api.graphql.documents import documents
from marketplace.api.graphql.errors import DATABASE_BUSY, busy_sentence, formatted, plain
from marketplace.api.graphql.execution import Plans
from marketplace.api.graphql.limits import COST_MAX
from marketplace.api.graphql.limits.bounds import ERRORS_SHOWN_MAX
from marketplace.api.graphql.limits.bulk import is_bulk
from marketplace.api.graphql.rates import COST_OF_ANY_REQUEST, TooManyRequests, client_of, client_of_app, rates
from marketplace.api.graphql.reading import BODY_BYTES_MAX, Asked, Unreadable, read_json, too_large
from marketplace.api.graphql.schema import schema
from marketplace.api.graphql.uploads import check_uploads, read_upload
from marketplace.core.database_time import bounded_database_time
from marketplace.core.middleware import RETRY_AFTER_S

ERRORS_OF_FIELDS_SHOWN_MAX = 50
"""Each field may have one; a list of ten thousand helps nobody."""
OPEN_TO_EXPIRED_TOKENS = frozenset(
    {
        "accountRegister",
        "confirmAccount",
        "requestPasswordReset",
        "setPassword",
        "tokenCreate",
        "tokenRefresh",
        "tokenVerify",
    }
)
"""What does not ask who asks."""


@csrf_exempt  # a token in a header is sent by no form; cookies count for nothing here
def graphql(request: HttpRequest) -> HttpResponse:
    """Answer one GraphQL request as Saleor does: 200 once a document ran, 400 with no `data` before."""
    if request.method == "OPTIONS":
        return with_cors(request, HttpResponse(status=200))
    if request.method != "POST":
        refusal = _errors([plain("Send a GraphQL query by POST, as JSON.", code="GraphQLError")], status=405)
        refusal["Allow"] = "POST, OPTIONS"
        return refusal
    try:
        context = context_of(request)
        rates.admit(_client(context), now=context.now)
        answer = _answer(_read(request, context), context)
    except Unreadable as problem:
        answer = _errors([plain(problem.sentence, code="GraphQLError")], status=problem.status)
    except TooManyRequests as problem:
        answer = _later(plain(str(problem), code="TooManyRequests"), status=429, after_s=problem.retry_after_s)
    return with_cors(request, answer)


def _read(request: HttpRequest, context: Context) -> Asked:
    if request.content_type == "application/json":
        return read_json(request, may_be_bulk=bool(context.actor.vendor_roles))
    if request.content_type == "multipart/form-data":
        return read_upload(request)
    raise Unreadable("Only application/json and multipart/form-data are accepted.")


def _answer(asked: Asked, context: Context) -> HttpResponse:
    hide = not _is_for_developers()
    checked = documents.checked(asked.query, hide_suggestions=hide)
    if checked.document is None:
        return _errors([_with_code(formatted(error), checked.code) for error in checked.errors], status=400)
    if asked.is_large and not is_bulk(checked.document):
        raise too_large(BODY_BYTES_MAX)
    try:
        cost = checked.cost_with(asked.variables)
        check_uploads(checked.document, asked, schema=schema.graphql_schema)
    except GraphQLError as problem:
        return _errors([formatted(problem)], status=400)
    rates.charge(_client(context), cost - COST_OF_ANY_REQUEST, now=context.now)
    with bounded_database_time():
        result = _executed(checked.plans, asked, context, hide_suggestions=hide)
    rates.charge(_client(context), context.conditions.cost, now=context.now)  # known now only: they are variables
    # Where one of several mutations is done, sending all of them again would do it twice.
    sentence = busy_sentence(result.errors)
    if sentence and not any((result.data or {}).values()):
        return _later(plain(sentence, code=DATABASE_BUSY), status=503, after_s=RETRY_AFTER_S)
    answer = _result(result, cost=cost)
    if not result.errors and _only_asks(checked.document):
        may_be_given_again(answer)
    return answer


def _executed(plans: Plans, asked: Asked, context: Context, *, hide_suggestions: bool) -> ExecutionResult:
    """By the document's plan; what comes with an expired token by graphql-core."""
    if context.expired is None:
        return plans.run(
            schema.graphql_schema,
            context=context,
            variables=asked.variables,
            operation_name=asked.operation_name,
            hide_suggestions=hide_suggestions,
        )
    return execute_sync(
        schema.graphql_schema,
        plans.document,
        context_value=context,
        variable_values=asked.variables,
        operation_name=asked.operation_name,
        middleware=[_refuse_expired],
        max_coercion_errors=ERRORS_SHOWN_MAX,
        hide_suggestions=hide_suggestions,
    )


def _only_asks(document: DocumentNode) -> bool:
    operations = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    return all(operation.operation is OperationType.QUERY for operation in operations)


def _client(context: Context) -> str:
    if context.app is not None:
        return client_of_app(context.app.pk)
    return client_of(user_id=context.user.pk if context.user else None, address=context.address)


def _is_for_developers() -> bool:
    """Whether messages may say what else there is: where the market is run to try it out or to build it."""
    return settings.DEBUG or settings.MARKET_DEMO


def _refuse_expired(resolve: Callable[..., Any], root: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """Only for requests with an expired token: each root field says so, as in Saleor, and nothing is done."""
    name = info.field_name
    if info.path.prev is None and not name.startswith("__") and name not in OPEN_TO_EXPIRED_TOKENS:
        raise info.context.expired
    return resolve(root, info, **arguments)


def _result(result: ExecutionResult, *, cost: int) -> HttpResponse:
    answer: dict[str, Any] = {}
    if result.errors:
        answer["errors"] = [formatted(error) for error in result.errors[:ERRORS_OF_FIELDS_SHOWN_MAX]]
    # Variables that do not fit their types are refused before anything ran: there is no data at all then.
    if result.data is None and all(error.path is None for error in result.errors or ()):
        return _json(answer, status=400)
    answer["data"] = result.data
    answer["extensions"] = {"cost": {"requestedQueryCost": cost, "maximumAvailable": COST_MAX}}
    return _json(answer, status=200)


def _errors(errors: list[dict[str, Any]], *, status: int) -> HttpResponse:
    return _json({"errors": errors}, status=status)


def _later(error: dict[str, Any], *, status: int, after_s: int) -> HttpResponse:
    answer = _errors([error], status=status)
    answer["Retry-After"] = str(after_s)
    return answer


def _json(answer: dict[str, Any], *, status: int) -> HttpResponse:
    return JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})


def _with_code(error: dict[str, Any], code: str) -> dict[str, Any]:
    return {**error, "extensions": {"exception": {"code": code}}}
