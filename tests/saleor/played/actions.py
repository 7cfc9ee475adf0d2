"""What staff asks of a transaction: charge, refund, cancel. A worker asks the App, so the answer comes later."""

from __future__ import annotations

from typing import Any

from tests.saleor.played.answers import AnswerRefused, action_result
from tests.saleor.played.items import add_event
from tests.saleor.played.registry import Asking, Refusal, worked_out
from tests.saleor.played.reporting import refresh_granted
from tests.saleor.played.transactions import event_of, fail, take_effect
from tests.saleor.played.transport import Reply
from tests.saleor.played.webhooks import Post
from tests.saleor.played.world import CURRENCY, Thing, World

EVENTS = {
    "CHARGE": "TRANSACTION_CHARGE_REQUESTED",
    "REFUND": "TRANSACTION_REFUND_REQUESTED",
    "CANCEL": "TRANSACTION_CANCELATION_REQUESTED",
}


def request_action(
    world: World,
    post: Post,
    transaction: Thing,
    action: str,
    *,
    amount_vnd: int | None = None,
    granted: Thing | None = None,
) -> Thing:
    """`transactionRequestAction`: the request event, which does not count before the App gave it a reference.

    The amount is at most what is charged (refund) or authorized (charge, cancel). The webhook waits in the queue.
    Raises `Refusal` where the App does not answer such requests.
    """
    bound = transaction["chargedAmount" if action == "REFUND" else "authorizedAmount"]
    amount = min(amount_vnd or bound, bound)
    request = add_event(world, transaction, f"{action}_REQUEST", amount, counts=False, grantedRefund=granted)
    event, app = EVENTS[action], transaction["owner"]
    subject: dict[str, Any] = {
        "transaction": transaction,
        "action": {"actionType": action, "amount": amount, "currency": CURRENCY},
    }
    if action == "REFUND":
        subject["grantedRefund"] = granted
    if not post.ask_later(event, app, subject, lambda reply: _answered(world, event, app, request, reply)):
        raise Refusal(None, "MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK", "No app or plugin is configured to handle.")
    refresh_granted(granted)
    return request


def grant_refund(world: World, order: Thing, transaction: Thing, amount_vnd: int, reason: str = "") -> Thing:
    """`orderGrantRefundCreate`: a promise to the buyer, asked of the App by `request_action` with it."""
    granted = world.add(
        "OrderGrantedRefund",
        amount=amount_vnd,
        reason=reason,
        status="NONE",
        createdAt=world.moment(),
        updatedAt=world.moment(),
        transaction=transaction,
        shippingCostsIncluded=False,
        lines=[],
        user=None,
        app=None,
        reasonReference=None,
    )
    order["grantedRefunds"].append(granted)
    return granted


def _answered(world: World, event: str, app: Thing, request: Thing, reply: Reply | None) -> None:
    transaction = request["transaction"]
    with world.lock:
        try:
            result = action_result(event, reply, asked=request["amount"])
        except AnswerRefused as error:
            fail(world, request, str(error))
            refresh_granted(request["grantedRefund"])
            return
        if result.psp_reference:
            request.update(pspReference=result.psp_reference, counts=True)
        if result.type:
            try:
                event_of(world, transaction, result, app=app, granted=request["grantedRefund"])
            except AnswerRefused as error:
                fail(world, request, str(error))
        if result.actions is not None:
            transaction["actions"] = result.actions
        take_effect(world, transaction)
        refresh_granted(request["grantedRefund"])


@worked_out("TransactionRefundRequested", "grantedRefund")
def _granted_refund(_asking: Asking, event: Thing) -> Thing | None:
    granted: Thing | None = event["grantedRefund"]
    return granted


@worked_out("OrderGrantedRefund", "transactionEvents")
def _granted_events(_asking: Asking, granted: Thing) -> list[Thing]:
    return [one for one in granted["transaction"]["events"] if one["grantedRefund"] is granted]
