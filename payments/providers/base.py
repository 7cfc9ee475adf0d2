"""What every provider of bank notices offers: is this body theirs, and which transfers does it tell of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from payments.matching import Transfer

SIGNED_AGE_S_MAX: Final = 300
"""A notice signed longer ago, or further ahead, than this is refused: it may be an old one played back."""


class NotItsShape(Exception):
    """An authentic body that is not JSON or lacks what a notice must say."""

    readable: tuple[Reported, ...] = ()
    """The transfers of the body that could be read all the same; the body is refused, they are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """How a feed proves that a body is the provider's: the way, and its valid secrets, the newest first."""

    auth: str
    secrets: tuple[str, ...]
    username: str = ""
    """Only where a name goes with the secret (VietQR.vn)."""
    feed_id: str = ""
    """So that what one feed may do is never taken for another's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One transfer out of a body, cleaned so that the database can keep it."""

    provider_tx_id: str
    """The provider's own id of the transfer; the same id again is the same transfer."""
    transfer: Transfer
    bank_reference: str
    happened_at: datetime
    link_number: int | None = None
    """payOS's orderCode: the payment link that the transfer paid, which says more than any words in it."""
    doubt: str = ""
    """Why a person must look before anything is booked; empty when nothing is odd."""


class PartlyReadable(NotItsShape):
    """Some rows of a body tell of transfers and some cannot be read."""

    def __init__(self, readable: tuple[Reported, ...], *, unreadable: int) -> None:
        super().__init__(f"{unreadable} rows that cannot be read")
        self.readable = readable


class Provider(Protocol):
    """One provider's formats. Pure: no database, no clock."""

    auths: frozenset[str]
    """The values of `Feed.Auth` it can prove itself by."""
    auths_with_given_secret: frozenset[str]
    """Those of them whose secret the provider makes; for the others we make it, and the provider is told."""

    def is_authentic(
        self, body: bytes, headers: Mapping[str, str], *, credentials: Credentials, now: datetime
    ) -> bool:
        """Whether `body`, byte by byte, was sent by who knows a secret. Header names are in lower case."""
        ...

    def read(self, body: bytes, *, now: datetime) -> tuple[Reported, ...]:
        """The transfers of an authentic body. Raises `NotItsShape`, with what can be read where it is several."""
        ...

    def answer(self, reported: Sequence[Reported]) -> Mapping[str, object]:
        """The JSON object that tells the provider that these transfers are kept."""
        ...

    def refusal(self, reason: str, *, message: str) -> Mapping[str, object]:
        """The JSON object that tells the provider that nothing was taken: a fixed word and a sentence."""
        ...


class PlainAnswers:
    """The answers that most providers understand."""

    def answer(self, reported: Sequence[Reported]) -> Mapping[str, object]:
        """What counts as received; anything else is sent again."""
        return {"success": True}

    def refusal(self, reason: str, *, message: str) -> Mapping[str, object]:
        """Not received, and why, for the provider's log."""
        return {"success": False, "reason": reason}
