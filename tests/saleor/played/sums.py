"""What a transaction's events add up to: each action's amounts by pspReference, as Saleor 3.24 counts.

Of one pspReference an open request is pending, until a success or a failure of the same reference closes it; a
success counts unless a later failure took it back. Events that do not count (`counts` false) are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tests.saleor.played.world import Thing

ACTIONS = {
    "AUTHORIZATION": ("authorizedAmount", "authorizePendingAmount", None),
    "CHARGE": ("chargedAmount", "chargePendingAmount", "authorizedAmount"),
    "REFUND": ("refundedAmount", "refundPendingAmount", "chargedAmount"),
    "CANCEL": ("canceledAmount", "cancelPendingAmount", "authorizedAmount"),
}
"""Of each action: where its successes go, where its open requests go, and what both are taken from."""
AMOUNTS = tuple(name for done, pending, _source in ACTIONS.values() for name in (done, pending))


def sums_of(events: Sequence[Thing]) -> dict[str, int]:
    """Every amount of a transaction with these events, in đồng."""
    amounts = dict.fromkeys(AMOUNTS, 0)
    counted = _since_adjustment(sorted((one for one in events if one["counts"]), key=lambda one: one["createdAt"]))
    for event in counted:
        if not event["pspReference"]:
            _add_without_reference(amounts, event)
    for action, (done, pending, source) in ACTIONS.items():
        for of_reference in _by_reference(counted, action).values():
            _add_changes(amounts, of_reference)
            _add(amounts, of_reference, done=done, pending=pending, source=source)
    amounts["authorizedAmount"] = max(amounts["authorizedAmount"], 0)
    amounts["authorizePendingAmount"] = max(amounts["authorizePendingAmount"], 0)
    return amounts


def _action(event: Thing) -> tuple[str, str]:
    action, _underscore, stage = str(event["type"]).partition("_")
    return action, stage


def _since_adjustment(events: list[Thing]) -> list[Thing]:
    """An adjustment says the authorized amount anew: authorizations before the last one do not count."""
    adjusted = [place for place, one in enumerate(events) if one["type"] == "AUTHORIZATION_ADJUSTMENT"]
    last = adjusted[-1] if adjusted else 0
    return [one for place, one in enumerate(events) if place >= last or _action(one)[0] != "AUTHORIZATION"]


def _by_reference(events: list[Thing], action: str) -> dict[str, dict[str, Thing]]:
    """By pspReference the last event of each stage."""
    found: dict[str, dict[str, Thing]] = defaultdict(dict)
    for event in events:
        told, stage = _action(event)
        if told == action and event["pspReference"]:
            found[event["pspReference"]][stage] = event
    return found


def _add_changes(amounts: dict[str, int], of: dict[str, Thing]) -> None:
    if "ADJUSTMENT" in of:
        amounts["authorizedAmount"] = of["ADJUSTMENT"]["amount"]
    if "BACK" in of:
        amounts["chargedAmount"] -= of["BACK"]["amount"]
    if "REVERSE" in of:
        amounts["chargedAmount"] += of["REVERSE"]["amount"]
        amounts["refundedAmount"] -= of["REVERSE"]["amount"]


def _add(amounts: dict[str, int], of: dict[str, Thing], *, done: str, pending: str, source: str | None) -> None:
    request, success, failure = of.get("REQUEST"), of.get("SUCCESS"), of.get("FAILURE")
    moved = []
    if request and not success and not failure:
        moved.append((pending, request["amount"]))
    if success and (not failure or success["createdAt"] > failure["createdAt"]):
        moved.append((done, success["amount"]))
    for name, amount in moved:
        amounts[name] += amount
        if source is not None:
            amounts[source] -= amount


def _add_without_reference(amounts: dict[str, int], event: Thing) -> None:
    action, stage = _action(event)
    if stage == "SUCCESS" and action in ACTIONS:
        amounts[ACTIONS[action][0]] += event["amount"]
    elif stage in ("ADJUSTMENT", "BACK"):
        _add_changes(amounts, {stage: event})
    elif stage == "REVERSE":
        amounts["chargedAmount"] += event["amount"]
