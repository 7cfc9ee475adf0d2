"""graphql-js, the reference that clients' tools stand on, reads our schema and what is asked of it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.api.contract.comparing import printed_schema
from tests.api.contract.documents import document, names

pytestmark = pytest.mark.node

SCRIPT = Path(__file__).parents[2] / "node" / "validate.mjs"
ANSWER_S_MAX = 60


def judged(documents: Mapping[str, str], *, sdl: str) -> dict[str, Any]:
    """What graphql-js finds wrong: with the schema, and with each document in it."""
    given = json.dumps({"sdl": sdl, "documents": documents})
    run = subprocess.run(
        ["node", str(SCRIPT)], input=given, capture_output=True, text=True, timeout=ANSWER_S_MAX, check=False
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_graphql_js_finds_nothing_wrong_with_our_schema_and_the_documents_of_the_storefront() -> None:
    documents = {name: document(name) for name in names()}

    found = judged(documents, sdl=printed_schema())

    assert found["schema"] == []
    assert {name: errors for name, errors in found["documents"].items() if errors} == {}
    assert len(found["documents"]) == len(names())


def test_control_a_document_that_does_not_fit_is_found() -> None:
    asked = {"wrong": "{ me { nickname orders } }", "right": "{ me { id } }"}

    found = judged(asked, sdl=printed_schema())["documents"]

    assert found["right"] == []
    assert [error.partition(".")[0] for error in found["wrong"]] == [
        'Cannot query field "nickname" on type "User"',
        'Field "orders" of type "OrderCountableConnection" must have a selection of subfields',
    ]


def test_control_a_schema_that_is_none_is_found() -> None:
    found = judged({"right": "{ me { id } }"}, sdl=printed_schema() + "\ntype Empty\n")

    assert found == {"schema": ["Type Empty must define one or more fields."], "documents": {}}
