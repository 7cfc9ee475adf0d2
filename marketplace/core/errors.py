"""The errors a person can cause, mapped once to a status code at the faces.

Every refusal of a service is a subclass of `MarketError`, so that pages, GraphQL, the command line and the
bridge show the same sentence and the same code without knowing the service.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise


class MarketError(Exception):
    """A refusal with a sentence for the person, a code of Saleor's for programs, and the field at fault.

    `message` is Vietnamese and translatable; `code` is one of Saleor's error codes (`INVALID`, `NOT_FOUND`,
    `INSUFFICIENT_STOCK`, …); `field` is the name of the keyword argument at fault, or None.
    """

    code = "INVALID"
    status = 400

    def __init__(
        self,
        message: str | Promise,
        *,
        field: str | None = None,
        code: str | None = None,
        subjects: Sequence[object] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code or type(self).code
        self.subjects = tuple(subjects)
        """Keys of the rows the refusal is about, for example the variants that are sold out."""

    def __str__(self) -> str:
        return str(self.message)


class InvalidInput(MarketError):
    """A value is of the wrong kind, too long, out of range or contradicts another."""


class NotFound(MarketError):
    """There is no such thing, or it is not yours to see: the two are never told apart."""

    code = "NOT_FOUND"
    status = 404


class NotAllowed(MarketError):
    """The person is known and may not do this."""

    code = "PERMISSION_DENIED"
    status = 403


class Conflict(MarketError):
    """The thing is no longer in the state that the request assumed."""

    code = "CONFLICT"
    status = 409


class TooMany(MarketError):
    """A limit of how often or how much was reached; `retry_after_s` says when to come back."""

    code = "TOO_MANY"
    status = 429

    def __init__(self, message: str | Promise, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
