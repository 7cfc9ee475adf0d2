"""How much the lists of one request may be narrowed: the cost counts what is answered, not what is looked for."""

from __future__ import annotations

from marketplace.api.graphql.limits.bounds import CONDITIONS_A_REQUEST_MAX, COST_OF_CONDITION
from marketplace.api.graphql.limits.refusal import refuse_above


class ConditionsAsked:
    """The conditions of one request so far; one list inside a hundred rows counts a hundred times."""

    def __init__(self) -> None:
        self.number = 0

    @property
    def cost(self) -> int:
        """What they are charged, whether or not they were too many."""
        return self.number * COST_OF_CONDITION

    def count(self, conditions: int) -> None:
        """Count those of one list that is about to be made. Raises `TooDemanding`."""
        self.number += conditions
        refuse_above(
            CONDITIONS_A_REQUEST_MAX, self.number, "The lists are narrowed by too many conditions: {}, at most {}."
        )
