"""What a document may ask before anything of it is run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    NoFragmentCyclesRule,
    OperationDefinitionNode,
    OperationType,
    validate,
)

from marketplace.api.graphql.limits.bounds import (
    ALIASES_MAX,
    COMPARISONS_MAX,
    COST_MAX,
    DEPTH_MAX,
    FRAGMENTS_MAX,
    INTROSPECTED_LISTS_MAX,
    MUTATIONS_A_DOCUMENT_MAX,
    OPERATIONS_MAX,
    UNFOLDED_SELECTIONS_MAX,
    VARIABLES_MAX,
)
from marketplace.api.graphql.limits.meter import NOTHING, DocumentMeter, Measure
from marketplace.api.graphql.limits.overlaps import comparisons
from marketplace.api.graphql.limits.refusal import refuse_above


@dataclass(frozen=True)
class Cost:
    """What a document costs, and the variables on which that hangs."""

    values: int
    variables: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Structure:
    """What was found of a document that may be looked at further: its measures, and its pairs of fields."""

    meter: DocumentMeter
    pairs: int
    """Of fields that stand for one name of the answer."""


def check_document(document: DocumentNode, variables: Mapping[str, object] | None, *, schema: GraphQLSchema) -> Cost:
    """Refuse a document that asks too much; answer its cost (field values at most) for `extensions.cost`.

    `variables` None: they are not known yet, so that the least they can be is counted. Raises `TooDemanding`.
    """
    return check_measured(document, DocumentMeter(document, variables, schema=schema))


def check_measured(document: DocumentNode, meter: DocumentMeter) -> Cost:
    """The same of a document whose meter is at hand."""
    total, mutations = NOTHING, 0
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            measure = meter.operation(node)
            mutations += measure.fields if node.operation is OperationType.MUTATION else 0
            total = _together(total, measure)
    cost = ceil(total.cost)
    _check(total, cost)
    refuse_above(MUTATIONS_A_DOCUMENT_MAX, mutations, "Too many mutations in one request: {}, at most {}.")
    return Cost(cost, frozenset(meter.variables_of_pages))


def check_structure(document: DocumentNode, *, schema: GraphQLSchema) -> Structure:
    """Refuse a document on which GraphQL's own rules would work for long. Raises `GraphQLError`.

    Their work grows with the number of definitions, with what fragments unfold to, and with the pairs of fields.
    A circle of fragments unfolds for ever, so that only the rule about circles may look at it.
    """
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
    refuse_above(OPERATIONS_MAX, len(operations), "Too many operations in one request: {}, at most {}.")
    refuse_above(FRAGMENTS_MAX, len(fragments), "The query has too many fragments: {}, at most {}.")
    declared = sum(len(node.variable_definitions) for node in operations)
    refuse_above(VARIABLES_MAX, declared, "The query has too many variables: {}, at most {}.")
    meter = DocumentMeter(document, None, schema=schema)
    unfolded = sum(meter.operation(node).unfolded for node in operations)
    unfolded += sum(meter.fragment(node.name.value).unfolded for node in fragments)
    if meter.is_circular:
        raise validate(schema, document, rules=[NoFragmentCyclesRule])[0]
    refuse_above(UNFOLDED_SELECTIONS_MAX, unfolded, "The query unfolds to too many fields: {}, at most {}.")
    pairs = comparisons(document, stop_above=COMPARISONS_MAX)
    refuse_above(COMPARISONS_MAX, pairs, "The query names one field too often: {} pairs, at most {}.")
    return Structure(meter, pairs)


def _together(one: Measure, other: Measure) -> Measure:
    return Measure(
        depth=max(one.depth, other.depth),
        aliases=one.aliases + other.aliases,
        cost=one.cost + other.cost,
        introspected_lists=max(one.introspected_lists, other.introspected_lists),
    )


def _check(total: Measure, cost: int) -> None:
    refuse_above(DEPTH_MAX, total.depth, "The query is nested too deeply: {} levels, at most {}.")
    refuse_above(ALIASES_MAX, total.aliases, "The query uses too many aliases: {}, at most {}.")
    refuse_above(INTROSPECTED_LISTS_MAX, total.introspected_lists, "The introspection is too deep: {}, at most {}.")
    refuse_above(COST_MAX, cost, "The query exceeds the maximum cost: {}, at most {}.")
