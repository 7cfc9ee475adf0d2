"""The names of the products that a list finds."""

from __future__ import annotations

from typing import Any

from tests.api.asking import ask

LIST = """query($filter: ProductFilterInput, $where: ProductWhereInput, $sortBy: ProductOrder, $search: String) {
    products(first: 20, filter: $filter, where: $where, sortBy: $sortBy, search: $search) {
        totalCount edges { node { name } } } }"""
ALL = ["Chè", "Mật ong", "Miến"]


def listed(**given: Any) -> list[str]:
    found = ask(LIST, **given)["products"]
    names = [edge["node"]["name"] for edge in found["edges"]]
    assert found["totalCount"] == len(names)
    return names
