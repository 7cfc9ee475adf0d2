"""The doctor and the database's own guards of money."""

import pytest
from django.db import connection

from marketplace.core import clock
from marketplace.core.triggers import rows_owed
from marketplace.running.doctor import examine

pytestmark = pytest.mark.django_db


def test_the_doctor_tells_of_promises_that_were_broken_with_foreign_keys_off() -> None:
    assert rows_owed() == {}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Its triggers refuse at the commit whatever else is off: nothing is noted down that could stay behind.
            cursor.execute("SELECT to_regclass('market_owed_order_balance')")
            assert cursor.fetchone() == (None,)
            return
        cursor.execute("INSERT INTO market_owed_order_balance (id) VALUES (7)")
    assert rows_owed() == {"market_owed_order_balance": 1}
    told = next(one for one in examine(now=clock.now()) if one.subject == "guards in the database")
    with connection.cursor() as cursor:
        # The test's own transaction ends with every foreign key looked at.
        cursor.execute("DELETE FROM market_owed_order_balance")

    assert (told.well, told.sentence) == (
        False,
        "promises that were broken with foreign keys off: market_owed_order_balance (1)",
    )


def test_control_on_a_market_where_all_is_well_nothing_is_owed() -> None:
    assert rows_owed() == {}
    told = next(one for one in examine(now=clock.now()) if one.subject == "guards in the database")
    assert (told.well, told.sentence) == (True, "all there")
