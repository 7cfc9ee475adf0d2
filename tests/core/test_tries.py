"""By which key the tries of a network address are counted."""

from __future__ import annotations

import pytest

from marketplace.core.tries import key_of_address


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("", "", True),
    ],
)
def test_the_addresses_of_one_house_are_counted_together(one: str, other: str, are_one: bool) -> None:
    assert (key_of_address("guess", one) == key_of_address("guess", other)) is are_one


def test_tries_of_two_kinds_are_counted_apart() -> None:
    assert key_of_address("guess", "192.0.2.1") != key_of_address("forgot", "192.0.2.1")
