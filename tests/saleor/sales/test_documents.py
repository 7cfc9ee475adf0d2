"""Everything that is asked of a Saleor or subscribed to is valid in Saleor's own schema."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, parse, validate

from marketplace.saleor.client import OPERATIONS, SUBSCRIPTIONS
from marketplace.saleor.events import ASYNC_EVENTS
from marketplace.saleor.sales import hearing
from tests.api.contract.facts import saleor_types
from tests.api.contract.saleor_sdl import saleor_schema

SALES = sorted(name for name, heard in ASYNC_EVENTS.items() if getattr(heard, "__module__", "") == hearing.__name__)


@pytest.mark.parametrize("path", sorted(OPERATIONS.glob("*.graphql")), ids=lambda path: path.stem)
def test_a_document_is_valid_and_named_like_its_file(path: Path) -> None:
    document = parse(path.read_text(encoding="utf-8"))

    assert validate(saleor_schema(), document) == []
    names = [one.name.value for one in document.definitions if isinstance(one, OperationDefinitionNode) and one.name]
    assert names == [path.stem]


@pytest.mark.parametrize("event", SALES)
def test_an_event_of_sales_asks_no_more_than_what_changed(event: str) -> None:
    """The thing's id, and what binds a body to its event, App and moment: its state is asked for afterwards."""
    text = (SUBSCRIPTIONS / f"{event}.graphql").read_text(encoding="utf-8")

    assert validate(saleor_schema(), parse(text)) == []
    assert event.upper() in saleor_types()["WebhookEventTypeAsyncEnum"].members
    told = " ".join(text.split())
    assert "__typename issuedAt version recipient { id }" in told
    assert re.sub(r"subscription \w+ { event { .*? \.\.\. on \w+ ", "", told) in (
        "{ order { id } } } }",
        "{ orders { id } } } }",
        "{ transaction { id } } } }",
    )


def test_all_that_happens_to_orders_is_heard() -> None:
    assert len(SALES) == 15
