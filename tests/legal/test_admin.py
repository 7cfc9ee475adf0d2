"""The operator publishes in the admin, and changes nothing that was published."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.core import clock
from marketplace.legal.models import LegalVersion
from marketplace.people.models import User
from tests.legal.test_versions import WORDS

pytestmark = pytest.mark.django_db
ADD = "/admin/legal/legalversion/add/"


def test_a_new_version_begins_with_the_newest_words_of_its_kind(operator: Client) -> None:
    page = operator.get(f"{ADD}?kind=privacy").content.decode()

    assert "Trang này nói chợ giữ gì về bạn" in page
    assert operator.get(f"{ADD}?kind=recipes").status_code == 200


def test_publishing_keeps_who_did_it_and_the_list_and_the_row_are_shown(operator: Client) -> None:
    day = clock.vietnam_date(clock.now()) + timedelta(days=1)

    answer = operator.post(ADD, {"kind": "rules", "effective_on": day.isoformat(), **WORDS})

    version = LegalVersion.objects.get(kind="rules", number=2)
    assert answer["Location"] == reverse("admin:legal_legalversion_changelist")
    assert version.published_by == User.objects.get(email="van-hanh@example.com")
    assert operator.get(answer["Location"]).status_code == 200
    assert "Điều mới." in operator.get(f"/admin/legal/legalversion/{version.pk}/change/").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"effective_on": "2020-01-01"}, "Ngày hiệu lực không được ở trong quá khứ."),
        ({"changes_en": ""}, 'name="changes_en"'),
    ],
)
def test_what_is_amiss_is_told_nothing_is_published_and_nothing_typed_is_lost(
    fields: dict[str, str], words: str, operator: Client
) -> None:
    day = clock.vietnam_date(clock.now()).isoformat()

    answer = operator.post(ADD, {"kind": "rules", "effective_on": day, **WORDS, **fields})

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "Điều mới." in answer.content.decode()
    assert LegalVersion.objects.filter(kind="rules").count() == 1


def test_what_was_published_cannot_be_changed_or_deleted(operator: Client) -> None:
    version = LegalVersion.objects.get(kind="rules")

    assert operator.post(f"/admin/legal/legalversion/{version.pk}/change/", WORDS).status_code == 403
    assert operator.post(f"/admin/legal/legalversion/{version.pk}/delete/", {"post": "yes"}).status_code == 403
    assert LegalVersion.objects.get(pk=version.pk).body_vi == version.body_vi
