"""A commune's villages: its staff list them, rename them, and end them. Who is in a village, upper features know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketplace.core.text import BadText, clean_line, clean_text, fold, name_sort_key
from marketplace.places.models import VILLAGE_NAME_CHARACTERS_MAX, Commune, Village

VILLAGES_A_COMMUNE_MAX = 200
VILLAGES_SHOWN_MAX = 2 * VILLAGES_A_COMMUNE_MAX
LINE_CHARACTERS_MAX = VILLAGE_NAME_CHARACTERS_MAX + 20
NAMES_CHARACTERS_MAX = VILLAGES_A_COMMUNE_MAX * 60
ID_MAX = 2**63 - 1
_NUMBER_DIGITS = 5
"""To how many digits numbers in names are filled up for sorting: Thôn 2 before Thôn 10."""

_LIST_MARK = re.compile(r"(?:\d{1,3}[.)]|[-–•*+])\s+")
"""What a line of a pasted list may begin with: "1. Thôn Bản Giốc", "- Thôn Bản Giốc"."""
_NUMBER = re.compile(r"\d+")


class VillageTaken(Conflict):
    """The commune has a village of this name already."""

    code = "UNIQUE"


class TooManyVillages(InvalidInput):
    """More than a commune can have."""


class VillageEnded(Conflict):
    """The village was merged or closed meanwhile."""


@dataclass(frozen=True)
class VillagesAdded:
    """What came of a list of names: how many are new or in use again, and how many were there already."""

    added: int
    known: int


@dataclass(frozen=True)
class VillageName:
    """A village's kind and its name without the kind."""

    kind: str
    name: str

    @property
    def folded(self) -> str:
        """The fold of the whole name, by which a commune knows it."""
        return fold(f"{Village.Kind(self.kind).label} {self.name}")

    @property
    def sort_key(self) -> str:
        """Of the name without its kind, as for communes; numbers by their size."""
        return name_sort_key(_NUMBER.sub(lambda number: number[0].zfill(_NUMBER_DIGITS), self.name))


def read_village_name(text: str, *, kind: str, field: str | None = None, is_sure: bool = False) -> VillageName:
    """A line as people write it: "Thôn Bản Giốc", "TDP 5", "1. Bản Gun". Without a kind of its own it gets `kind`.

    With `is_sure` the kind is `kind` whatever the line says: "Bản Giốc" may be the name of a thôn. Raises
    `InvalidInput` subclasses that name `field`.
    """
    if kind not in Village.Kind.values:
        raise InvalidInput(_("Bạn chọn thôn, xóm, bản hay tổ dân phố."), field="kind")
    line = _LIST_MARK.sub("", clean_line(text, characters_max=LINE_CHARACTERS_MAX, field=field), count=1)
    for value, words in _KIND_WORDS:
        begins = len(words) + 1
        if line[:begins].lower() == f"{words} " and (value == kind or not is_sure):
            kind, line = value, line[begins:]
            break
    # Measured as it is kept: one small letter may be two capitals.
    capital = line[:1].upper() + line[1:]
    name = clean_line(capital, characters_max=VILLAGE_NAME_CHARACTERS_MAX, field=field, required=True)
    if not fold(name):
        raise BadText(_("Tên thôn, xóm cần có chữ hoặc số."), field=field)
    return VillageName(kind, name)


_KIND_WORDS = (
    *((kind.value, kind.label.lower()) for kind in Village.Kind),
    ("to_dan_pho", "tdp"),
    ("khu_pho", "kp"),
)


def add_villages(*, actor: Actor, commune: Commune, names: str, kind: str, now: datetime) -> VillagesAdded:
    """Take a list of names, one a line, into the commune's list; `kind` is for lines that say none.

    A name that was there stays as it is; one that was merged or closed is in use again, without its shops of then.
    A number of statements that does not grow. Raises `NotAllowed`, `TooManyVillages`, `InvalidInput` subclasses that
    name `names` or `kind`.
    """
    refuse_strangers(actor, commune)
    text = clean_text(names, characters_max=NAMES_CHARACTERS_MAX, field="names", required=True)
    wanted = _read_all(text, kind=kind)
    with transaction.atomic():
        Commune.objects.select_for_update().get(pk=commune.pk)
        known = {village.folded: village for village in Village.objects.filter(commune=commune)}
        active = sum(village.is_active for village in known.values())
        new = [_made(name, commune, now=now) for folded, name in wanted.items() if folded not in known]
        back = [known[folded] for folded in wanted if folded in known and not known[folded].is_active]
        if active + len(new) + len(back) > VILLAGES_A_COMMUNE_MAX:
            raise _too_many()
        Village.objects.bulk_create(new)
        ids = [village.pk for village in back]
        Village.objects.filter(pk__in=ids).update(state=Village.State.ACTIVE, merged_into=None)
        record_villages("village.added", new, actor=actor, now=now)
        record_villages("village.reopened", back, actor=actor, now=now)
    return VillagesAdded(added=len(new) + len(back), known=len(wanted) - len(new) - len(back))


