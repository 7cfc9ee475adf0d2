"""Programs that handle payments say what became of one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import graphene
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import uuid_of
from marketplace.api.graphql.mutations.refusals import TransactionEventReportError, in_field, told_as
from marketplace.api.graphql.mutations.transactions import whole_dong
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import (
    TransactionActionEnum,
    TransactionEventReportErrorCode,
    TransactionEventTypeEnum,
)
from marketplace.api.graphql.types.inputs import non_null_items
from marketplace.api.graphql.types.metadata import MetadataInput, metadata_put
from marketplace.api.graphql.types.scalars import PositiveDecimal
from marketplace.api.graphql.types.transactions import TransactionEvent, TransactionItem
from marketplace.core.errors import InvalidInput
from marketplace.core.metadata import Change
from payments.services.permissions import REPORTS_PAYMENTS, MayNotReport, require_reporter
from payments.services.reporting import Report, report_event


class TransactionEventReport(graphene.Mutation):
    """Say what became of a payment: the word of the program that says it, never called confirmed.

    Money that came is booked in the order's transaction of what people saw by themselves, which is answered.
    """

    class Arguments:
        id = graphene.ID()
        token = graphene.UUID()
        type = TransactionEventTypeEnum(required=True)
        psp_reference = graphene.String(required=True)
        amount = PositiveDecimal()
        time = graphene.DateTime()
        message = graphene.String()
        transaction_metadata = non_null_items(MetadataInput)
        transaction_private_metadata = non_null_items(MetadataInput)
        external_url = graphene.String(description="Taken and not kept.")
        available_actions = graphene.List(
            graphene.NonNull(TransactionActionEnum), description="Taken and not kept: no transfer is moved from here."
        )

    already_processed = graphene.Boolean()
    transaction = graphene.Field(TransactionItem)
    transaction_event = graphene.Field(TransactionEvent)
    errors = non_null_list(TransactionEventReportError)

    @staticmethod
    @told_as(TransactionEventReportErrorCode)
    def mutate(
        _root: None,
        info: GraphQLResolveInfo,
        id: str | None = None,
        token: uuid.UUID | None = None,
        **said: Any,
    ) -> dict[str, Any]:
        asked = context(info)
        try:
            require_reporter(asked.actor, asked.app)  # before anything of what was sent is looked at
            reported = report_event(
                actor=asked.actor,
                app=asked.app,
                transaction_id=_which(id, token),
                report=_report(**said),
                now=asked.now,
            )
        except MayNotReport as refusal:
            raise needs_one_of(REPORTS_PAYMENTS) from refusal
        return {
            "already_processed": reported.was_known,
            "transaction": reported.event.transaction,
            "transaction_event": reported.event,
        }


def _which(id: str | None, token: uuid.UUID | None) -> uuid.UUID:
    if (id is None) == (token is None):
        raise InvalidInput(_("Bạn ghi đúng một mã thanh toán ở mục id."), field="id")
    return token or in_field("id", uuid_of, str(id), type_name="TransactionItem")


def _report(
    *,
    type: Any,
    psp_reference: str,
    amount: Decimal | None = None,
    time: datetime | None = None,
    message: str | None = None,
    transaction_metadata: Sequence[dict[str, str]] | None = None,
    transaction_private_metadata: Sequence[dict[str, str]] | None = None,
    **_not_kept: Any,
) -> Report:
    return Report(
        type=str(type.value).lower(),
        reference=psp_reference,
        amount_vnd=whole_dong(amount),
        happened_at=time,
        message=message or "",
        texts=Change(put=metadata_put(transaction_metadata)),
        private_texts=Change(put=metadata_put(transaction_private_metadata)),
    )


class TransactionReportMutations(graphene.ObjectType):
    """What programs say about payments."""

    transaction_event_report = TransactionEventReport.Field()
