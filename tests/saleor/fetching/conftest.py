"""What tests of fetching share: an installation, and a Saleor that answers what it is told to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest

from marketplace.saleor.client import Saleor
from marketplace.saleor.models import Installation

Asked = Callable[[str], Mapping[str, Any]]


class Told(Saleor):
    """Answers with what `answer` makes of the id that is asked for."""

    def __init__(self, answer: Asked) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""

    def ask(self, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """As the real one, without the wire."""
        self.asked.append(variables["id"])
        return dict(self.answer(variables["id"]))


@pytest.fixture
def installation(db: None, now: datetime, settings: Any) -> Installation:
    settings.SALEOR_API_URLS = ("https://saleor.example/graphql/",)
    return Installation.objects.create(
        api_url="https://saleor.example/graphql/", app_id="QXBwOjE=", token="a" * 30, channel="vnd", installed_at=now
    )


@pytest.fixture
def saleor(monkeypatch: pytest.MonkeyPatch) -> Told:
    told = Told(lambda saleor_id: {"order": {"id": saleor_id}})
    monkeypatch.setattr(Saleor, "of", lambda _installation: told)
    return told
