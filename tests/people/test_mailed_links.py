"""Where a mailed link leads: the page that was named, its own query, and the words of ours behind it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from marketplace.people.mailing import redirect_to


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("https://shop.example.vn", "https://shop.example.vn?email=a%40b.vn&token=t"),
        ("https://shop.example.vn/login?confirm=1", "https://shop.example.vn/login?confirm=1&email=a%40b.vn&token=t"),
        ("https://shop.example.vn/?a=%20&b&a=2", "https://shop.example.vn/?a=%20&b&a=2&email=a%40b.vn&token=t"),
        ("https://shop.example.vn:8443/?&&a=1&", "https://shop.example.vn:8443/?a=1&email=a%40b.vn&token=t"),
        ("https://shop.example.vn/?a=1#token=x", "https://shop.example.vn/?a=1&email=a%40b.vn&token=t"),
    ],
)
def test_a_pages_own_query_comes_first_and_as_it_was_written(page: str, link: str) -> None:
    assert redirect_to(page, email="a@b.vn", token="t") == link


@pytest.mark.parametrize("theirs", ["token=theirs", "token", "%74oken=theirs", "token=1&token=2", "tok%65n="])
def test_a_word_of_ours_stands_once_whatever_the_page_has(theirs: str) -> None:
    link = redirect_to(f"https://shop.example.vn/?{theirs}&confirm=1", token="ours")

    assert parse_qsl(urlsplit(link).query, keep_blank_values=True) == [("confirm", "1"), ("token", "ours")]


@pytest.mark.parametrize("query", ["next=//elsewhere.example/", "@elsewhere.example", "a=https://elsewhere.example"])
def test_no_query_changes_the_host_that_a_link_leads_to(query: str) -> None:
    link = redirect_to(f"https://shop.example.vn?{query}", token="t")

    assert (urlsplit(link).scheme, urlsplit(link).netloc) == ("https", "shop.example.vn")
