"""Hundreds of forged, altered and misdirected webhooks are refused and leave no row; the one true one is taken."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest
from django.test import Client

from marketplace.core.models import SecurityCounter
from marketplace.saleor import receiving, signatures
from marketplace.saleor.models import Installation, WebhookReceipt
from tests.plugins.database import row_counts
from tests.saleor.join.conftest import Ears
from tests.saleor.join.forging import Forger
from tests.saleor.join.small_saleor import SmallSaleor, post

pytestmark = pytest.mark.django_db
FORGED = 648
SEED = 20_261_122
COUNTED = "core_securitycounter"


def a_forger(saleor: SmallSaleor) -> Forger:
    return Forger(saleor, random.Random(SEED))


def test_the_forgers_own_webhook_is_authentic(small_saleor: SmallSaleor, joined: Installation, ears: Ears) -> None:
    forger = a_forger(small_saleor)

    assert post(Client(), forger.true, forger.body) == (200, {})
    assert len(ears.heard) == 1


def test_no_forgery_is_taken_and_none_leaves_a_row(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, record_property: Callable[[str, object], None]
) -> None:
    forger, client = a_forger(small_saleor), Client()
    forgeries = list(forger.forgeries(FORGED))
    before = row_counts()

    answered = [(forged.what, post(client, forged.headers, forged.body)[0]) for forged in forgeries]

    record_property("forged", len(answered))
    assert len(answered) >= 500
    assert len({what for what, _status in answered}) >= 50
    assert Counter(answered) - Counter((what, 401) for what, _status in answered) == Counter()
    after = row_counts()
    assert after | {COUNTED: 0} == before | {COUNTED: 0}
    assert ears.heard == []
    assert sum(SecurityCounter.objects.values_list("count", flat=True)) == len(answered)
    # However many invented names of keys there were, the Saleor was asked once in the minute, at the joining.
    assert small_saleor.paths().count("/.well-known/jwks.json") == 1


def test_and_after_all_of_them_the_true_one_is_still_taken(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears
) -> None:
    forger = a_forger(small_saleor)
    for forged in forger.forgeries(len(forger.sorts())):
        post(Client(), forged.headers, forged.body)

    assert post(Client(), forger.true, forger.body)[0] == 200
    assert (len(ears.heard), WebhookReceipt.objects.count()) == (1, 1)


def test_control_without_the_check_of_the_signature_forgeries_are_taken(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "is_signed", lambda *_, **__: True)
    forger = a_forger(small_saleor)

    for make in (forger.flipped_bit, lambda: forger.sign(forger.body, key=forger.stranger()), forger.pss):
        assert post(Client(), {**forger.true, "Saleor-Signature": make()}, forger.body)[0] == 200


@pytest.mark.parametrize(
    "what",
    [
        *("key at an address", "b64 missing", "b64 0", "crit missing", "crit other", "typ other", "member too many"),
        *("member twice", "another alg", "alg missing"),
    ],
)
def test_control_without_the_rules_of_the_header_what_the_true_key_signed_is_taken(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    forger = a_forger(small_saleor)
    monkeypatch.setattr(signatures, "_header", lambda _raw: {"kid": forger.kid})
    signed = dict(forger.sorts())[what]()
    assert isinstance(signed, str)

    assert post(Client(), {**forger.true, "Saleor-Signature": signed}, forger.body)[0] == 200


@pytest.mark.parametrize("what", ["loose bits", "plain base64", "padding"])
def test_control_a_lenient_base64_lets_other_texts_of_a_signature_in(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    decoded = signatures._decoded

    def lenient(text: str) -> bytes:
        return signatures.base64.b64decode(text.rstrip("=") + "==", altchars=b"-_" if "+" not in text else None)

    forger = a_forger(small_saleor)
    signed = dict(forger.sorts())[what]()
    assert isinstance(signed, str)
    headers = {**forger.true, "Saleor-Signature": signed}
    assert post(Client(), headers, forger.body)[0] == 401

    monkeypatch.setattr(signatures, "_decoded", lenient)
    assert lenient(forger.parts()[2]) == decoded(forger.parts()[2])
    assert post(Client(), headers, forger.body)[0] == 200


def test_control_bound_to_no_installation_another_hosts_name_is_taken(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "allowed_url", lambda _told: small_saleor.api_url)
    forger = a_forger(small_saleor)
    forged = forger.another_host()

    assert post(Client(), forged.headers, forged.body)[0] == 200
