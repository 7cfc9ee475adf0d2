"""Documents are read and checked once, and kept within a bound."""

from __future__ import annotations

import pytest

from marketplace.api.graphql.documents import KeptDocuments

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


def test_a_document_is_read_once_and_kept_among_a_bounded_number_of_words() -> None:
    kept = KeptDocuments(words_max=100)
    queries = [f"{{ a{number}: products(first: 1) {{ totalCount }} }}" for number in range(20)]

    first = kept.checked(queries[0], hide_suggestions=True)
    assert kept.checked(queries[0], hide_suggestions=True) is first
    assert kept.checked(queries[0], hide_suggestions=False) is not first
    for query in queries:
        kept.checked(query, hide_suggestions=True)
    assert kept.words <= 100
    assert kept.checked(queries[0], hide_suggestions=True) is not first


def test_what_is_refused_is_kept_too_and_forgotten_in_turn() -> None:
    kept = KeptDocuments(words_max=100)

    refusal = kept.checked("{", hide_suggestions=True)

    assert kept.checked("{", hide_suggestions=True) is refusal
    kept.forget()
    assert (kept.words, kept.checked("{", hide_suggestions=True) is refusal) == (0, False)
