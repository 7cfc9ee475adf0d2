"""Several people at the same moment: one complaint an order, ten addresses a person, every message once."""

import uuid
from functools import partial

import pytest

from marketplace.core.actors import Actor
from marketplace.orders.models import Complaint, SavedAddress
from marketplace.orders.services.complaints import AlreadyComplained, add_to_complaint, open_complaint
from marketplace.orders.services.saved_addresses import AddressToKeep, TooManyAddresses, keep_address
from tests.orders.factories import NOW, THUC_PHAN, a_person, a_shop, a_variant, an_order
from tests.plugins.database import at_once

pytestmark = pytest.mark.usefixtures("committed_db")


def test_of_four_complaints_at_once_one_is_kept_and_the_others_are_told() -> None:
    order = an_order((a_variant(a_shop()), 1))
    complain = partial(open_complaint, token=order.token, kind="damaged", text="Vỡ", now=NOW)

    made = at_once([complain] * 4)

    assert sorted(type(one).__name__ for one in made) == [AlreadyComplained.__name__] * 3 + [Complaint.__name__]
    assert Complaint.objects.get().message_count == 1


def test_a_form_sent_four_times_at_once_says_it_once_and_four_forms_say_four_things() -> None:
    order = an_order((a_variant(a_shop()), 1))
    complaint = open_complaint(token=order.token, kind="damaged", text="Vỡ", now=NOW)
    say = partial(add_to_complaint, token=order.token, complaint_id=complaint.pk, now=NOW)

    at_once([partial(say, text="Một lần", client_id=uuid.UUID(int=1))] * 4)
    at_once([partial(say, text=f"Lời {number}", client_id=uuid.uuid4()) for number in range(4)])

    complaint.refresh_from_db()
    assert (complaint.message_count, complaint.messages.count()) == (6, 6)
    assert complaint.messages.filter(text="Một lần").count() == 1


def test_six_addresses_at_once_do_not_pass_the_ten() -> None:
    buyer = Actor(user_id=a_person().pk)
    keep = partial(keep_address, actor=buyer, now=NOW)
    homes = [AddressToKeep("Mơ", "0912345678", f"Tổ {number}", THUC_PHAN) for number in range(14)]
    for home in homes[:8]:
        keep(given=home)

    made = at_once([partial(keep, given=home) for home in homes[8:]])

    assert sum(isinstance(one, TooManyAddresses) for one in made) == 4
    assert SavedAddress.objects.count() == 10
