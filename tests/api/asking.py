"""Asking the market over GraphQL as a client does: through HTTP."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

URL = "/graphql/"


def post(query: str, *, headers: dict[str, str] | None = None, **variables: Any) -> Any:
    """The whole HTTP answer to a query."""
    return raw(json.dumps({"query": query, "variables": variables}, ensure_ascii=False), headers=headers)


def raw(body: str | bytes, *, headers: dict[str, str] | None = None, content_type: str = "application/json") -> Any:
    """The HTTP answer to any body."""
    return Client().post(URL, data=body, content_type=content_type, headers=headers or {})


def ask(query: str, *, headers: dict[str, str] | None = None, **variables: Any) -> dict[str, Any]:
    """The data of an answer without errors."""
    answer = post(query, headers=headers, **variables)
    content = answer.json()
    assert (answer.status_code, content.get("errors")) == (200, None), content
    data: dict[str, Any] = content["data"]
    return data


def refused(query: str, **variables: Any) -> str:
    """The sentence with which a document is refused before anything of it runs."""
    answer = post(query, **variables)
    content = answer.json()
    assert answer.status_code == 400
    assert content.keys() == {"errors"}
    assert content["errors"][0]["extensions"]["exception"]["code"] == "GraphQLError"
    sentence: str = content["errors"][0]["message"]
    return sentence
