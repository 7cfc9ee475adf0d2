"""What banks, wallets and payers do to a memo on its way, played back for the pretend-bank and the tests.

The shapes are those of contents seen in public repositories; every number in them is made up, and there are
no names. A code put through any of them must be found again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput


class UnknownMangling(InvalidInput):
    """There is no mangling of this name; `MANGLINGS` holds those there are."""


def mangle(name: str, code: str, *, seed: int = 0) -> str:
    """The content a bank would report for a memo of `code`, by the mangling `name`.

    The same `seed` gives the same content. Raises UnknownMangling.
    """
    try:
        mangling = MANGLINGS[name]
    except KeyError:
        raise UnknownMangling(_("Không có kiểu nội dung chuyển khoản này."), field="mangle") from None
    return mangling(code, random.Random(f"{name}/{seed}"))  # noqa: S311 - made-up references, nothing secret


def _digits(source: random.Random, count: int) -> str:
    return "".join(source.choice("0123456789") for _place in range(count))


def _broken(code: str, source: random.Random, *, by: str) -> str:
    """`code` with `by` put in at one place inside."""
    at = source.randrange(1, max(len(code), 2))
    return code[:at] + by + code[at:]


def _as_is(code: str, source: random.Random) -> str:
    return code


def _lower_case(code: str, source: random.Random) -> str:
    return code.lower()


def _vietcombank(code: str, source: random.Random) -> str:
    reference = f"MBVCB.{_digits(source, 10)}.{_digits(source, 6)}"
    return f"{reference}.{code}.CT tu {_digits(source, 10)} toi {_digits(source, 13)}"


def _napas(code: str, source: random.Random) -> str:
    return f"{_digits(source, 6)}.{_digits(source, 6)}.{_digits(source, 6)}.{code}"


def _momo(code: str, source: random.Random) -> str:
    wallet = f"OQCH000{_digits(source, 5)}-MOMO{_digits(source, 12)}MOMO"
    return f"{_digits(source, 12)}-{code}-CHUYEN TIEN-{wallet}"


def _mb_trace(code: str, source: random.Random) -> str:
    trace = _digits(source, 6)
    return f"{code}   Ma giao dich  Trace{trace} Trace {trace}"


def _mb_wrapped(code: str, source: random.Random) -> str:
    """MB breaks the line where it is full, in the middle of a word."""
    trace = _digits(source, 6)
    wrapped = _broken(code, source, by="   ")
    return f"CUSTOMER QR   {wrapped}   Ma giao dich  Trace{trace[:1]} {trace[1:]} Trace {trace}"


def _acb(code: str, source: random.Random) -> str:
    """ACB glues "QR" on in front."""
    return f"QR{code}- Ma GD ACSP/ {_digits(source, 8)} NG CHUYEN:CUSTOMER"


def _no_spaces(code: str, source: random.Random) -> str:
    return f"CHUYENTIENCHO{code}MUAHANG"


def _space_inside(code: str, source: random.Random) -> str:
    return f"CHUYEN TIEN {_broken(code, source, by=' ')}"


def _dashes(code: str, source: random.Random) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _digits_glued_before(code: str, source: random.Random) -> str:
    return _digits(source, 12) + code


def _digits_glued_after(code: str, source: random.Random) -> str:
    return code + _digits(source, 12)


def _payers_words(code: str, source: random.Random) -> str:
    return f"Chuyển tiền đặt mua mật ong {code} giao cho em chiều nay nhé"


MANGLINGS: Final[Mapping[str, Callable[[str, random.Random], str]]] = {
    "as_is": _as_is,
    "lower_case": _lower_case,
    "vietcombank": _vietcombank,
    "napas": _napas,
    "momo": _momo,
    "mb_trace": _mb_trace,
    "mb_wrapped": _mb_wrapped,
    "acb": _acb,
    "no_spaces": _no_spaces,
    "space_inside": _space_inside,
    "dashes": _dashes,
    "digits_glued_before": _digits_glued_before,
    "digits_glued_after": _digits_glued_after,
    "payers_words": _payers_words,
}
"""The manglings by their names, as `market pay --mangle` takes them."""
