"""The guard before execution: what a document may ask, its bounds and how they are measured."""

from marketplace.api.graphql.limits.bounds import COST_MAX, ROWS_A_PAGE_MAX, ROWS_OF_LIST, TOKENS_MAX
from marketplace.api.graphql.limits.document import Cost, check_document, check_measured, check_structure
from marketplace.api.graphql.limits.plain import is_plainly_valid
from marketplace.api.graphql.limits.refusal import TooDemanding
from marketplace.api.graphql.limits.words import check_words

__all__ = [
    "COST_MAX",
    "ROWS_A_PAGE_MAX",
    "ROWS_OF_LIST",
    "TOKENS_MAX",
    "Cost",
    "TooDemanding",
    "check_document",
    "check_measured",
    "check_structure",
    "check_words",
    "is_plainly_valid",
]
