"""Search without diacritics: what is found, in which order, and how it is kept true."""

from catalog.search.criteria import CRITERIA
from catalog.search.facets import FACET_ROWS_MAX, Facets, count_facets
from catalog.search.index import index_products, rebuild_index, reindex_vendor
from catalog.search.matching import Matches
from catalog.search.search import (
    CANDIDATES_MAX,
    PAGE_ROWS_USUAL,
    SearchPage,
    browse_products,
    ids_by_relevance,
    search_products,
)
from catalog.search.suggestions import did_you_mean, suggest_names
from catalog.search.wanted import PAGE_ROWS_MAX, BadFilter, SearchFilters, Sort

__all__ = [
    "CANDIDATES_MAX",
    "CRITERIA",
    "FACET_ROWS_MAX",
    "PAGE_ROWS_MAX",
    "PAGE_ROWS_USUAL",
    "BadFilter",
    "Facets",
    "Matches",
    "SearchFilters",
    "SearchPage",
    "Sort",
    "browse_products",
    "count_facets",
    "did_you_mean",
    "ids_by_relevance",
    "index_products",
    "rebuild_index",
    "reindex_vendor",
    "search_products",
    "suggest_names",
]