def _read_all(text: str, *, kind: str) -> dict[str, VillageName]:
    lines = [line for line in text.split("\n") if line]
    if len(lines) > VILLAGES_A_COMMUNE_MAX:
        raise _too_many()
    read = (read_village_name(line, kind=kind, field="names") for line in lines)
    return {name.folded: name for name in read}


def _made(name: VillageName, commune: Commune, *, now: datetime) -> Village:
    return Village(
        commune=commune, kind=name.kind, name=name.name, folded=name.folded, sort_key=name.sort_key, made_at=now
    )


def _too_many() -> TooManyVillages:
    sentence = _("Mỗi xã, phường có nhiều nhất {count} thôn, xóm.")
    return TooManyVillages(format_lazy(sentence, count=VILLAGES_A_COMMUNE_MAX), field="names")


def rename_village(*, actor: Actor, village_id: int, name: str, kind: str, now: datetime) -> Village:
    """Call a village otherwise; its shops stay in it. Raises `NotFound`, `VillageTaken`, `VillageEnded`,
    `InvalidInput` subclasses that name `name` or `kind`."""
    wanted = read_village_name(name, kind=kind, field="name", is_sure=True)
    with transaction.atomic():
        if 0 < village_id <= ID_MAX:  # the commune first, as who adds names does: two of one name never meet
            list(Commune.objects.select_for_update().filter(villages=village_id))
        (village,) = locked_villages(actor=actor, ids=[village_id])
        require_active(village)
        others = Village.objects.filter(commune_id=village.commune_id, folded=wanted.folded).exclude(pk=village.pk)
        if others.exists():
            raise VillageTaken(_("Xã đã có thôn, xóm tên này. Bạn gộp hai nơi làm một."), field="name")
        village.kind, village.name = wanted.kind, wanted.name
        village.folded, village.sort_key = wanted.folded, wanted.sort_key
        village.save(update_fields=["kind", "name", "folded", "sort_key"])
        record_villages("village.renamed", [village], actor=actor, now=now)
    return village


def end_village(village: Village, *, actor: Actor, into: Village | None, now: datetime, shops: int = 0) -> None:
    """Take a village that is locked out of use: merged into another one, or closed. Its shops, `shops` of them, are
    gone already: to see to that is the caller's."""
    village.state = Village.State.CLOSED if into is None else Village.State.MERGED
    village.merged_into = into
    village.save(update_fields=["state", "merged_into"])
    kind, more = ("village.closed", {}) if into is None else ("village.merged", {"into": into.pk, "shops": shops})
    record_villages(kind, [village], actor=actor, now=now, more=more)


def locked_villages(*, actor: Actor, ids: Sequence[int]) -> list[Village]:
    """The villages with these keys, locked in the order of their keys, given in the order asked for.

    Raises `NotFound` for one that is not there or is not of a commune the actor administers.
    """
    asked = [number for number in ids if 0 < number <= ID_MAX]
    rows = {row.pk: row for row in Village.objects.select_for_update().filter(pk__in=asked).order_by("pk")}
    if any(number not in rows or not actor.may_administer_commune(rows[number].commune_id) for number in ids):
        raise village_not_found()
    return [rows[number] for number in ids]


def require_active(village: Village) -> None:
    """Raises `VillageEnded` for a village out of use."""
    if not village.is_active:
        raise VillageEnded(_("Thôn, xóm này đã gộp hoặc đã đóng."))


def refuse_strangers(actor: Actor, commune: Commune) -> None:
    """Raises `NotAllowed` for who does not administer the commune."""
    if not actor.may_administer_commune(commune.pk):
        raise NotAllowed(_("Chỉ cán bộ của xã, phường này mới làm được việc này."))


def village_not_found() -> NotFound:
    """What strangers are told too."""
    return NotFound(_("Không có thôn, xóm này."))


def record_villages(
    kind: str, villages: Iterable[Village], *, actor: Actor, now: datetime, more: dict[str, int] | None = None
) -> None:
    """Write an event for each of the villages: its commune and `more`."""
    entries = [
        journal.Entry(
            kind=kind,
            aggregate_type="village",
            aggregate_id=village.pk,
            data={"commune": village.commune_id, **(more or {})},
        )
        for village in villages
    ]
    if entries:
        journal.record_all(entries, actor=actor, now=now)


def villages_of(commune_codes: Iterable[str]) -> list[Village]:
    """The villages in use of these communes, by name, at most `VILLAGES_SHOWN_MAX`; one statement."""
    rows = Village.objects.filter(commune__in=list(commune_codes), state=Village.State.ACTIVE)
    return list(rows.order_by("sort_key", "pk")[:VILLAGES_SHOWN_MAX])


def get_village(*, actor: Actor, village_id: int) -> Village:
    """A village of a commune that the actor administers, with its commune. Raises `NotFound`."""
    villages = Village.objects.select_related("commune__province", "merged_into")
    village = villages.filter(pk=village_id).first() if 0 < village_id <= ID_MAX else None
    if village is None or not actor.may_administer_commune(village.commune_id):
        raise village_not_found()
    return village
