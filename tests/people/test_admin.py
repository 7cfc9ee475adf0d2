"""The operator gives and takes roles in the admin, each on record; people are shown with their numbers masked."""

from datetime import datetime

import pytest
from django.test import Client

from marketplace.core.actors import SYSTEM, Actor
from marketplace.core.errors import NotAllowed
from marketplace.core.models import JournalEvent
from marketplace.people.models import Role, User
from marketplace.people.services import give_role, register_person, take_role
from marketplace.places.models import Commune
from tests.people.stepping import with_second_step

pytestmark = pytest.mark.django_db
ROLES = "/admin/people/role/"


@pytest.fixture
def person(now: datetime) -> User:
    return register_person(name="Lò Thị Mây", phone="0912345678", email="may@cho.example", now=now)


@pytest.fixture
def role(person: User, now: datetime) -> Role:
    return give_role(actor=SYSTEM, user=person, kind="commune", commune=Commune.objects.all()[0], now=now)


def test_a_role_is_given_and_the_journal_says_by_whom(operator: Client, person: User) -> None:
    commune = Commune.objects.all()[0]

    answer = operator.post(f"{ROLES}add/", {"user": person.pk, "kind": "commune", "commune": commune.pk})

    assert answer.status_code == 302
    assert Role.objects.get().commune == commune
    assert JournalEvent.objects.get(kind="role.given").actor_id == User.objects.get(is_superuser=True).pk


def test_a_role_without_its_scope_is_refused_in_a_sentence(operator: Client, person: User) -> None:
    answer = operator.post(f"{ROLES}add/", {"user": person.pk, "kind": "commune"}, follow=True)

    assert answer.status_code == 200
    assert not Role.objects.exists()


@pytest.mark.parametrize("way", ["one", "many"])
def test_a_role_is_taken_and_the_journal_says_which(way: str, operator: Client, role: Role) -> None:
    if way == "one":
        operator.post(f"{ROLES}{role.pk}/delete/", {"post": "yes"})
    else:
        operator.post(ROLES, {"action": "delete_selected", "_selected_action": [role.pk], "post": "yes"})

    assert not Role.objects.exists()
    taken = JournalEvent.objects.get(kind="role.taken")
    assert taken.data == {"user": role.user_id, "kind": "commune", "scope": role.commune_id}


def test_nobody_but_the_operator_takes_a_role_and_twice_is_once(role: Role, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        take_role(actor=Actor(user_id=role.user_id), role=role, now=now)
    assert Role.objects.exists()

    for _ in range(2):
        take_role(actor=SYSTEM, role=role, now=now)

    assert JournalEvent.objects.filter(kind="role.taken").count() == 1


def test_people_are_shown_with_their_numbers_masked(operator: Client, person: User) -> None:
    pages = [operator.get("/admin/people/user/"), operator.get(f"/admin/people/user/{person.pk}/change/")]

    for page in pages:
        words = page.content.decode()
        assert page.status_code == 200
        assert "0912 *** 678" in words
        assert "may@cho.example" not in words


def test_people_are_found_by_their_roles_and_places_and_the_list_says_which(operator: Client, role: Role) -> None:
    scope = role.commune
    assert scope is not None

    for address in ("?q=Lò+Thị", f"?q={scope.pk}", f"?q={scope.province_id}", "?role=commune", "?q=0912+345+678"):
        words = operator.get(f"/admin/people/user/{address}").content.decode()
        assert f"Cán bộ xã, phường · {scope.name}" in words, address
    assert "Lò Thị Mây" not in operator.get("/admin/people/user/?role=province").content.decode()
    assert "Lò Thị Mây" in operator.get(f"{ROLES}?q={scope.pk}").content.decode()


def test_the_list_of_people_says_who_signs_in_in_two_steps(operator: Client, person: User, now: datetime) -> None:
    rows = operator.get("/admin/people/user/?q=may@cho.example").context["cl"].result_list
    assert [row.has_two_steps for row in rows] == [False]

    with_second_step(person, now=now)

    rows = operator.get("/admin/people/user/?q=may@cho.example").context["cl"].result_list
    assert [row.has_two_steps for row in rows] == [True]


def test_whoever_is_made_an_operator_opens_the_admin_and_whoever_is_none_any_more_does_not(
    operator: Client, person: User
) -> None:
    operator.post(f"{ROLES}add/", {"user": person.pk, "kind": "operator"})
    browser = Client()
    browser.force_login(User.objects.get(pk=person.pk))
    assert browser.get("/admin/").status_code == 200

    first = User.objects.exclude(pk=person.pk).get(is_superuser=True)
    operator.post(f"{ROLES}add/", {"user": first.pk, "kind": "operator"})
    operator.post(f"{ROLES}{Role.objects.get(user=person).pk}/delete/", {"post": "yes"})

    assert browser.get("/admin/", follow=True).status_code == 403
    gone = User.objects.get(pk=person.pk)
    assert (gone.is_staff, gone.is_superuser) == (False, False)


@pytest.mark.parametrize("way", ["one", "many"])
def test_the_last_operator_stays(way: str, operator: Client, person: User) -> None:
    operator.post(f"{ROLES}add/", {"user": person.pk, "kind": "operator"})
    role = Role.objects.get()

    if way == "one":
        answer = operator.post(f"{ROLES}{role.pk}/delete/", {"post": "yes"}, follow=True)
    else:
        chosen = {"action": "delete_selected", "_selected_action": [role.pk], "post": "yes"}
        answer = operator.post(ROLES, chosen, follow=True)

    assert "Đây là người vận hành cuối cùng" in answer.content.decode()
    assert Role.objects.get() == role
    assert User.objects.get(pk=person.pk).is_superuser
