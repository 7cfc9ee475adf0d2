"""What is old is forgotten, and nothing that money may still come for."""

import uuid
from datetime import datetime, timedelta

import pytest

from marketplace.core.forgetting import CLIENT_REQUEST_DAYS, forget_client_requests
from marketplace.core.models import ClientRequest
from marketplace.core.requests_once import once
from marketplace.orders.models import Checkout
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.ending import FORGOTTEN_DAYS, release_due_reservations
from marketplace.orders.tasks import forget_checkouts
from marketplace.people.models import SignInAttempt
from marketplace.people.sign_in import WrongPassword, sign_in
from marketplace.people.tasks import forget_sign_ins
from tests.payments.factories import NOW, a_checkout, a_shop

pytestmark = pytest.mark.django_db


def test_client_ids_are_kept_for_a_month(now: datetime) -> None:
    once(lambda: "x", action="a", owner="o", client_id=uuid.uuid4(), asked={}, now=now)
    assert forget_client_requests(now + timedelta(days=CLIENT_REQUEST_DAYS)) == 0
    assert forget_client_requests(now + timedelta(days=CLIENT_REQUEST_DAYS, seconds=1)) == 1
    assert not ClientRequest.objects.exists()


def test_failed_sign_ins_are_kept_for_their_window_only(now: datetime) -> None:
    with pytest.raises(WrongPassword):
        sign_in(login="nobody", password="x", now=now)
    assert forget_sign_ins(now + timedelta(minutes=15)) == 0
    assert forget_sign_ins(now + timedelta(minutes=16)) == 1
    assert not SignInAttempt.objects.exists()


def test_a_basket_that_nobody_touched_for_a_month_goes_with_its_contact() -> None:
    a_checkout(a_shop())
    assert forget_checkouts(NOW + timedelta(days=FORGOTTEN_DAYS)) == 0
    assert forget_checkouts(NOW + timedelta(days=FORGOTTEN_DAYS, seconds=1)) == 1
    assert not Checkout.objects.exists()


def test_a_basket_that_a_code_was_given_out_for_stays_since_money_may_still_come() -> None:
    checkout_id = a_checkout(a_shop())
    reserve_checkout(checkout_id=checkout_id, now=NOW)
    later = NOW + timedelta(days=FORGOTTEN_DAYS + 1)
    release_due_reservations(now=later - timedelta(days=FORGOTTEN_DAYS), at_most=10)
    assert forget_checkouts(later + timedelta(days=1)) == 0
    assert Checkout.objects.filter(pk=checkout_id).exists()
