"""A commune keeps the list of its villages itself: adds one or many, renames them, knows each by one name."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from marketplace.core.actors import ANONYMOUS, Actor
from marketplace.core.errors import InvalidInput, NotAllowed, NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.text import BadText
from marketplace.places.models import VILLAGE_NAME_CHARACTERS_MAX, Commune, Village
from marketplace.places.villages import (
    VILLAGES_A_COMMUNE_MAX,
    TooManyVillages,
    VillageEnded,
    VillagesAdded,
    VillageTaken,
    add_villages,
    end_village,
    read_village_name,
    rename_village,
    villages_of,
)
from tests.places.conftest import QueryCounter

pytestmark = pytest.mark.django_db

STAFF = Actor(user_id=7, commune_codes=frozenset({"07795"}))
ELSEWHERE = Actor(user_id=8, commune_codes=frozenset({"01699"}))


def added(commune: Commune, names: str, *, now: datetime, kind: str = "thon") -> VillagesAdded:
    return add_villages(actor=STAFF, commune=commune, names=names, kind=kind, now=now)


def labels(code: str = "07795") -> list[str]:
    return [village.label for village in villages_of([code])]


@pytest.mark.parametrize(
    ("line", "kind", "label"),
    [
        ("Thôn Bản Giốc", "xom", "Thôn Bản Giốc"),
        ("  thôn   bản giốc ", "xom", "Thôn Bản giốc"),
        ("Bản Gun", "thon", "Bản Gun"),
        ("Đồng Tâm", "xom", "Xóm Đồng Tâm"),
        ("TDP 5", "thon", "Tổ dân phố 5"),
        ("TỔ DÂN PHỐ 5", "thon", "Tổ dân phố 5"),
        ("5", "to_dan_pho", "Tổ dân phố 5"),
        ("3. Khu phố 3A", "thon", "Khu phố 3A"),
        ("- Lũng Phiắc", "ban", "Bản Lũng Phiắc"),
        ("Thôn", "xom", "Xóm Thôn"),
    ],
)
def test_a_line_is_read_as_people_write_it(line: str, kind: str, label: str) -> None:
    name = read_village_name(line, kind=kind)

    assert Village(kind=name.kind, name=name.name).label == label


@pytest.mark.parametrize(("line", "kind"), [("", "thon"), ("…", "thon"), ("a" * 61, "thon"), ("Giốc", "huyen")])
def test_a_line_that_names_nothing_is_refused(line: str, kind: str) -> None:
    with pytest.raises(InvalidInput):
        read_village_name(line, kind=kind)


def test_many_lines_are_added_at_once_and_stand_by_name_with_numbers_by_size(
    nenh: Commune, now: datetime, count_queries: QueryCounter
) -> None:
    with count_queries() as few:
        added(nenh, "Yên Ninh", now=now)

    with count_queries() as many:
        result = added(nenh, "TDP 10\nTDP 2\n\nThôn Đông\r\nThôn Ân\nYên Ninh\nthôn yên ninh", now=now)

    assert result == VillagesAdded(added=4, known=1)
    assert labels() == ["Tổ dân phố 2", "Tổ dân phố 10", "Thôn Ân", "Thôn Đông", "Thôn Yên Ninh"]
    assert len(many) == len(few)
    events = JournalEvent.objects.filter(kind="village.added")
    assert (events.count(), {event.actor_id for event in events}) == (5, {7})
    assert all(event.data == {"commune": "07795"} for event in events)


def test_villages_of_one_name_and_two_kinds_are_two_and_communes_do_not_share(nenh: Commune, now: datetime) -> None:
    other = Commune.objects.get(pk="01699")
    add_villages(actor=ELSEWHERE, commune=other, names="Thôn 1", kind="thon", now=now)

    added(nenh, "Thôn 1\nTổ dân phố 1", now=now)

    assert labels() == ["Thôn 1", "Tổ dân phố 1"]
    assert labels("01699") == ["Thôn 1"]


@pytest.mark.parametrize(
    "actor",
    [
        ANONYMOUS,
        ELSEWHERE,
        Actor(user_id=8, province_codes=frozenset({"24"})),
        Actor(agent_commune_codes=frozenset({"07795"})),
    ],
    ids=["nobody", "staff of another commune", "staff of the province", "agent"],
)
def test_others_add_and_rename_nothing(actor: Actor, nenh: Commune, now: datetime) -> None:
    added(nenh, "Thôn Đông", now=now)
    village = Village.objects.get()

    with pytest.raises(NotAllowed):
        add_villages(actor=actor, commune=nenh, names="Thôn Tây", kind="thon", now=now)
    with pytest.raises(NotFound):
        rename_village(actor=actor, village_id=village.pk, name="Tây", kind="thon", now=now)

    assert labels() == ["Thôn Đông"]
    assert JournalEvent.objects.count() == 1


def test_one_bad_line_leaves_the_whole_list_out(nenh: Commune, now: datetime) -> None:
    for names in ("", "Thôn Đông\n…", "Thôn Đông\n" + "a" * 90, "\u202e"):
        with pytest.raises(BadText) as refused:
            added(nenh, names, now=now)
        assert refused.value.field == "names"
    assert not Village.objects.exists()


def test_a_commune_has_a_bounded_number_of_villages(nenh: Commune, now: datetime) -> None:
    added(nenh, "\n".join(str(number) for number in range(VILLAGES_A_COMMUNE_MAX)), now=now)

    with pytest.raises(TooManyVillages):
        added(nenh, "Đông", now=now)
    with pytest.raises(TooManyVillages):
        added(nenh, "\n".join("a" for _ in range(VILLAGES_A_COMMUNE_MAX + 1)), now=now)

    assert Village.objects.count() == VILLAGES_A_COMMUNE_MAX
    assert added(nenh, "199\n0", now=now) == VillagesAdded(added=0, known=2)


def test_the_control_a_list_of_the_limit_is_taken(nenh: Commune, now: datetime) -> None:
    names = "\n".join(str(number) for number in range(VILLAGES_A_COMMUNE_MAX))
    assert added(nenh, names, now=now).added == VILLAGES_A_COMMUNE_MAX


def test_a_village_is_renamed_unless_another_has_the_name(nenh: Commune, now: datetime) -> None:
    added(nenh, "Thôn Đông\nThôn Tây", now=now)
    east = Village.objects.get(name="Đông")

    renamed = rename_village(actor=STAFF, village_id=east.pk, name="Khu phố Đông Mới", kind="khu_pho", now=now)
    with pytest.raises(VillageTaken):
        rename_village(actor=STAFF, village_id=east.pk, name="thôn tây", kind="thon", now=now)

    assert (renamed.label, renamed.folded) == ("Khu phố Đông Mới", "khu pho dong moi")
    assert labels() == ["Khu phố Đông Mới", "Thôn Tây"]
    assert JournalEvent.objects.filter(kind="village.renamed").count() == 1
    assert (
        rename_village(actor=STAFF, village_id=east.pk, name="Đông mới", kind="khu_pho", now=now).name == "Đông mới"
    )


def test_a_name_that_begins_like_a_kind_stays_whole_when_the_kind_was_chosen(nenh: Commune, now: datetime) -> None:
    added(nenh, "Thôn Bản Giốc", now=now)
    village = Village.objects.get()

    same = rename_village(actor=STAFF, village_id=village.pk, name=village.name, kind=village.kind, now=now)

    assert same.label == "Thôn Bản Giốc"


def test_a_village_out_of_use_is_brought_back_by_its_name_and_not_renamed(nenh: Commune, now: datetime) -> None:
    added(nenh, "Thôn Đông\nThôn Tây", now=now)
    east, west = Village.objects.get(name="Đông"), Village.objects.get(name="Tây")
    with transaction.atomic():
        end_village(east, actor=STAFF, into=west, now=now)

    with pytest.raises(VillageEnded):
        rename_village(actor=STAFF, village_id=east.pk, name="Nam", kind="thon", now=now)
    assert labels() == [west.label]
    assert added(nenh, f"{east.label}\n{west.label}", now=now) == VillagesAdded(added=1, known=1)
    assert Village.objects.get(pk=east.pk).merged_into is None
    assert JournalEvent.objects.filter(kind="village.reopened").count() == 1


@pytest.mark.parametrize("number", [0, -1, 2**63, 10**30])
def test_a_number_that_is_no_village_finds_none(number: int, nenh: Commune, now: datetime) -> None:
    with pytest.raises(NotFound):
        rename_village(actor=STAFF, village_id=number, name="Nam", kind="thon", now=now)


def test_the_database_itself_keeps_one_of_a_name_and_what_was_merged(nenh: Commune, now: datetime) -> None:
    added(nenh, "Thôn Đông", now=now)
    village = Village.objects.get()

    for wrong in ({"state": "merged"}, {"state": "merged", "merged_into": village}, {"merged_into": village}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Village.objects.filter(pk=village.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Village.objects.create(commune=nenh, kind="thon", name="Dong", folded="thon dong", sort_key="1", made_at=now)


@pytest.mark.parametrize("first", ["ß", "ﬃ"])
def test_a_name_is_measured_with_its_capital_which_may_be_longer(nenh: Commune, now: datetime, first: str) -> None:
    longest = VILLAGE_NAME_CHARACTERS_MAX

    with pytest.raises(BadText):
        added(nenh, first + "a" * (longest - 1), now=now)
    added(nenh, first + "a" * (longest - 3), now=now)

    assert len(Village.objects.get().name) <= longest
