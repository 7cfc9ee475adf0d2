"""Runs what was checked, by its plan."""

from __future__ import annotations

from typing import Any, Final

from graphql import DocumentNode, ExecutionContext, ExecutionResult, GraphQLError, GraphQLSchema
from graphql.execution.execute import assume_not_awaitable

from marketplace.api.graphql.limits.bounds import ERRORS_SHOWN_MAX
from marketplace.api.graphql.plans import OperationPlan, Run, switches_of

PLANS_A_DOCUMENT_MAX: Final = 8
PLANNED_FIELDS_KEPT_MAX: Final = 2_000
"""A larger plan is made anew for each request: 100 documents' plans stay below 150 MiB."""


class Plans:
    """The plans of one document, by operation and by what its directives ask; kept with the document."""

    def __init__(self, document: DocumentNode) -> None:
        self.document = document
        self._kept: dict[tuple[object, ...], OperationPlan] = {}
        self._switches: dict[str | None, list[str]] = {}

    @property
    def plans_kept(self) -> int:
        """How many plans are ready."""
        return len(self._kept)

    def run(
        self,
        schema: GraphQLSchema,
        *,
        context: object,
        variables: dict[str, Any],
        operation_name: str | None,
        hide_suggestions: bool = False,
    ) -> ExecutionResult:
        """The answer of the document's operation."""
        facts = ExecutionContext.build(
            schema,
            self.document,
            context_value=context,
            raw_variable_values=variables,
            operation_name=operation_name,
            is_awaitable=assume_not_awaitable,
            max_coercion_errors=ERRORS_SHOWN_MAX,
            hide_suggestions=hide_suggestions,
        )
        if isinstance(facts, list):
            return ExecutionResult(data=None, errors=facts)
        try:
            plan = self._plan(schema, facts)
        except GraphQLError as problem:
            return ExecutionResult(data=None, errors=[problem])
        run = Run(facts)
        data = plan.values(run)
        if plan.fields > PLANNED_FIELDS_KEPT_MAX:
            self._kept.clear()
        return ExecutionResult(data=data, errors=sorted(run.errors, key=_place_in_document) or None)

    def _plan(self, schema: GraphQLSchema, facts: ExecutionContext) -> OperationPlan:
        name = facts.operation.name.value if facts.operation.name else None
        switches = self._switches.get(name)
        if switches is None:
            switches = self._switches[name] = sorted(set(switches_of(facts.operation, facts.fragments)))
        key = (name, *(facts.variable_values.get(switch) for switch in switches))
        plan = self._kept.get(key)
        if plan is None:
            if len(self._kept) >= PLANS_A_DOCUMENT_MAX:
                self._kept.clear()
            plan = self._kept[key] = OperationPlan(schema, facts, switches=switches)
        return plan


def _place_in_document(error: GraphQLError) -> tuple[object, ...]:
    path = [(0, key, "") if isinstance(key, int) else (1, 0, key) for key in error.path or ()]
    return error.locations or [], path, error.message
