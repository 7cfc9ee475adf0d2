"""Search without diacritics: what is found, in which order, and how it is kept true."""

from catalog.search.index import index_products, rebuild_index, reindex_vendor
from catalog.search.search import (
    CANDIDATES_MAX,
    PAGE_ROWS_USUAL,
    SearchPage,
    browse_products,
    ids_by_relevance,
    search_products,
)
from catalog.search.wanted import PAGE_ROWS_MAX, BadFilter, SearchFilters, Sort

__all__ = [
    "CANDIDATES_MAX",
    "PAGE_ROWS_MAX",
    "PAGE_ROWS_USUAL",
    "BadFilter",
    "SearchFilters",
    "SearchPage",
    "Sort",
    "browse_products",
    "ids_by_relevance",
    "index_products",
    "rebuild_index",
    "reindex_vendor",
    "search_products",
]
