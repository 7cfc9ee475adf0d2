"""Errors as Saleor shows them: `{message, locations, path, extensions: {exception: {code}}}`."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from graphql import GraphQLError

from marketplace.core.database_time import took_too_long
from marketplace.core.errors import MarketError, NotAllowed
from marketplace.core.middleware import is_busy

BUSY_SENTENCE = "The server is busy: nothing of this field was done. Try again in a few seconds."
SLOW_SENTENCE = "This took too long: nothing of this field was done. Ask for less."
DATABASE_BUSY = "DatabaseBusy"
MESSAGE_CHARACTERS_MAX = 1000
log = logging.getLogger("market.graphql")


def formatted(error: GraphQLError) -> dict[str, Any]:
    """One error as the client sees it.

    Ours are told in full; anything unexpected is masked, with an id that stands in the log too.
    """
    cause = error.original_error
    if is_busy(cause):
        return _shape(error, _sentence_of_trouble(cause), DATABASE_BUSY)
    if isinstance(cause, MarketError):
        return _shape(error, str(cause), code_of(cause))
    if cause is None or isinstance(cause, GraphQLError):
        return _shape(error, error.message, "GraphQLError")
    incident = secrets.token_hex(6)
    log.error("incident %s in a GraphQL request", incident, exc_info=cause)
    return _shape(error, f"Internal Server Error ({incident})", "InternalServerError")


def code_of(error: MarketError) -> str:
    """Saleor's code of an error that stands beside the data."""
    return "PermissionDenied" if isinstance(error, NotAllowed) else error.code


def plain(message: str, *, code: str) -> dict[str, Any]:
    """An error about the request as a whole, with no place in a document."""
    return {"message": message, "extensions": {"exception": {"code": code}}}


def busy_sentence(errors: list[GraphQLError] | None) -> str | None:
    """What to say where one of the errors is the database's: busy, away, or given up on a question."""
    troubles = [error.original_error for error in errors or () if is_busy(error.original_error)]
    return _sentence_of_trouble(troubles[0]) if troubles else None


def _sentence_of_trouble(cause: Exception | None) -> str:
    return SLOW_SENTENCE if took_too_long(cause) else BUSY_SENTENCE


def _shape(error: GraphQLError, message: str, code: str) -> dict[str, Any]:
    shape: dict[str, Any] = {"message": message[:MESSAGE_CHARACTERS_MAX]}
    if error.locations:
        shape["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        shape["path"] = error.path
    return {**shape, "extensions": {"exception": {"code": code}}}
