"""What one request may ask at most; the unit of each bound stands in its name.

The sizes are the design's. Saleor's own storefront asks for less than a third of each of them, but for the cost: its
lists of 12 and 20 cards come to half of that and more (tests/api/test_costs.py).
"""

from __future__ import annotations

from typing import Final

from catalog.services.variants import VARIANTS_A_PRODUCT_MAX

TOKENS_MAX: Final = 1000
COMMENTS_MAX: Final = 100
"""Comments are no tokens to the parser's own count, and cost as much to read."""
NAME_CHARACTERS_MAX: Final = 200
NUMBER_CHARACTERS_MAX: Final = 40
DIRECTIVES_MAX: Final = 50
SPREADS_MAX: Final = 120
"""Of fragments, named or inline; GraphQL's rules compare each two of one selection, known or not."""
OPERATIONS_MAX: Final = 10
FRAGMENTS_MAX: Final = 60
VARIABLES_MAX: Final = 50
DEPTH_MAX: Final = 15
NESTED_SELECTIONS_MAX: Final = 60
"""Selection sets inside one another with inline fragments and spreads, which are no levels of the answer."""
NESTED_BRACKETS_MAX: Final = 70
"""Of selections and of lists and objects that are written out."""
ALIASES_MAX: Final = 30
MUTATIONS_A_DOCUMENT_MAX: Final = 4
INTROSPECTED_LISTS_MAX: Final = 2
UNFOLDED_SELECTIONS_MAX: Final = 4000
"""Selections of every operation and fragment with what the fragments in them bring."""
COMPARISONS_MAX: Final = 2000
"""Pairs of fields that stand for one name of the answer: GraphQL's rules compare each of them."""
COST_MAX: Final = 50_000
ROWS_A_PAGE_MAX: Final = 100
ROWS_DIGITS_MAX: Final = 11  # of a literal; Python refuses to read one of several thousand digits
CONDITIONS_A_REQUEST_MAX: Final = 200
"""Of all lists of goods together, each as often as it is made: SQL of a few milliseconds each."""
COST_OF_CONDITION: Final = 100
"""What a client's minute is charged for each of them: one about stock takes the time of some 150 values, one about a
column that of 20 (measured, 24 of them in each of 8 lists)."""
VARIABLE_VALUES_MAX: Final = 1000
BULK_VALUES_MAX: Final = 10_000
"""Of a bulk mutation that brings more than 16 KiB: 100 products with some kinds each."""
VARIABLE_LEVELS_MAX: Final = 10
ERRORS_SHOWN_MAX: Final = 5
"""Of a document or its variables; one that has more faults is not mended by a longer list."""

ROWS_OF_OTHER_LISTS: Final = 10
"""What a list without pages is taken to have when nobody said it: a new one is never free."""
ROWS_OF_LIST: Final = {
    "addresses": 10,
    "assignedAttributes": 10,
    "attributes": 5,
    "categories": 31,
    "channelListings": 1,
    "channels": 2,
    "children": 10,
    "cityAreaChoices": 1,
    "cityChoices": 100,
    "collections": 3,
    "communes": 100,
    "countries": 1,
    "countryAreaChoices": 34,
    "days": 31,
    "deliveries": 5,
    "discounts": 1,
    "errors": 1,
    "events": 5,
    "fulfillments": 3,
    "giftCards": 1,
    "grantedRefunds": 2,
    "items": 12,
    "lines": 10,
    "media": 4,
    "metadata": 3,
    "problems": 10,
    "provinces": 34,
    "results": 100,
    "sets": 26,
    "shippingMethods": 5,
    "stars": 3,
    "stocks": 2,
    "transactions": 3,
    "value": 2,
    "values": 2,
    "variants": 10,
    "vendors": 3,
}
ROWS_OF_LIST_OF_TYPE: Final = {("ProductVariant", "attributes"): 2}
"""Where the lists of one type are shorter than others of their name: a kind has a name and a unit."""
ROWS_OF_PAGE_MAX: Final = {("Product", "productVariants"): VARIANTS_A_PRODUCT_MAX}
"""Pages that never hold more, whatever `first` says: Saleor's storefront asks each card of a list for 50 kinds."""
COST_OF_NESTED_LIST: Final = 200
"""What a list of each row costs beside its rows: statements of its own, in whose time 200 values are answered."""
LISTS_AT_HAND: Final = frozenset({"ancestors", "children", "productVariants"})
"""Nested lists that ask the database nothing of their own."""
COST_OF_FIELD: Final = {
    "content": 60,
    "description": 20,
    "story": 20,
    **dict.fromkeys(("accountRegister", "passwordChange", "setPassword", "tokenCreate"), 10_000),
}
"""Fields whose value is much larger than a name or a number, and those that make or compare the hash of a password:
a quarter of a second of a processor, in which 10,000 values are answered and more."""
