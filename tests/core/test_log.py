"""A log tells what happened and opens nobody's order."""

import logging

from marketplace.core.log import HideSecrets


def test_uuids_in_a_line_are_hidden_but_for_their_end() -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Bad Request: %s",
        ("/orders/0d4f5b0e-2c1e-4a5c-9a55-40c4040cABCD/cancel/",), None,
    )  # fmt: skip
    assert HideSecrets().filter(record)
    assert record.getMessage() == "Bad Request: /orders/…ABCD/cancel/"


def test_other_lines_stay_as_they_are() -> None:
    record = logging.LogRecord("market", logging.INFO, "", 0, "%s of %s", (1, 2), None)
    assert HideSecrets().filter(record)
    assert record.getMessage() == "1 of 2"


def test_of_stripes_keys_only_their_kind_is_left() -> None:
    record = logging.LogRecord(
        "market", logging.INFO, "", 0, "%s and %s, not risk_of or task_test", ("sk_live_51AbC_x", "whsec_0123"), None
    )
    assert HideSecrets().filter(record)
    assert record.getMessage() == "sk_live_… and whsec_…, not risk_of or task_test"
