"""Run as a program: ask the catalogue's questions in this process and count the statements of each.

    python -m tools.bench.reads GOODS QUESTIONS

Makes the questions out of the goods that were seeded (GOODS), writes them to QUESTIONS for the clients, asks each
three times through Django's test client with another document every time, and prints the statements of the last.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.db import connection  # noqa: E402 - needs Django set up
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from graphql import GraphQLObjectType  # noqa: E402

from marketplace.api.graphql.schema import schema  # noqa: E402
from tools.bench.questions import Question, questions  # noqa: E402

TIMES = 3
SQL_CHARACTERS_SHOWN = 200


def main(goods: Path, file: Path) -> dict[str, Any]:
    """The statements of each question."""
    seeded = json.loads(goods.read_text(encoding="utf-8"))
    asked = questions(seeded["slugs"], seeded["names"], fields=_fields())
    file.write_text(json.dumps({key: asdict(one) for key, one in asked.items()}), encoding="utf-8")
    return {key: _statements(one) for key, one in asked.items()}


def _fields() -> list[str]:
    types = schema.graphql_schema.type_map.values()
    return [f"{one.name}.{field}" for one in types if isinstance(one, GraphQLObjectType) for field in one.fields]


def _statements(question: Question) -> list[str]:
    client = Client(HTTP_HOST="127.0.0.1")
    for number in range(TIMES):
        document = question.document.replace("NAME", f"Counted{number}", 1)
        variables = question.variables[number % len(question.variables)]
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(
                "/graphql/", {"query": document, "variables": variables}, content_type="application/json"
            )
        if answer.status_code != 200 or "errors" in answer.json():
            raise SystemExit(f"{question.title}: {answer.content[:500]!r}")
    return [query["sql"][:SQL_CHARACTERS_SHOWN] for query in captured.captured_queries]


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
