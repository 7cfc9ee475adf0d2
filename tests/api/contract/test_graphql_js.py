"""graphql-js, the reference that clients' tools stand on, reads our schema and what is asked of it."""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from graphql import get_introspection_query, graphql_sync

from marketplace.api.graphql.schema import schema
from tests.api.contract.comparing import printed_schema
from tests.api.contract.documents import document, names

pytestmark = pytest.mark.node

SCRIPT = Path(__file__).parents[2] / "node" / "validate.mjs"
ANSWER_S_MAX = 60


def judged(
    documents: Mapping[str, str], *, sdl: str, introspected: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What graphql-js finds wrong: with the schema, with what introspection says of it, and with each document."""
    given = json.dumps({"sdl": sdl, "documents": documents, "introspected": introspected})
    run = subprocess.run(
        ["node", str(SCRIPT)], input=given, capture_output=True, text=True, timeout=ANSWER_S_MAX, check=False
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def introspected() -> Mapping[str, Any]:
    """The schema as clients' tools ask for it."""
    answer = graphql_sync(schema.graphql_schema, get_introspection_query())
    assert answer.errors is None
    return answer.data or {}


def test_graphql_js_finds_nothing_wrong_with_our_schema_and_the_documents_of_the_storefront() -> None:
    documents = {name: document(name) for name in names()}

    found = judged(documents, sdl=printed_schema(), introspected=introspected())

    assert (found["schema"], found["introspected"]) == ([], [])
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


def test_control_a_directive_where_graphql_js_knows_no_place_is_found() -> None:
    newer = copy.deepcopy(dict(introspected()))
    deprecated = next(one for one in newer["__schema"]["directives"] if one["name"] == "deprecated")
    deprecated["locations"].append("DIRECTIVE_DEFINITION")

    found = judged({}, sdl=printed_schema(), introspected=newer)["introspected"]

    assert found == ['Syntax Error: Unexpected Name "DIRECTIVE_DEFINITION".']


def test_control_a_schema_that_is_none_is_found() -> None:
    found = judged({"right": "{ me { id } }"}, sdl=printed_schema() + "\ntype Empty\n")

    assert found == {"schema": ["Type Empty must define one or more fields."], "introspected": [], "documents": {}}
