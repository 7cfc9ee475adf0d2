"""The id of a statement's line: the same line read again has the same id, two honest equal lines have two. Pure.

A line has no number of its own in most files. Its id is a hash of all that tells it from others (account, day, time
if given, amount, bank's reference, words) and its place among the equal lines of its file: a multiset, so that the
order of lines and files that overlap change nothing. Where the bank gives no reference but a running balance, the
balance tells equal lines apart as well, which a multiset alone cannot when each of two files holds only one of them.
Decision 0011 says what this cannot do.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from payments.statements.lines import StatementLine

_KEY_HEX: Final = 48
"""192 bits: two different lines never meet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """A line with its id."""

    line: StatementLine
    tx_id: str
    is_known: bool
    """Whether a line with this id was taken before."""
    may_be_known: bool
    """Whether an equal line was taken before whose running balance was another one, and this file does not show
    that they are two: the bank may have reordered the day, or it is one more transfer. A person looks."""


def identify(account: str, lines: Sequence[StatementLine], *, known: Collection[str] = ()) -> tuple[Identified, ...]:
    """Every line with its id, in the order of the file; `known` are ids that were taken from this source before."""
    known_ids = known if isinstance(known, set | frozenset) else frozenset(known)
    ids = ids_of(account, lines)
    kept_by_key: defaultdict[str, set[str]] = defaultdict(set)
    for one in known_ids:
        kept_by_key[key_of(one)].add(one)
    here = set(ids)
    return tuple(
        Identified(
            line=line,
            tx_id=tx_id,
            is_known=tx_id in known_ids,
            may_be_known=_may_be_known(tx_id, kept=kept_by_key.get(key_of(tx_id), set()), here=here),
        )
        for line, tx_id in zip(lines, ids, strict=True)
    )


def ids_of(account: str, lines: Iterable[StatementLine]) -> list[str]:
    """The ids of a file's lines, in their order; at most some 80 characters each."""
    seen: Counter[str] = Counter()
    ids = []
    for line in lines:
        equal = f"{_key(account, line)}{_balance(line)}"
        ids.append(f"{equal}.{seen[equal]}")
        seen[equal] += 1
    return ids


def key_of(tx_id: str) -> str:
    """The part of an id that equal lines share, whatever their running balance."""
    return tx_id[:_KEY_HEX]


def _key(account: str, line: StatementLine) -> str:
    """What tells a line from others, hashed. Blanks and capitals of the words do not count: exports differ there."""
    told = [
        account,
        line.happened_at.date().isoformat(),
        line.happened_at.time().isoformat() if line.has_time else "",
        line.amount_vnd,
        "".join(line.bank_reference.split()).upper(),
        "".join(line.content.split()).upper(),
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()[:_KEY_HEX]


def _balance(line: StatementLine) -> str:
    """The running balance, only where the bank gives no reference: banks reorder a day, references stay."""
    return "" if line.bank_reference or line.balance_vnd is None else f".b{line.balance_vnd}"


def _may_be_known(tx_id: str, *, kept: set[str], here: set[str]) -> bool:
    # If any equal line that was taken before stands in this file with its old balance, balances did not move, and
    # the others of this file are further transfers.
    return bool(kept) and tx_id not in kept and ".b" in tx_id and not kept & here
