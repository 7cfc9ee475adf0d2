"""What catalogue clients ask in the benchmark: the documents, and the variables of one request after another.

The list asks what Saleor's storefront asks for its pages of products, the detail what it asks for one product.
A document takes an operation name, so that a client whose every document is another one can be played as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PRODUCTS_A_PAGE = 20
SLUGS_ASKED = 100
WORDS_ASKED = 50

_PRICE = "gross { amount currency }"
_LIST_FIELDS = f"""
      id name slug
      thumbnail(size: 1024, format: WEBP) {{ url alt }}
      category {{ id name }}
      pricing {{ priceRange {{ start {{ {_PRICE} }} stop {{ {_PRICE} }} }} }}
"""
_LIST = f"""query NAME($first: Int!, $after: String, $channel: String!) {{
  products(first: $first, after: $after, channel: $channel) {{
    edges {{ node {{ {_LIST_FIELDS} }} cursor }}
    pageInfo {{ endCursor hasNextPage }}
  }}
}}"""
_DETAIL = f"""query NAME($slug: String!, $channel: String!) {{
  product(slug: $slug, channel: $channel) {{
    id name slug description
    thumbnail(size: 1024, format: WEBP) {{ url alt }}
    media {{ url(size: 1024, format: WEBP) alt type }}
    category {{ id name }}
    attributes {{ attribute {{ slug name }} values {{ name }} }}
    variants {{ id name sku quantityAvailable pricing {{ price {{ {_PRICE} }} }} }}
    pricing {{ priceRange {{ start {{ {_PRICE} }} stop {{ {_PRICE} }} }} }}
  }}
}}"""
_SEARCH = f"""query NAME($first: Int!, $search: String!, $channel: String!) {{
  products(first: $first, search: $search, channel: $channel) {{
    totalCount
    edges {{ node {{ {_LIST_FIELDS} }} cursor }}
    pageInfo {{ endCursor hasNextPage }}
  }}
  productFacets(search: $search, channel: $channel) {{
    isExact inStock
    provinces {{ count }} categories {{ count }} stars {{ count }} vendors {{ count }}
  }}
}}"""


@dataclass(frozen=True)
class Question:
    """A document whose operation is called NAME, and what its requests differ in."""

    title: str
    document: str
    variables: Sequence[dict[str, Any]]
    aim_kept: int
    """Requests a second that are aimed at where answers are kept, and where nothing is."""
    aim_unkept: int


def questions(slugs: Sequence[str], names: Sequence[str], *, fields: list[str]) -> dict[str, Question]:
    """The questions by key. `fields` are the schema's, as `Type.field`: what it has not is not asked for."""
    channel = {"channel": "online"}
    first = {"first": PRODUCTS_A_PAGE}
    words = list(dict.fromkeys(" ".join(name.split()[:2]) for name in names))[:WORDS_ASKED]
    detail = _DETAIL if "Product.attributes" in fields else _without(_DETAIL, "attributes {")
    facets = "Query.productFacets" in fields
    return {
        "list": Question("list of 20 with prices", _LIST, [first | channel], 2000, 150),
        "product": Question(
            "product by slug", detail, [{"slug": slug} | channel for slug in slugs[:SLUGS_ASKED]], 2000, 200
        ),
        "search": Question(
            "search with facets" if facets else "search (no facets yet)",
            _SEARCH if facets else _SEARCH[: _SEARCH.index("  productFacets")] + "}",
            [{"search": word} | first | channel for word in words],
            1000,
            100,
        ),
    }


def _without(document: str, beginning: str) -> str:
    return "\n".join(line for line in document.splitlines() if not line.strip().startswith(beginning))
