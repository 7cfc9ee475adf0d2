"""An App looks after its own webhooks: `webhookCreate`, `webhookUpdate`, `webhookDelete`."""

from __future__ import annotations

import json
from typing import Any

from tests.saleor.played.apps import make_webhook
from tests.saleor.played.manifests import ManifestRefused, check_webhook
from tests.saleor.played.registry import Asking, PermissionDenied, Refusal, mutation
from tests.saleor.played.world import Thing


def _checked(given: Thing) -> dict[str, Any]:
    """The input as a manifest would say it. Raises `Refusal`."""
    # Saleor keeps the names of headers in lower case.
    headers = {name.lower(): value for name, value in json.loads(given.get("customHeaders") or "{}").items()}
    read = {**given, "customHeaders": headers}
    try:
        check_webhook(read)
    except ManifestRefused as error:
        raise Refusal("query", "INVALID", str(error)) from error
    return read


def _own(asking: Asking, webhook_id: str) -> Thing:
    if asking.app is None:
        raise PermissionDenied("MANAGE_APPS", "AUTHENTICATED_APP")
    for one in asking.app["webhooks"]:
        if one["id"] == webhook_id:
            own: Thing = one
            return own
    raise Refusal("id", "NOT_FOUND", f"Couldn't resolve to a node: {webhook_id}")


@mutation("webhookCreate")
def _create(asking: Asking, input: Thing) -> dict[str, Any]:
    if asking.app is None:
        raise PermissionDenied("MANAGE_APPS", "AUTHENTICATED_APP")
    given = _checked(input)
    if any(one["identifier"] == given["identifier"] for one in asking.app["webhooks"]):
        raise Refusal("identifier", "UNIQUE", "Webhook with this App and Identifier already exists.")
    made = make_webhook(asking.world, given)
    asking.app["webhooks"].append(made)
    return {"webhook": made}


@mutation("webhookUpdate")
def _update(asking: Asking, input: Thing, id: str) -> dict[str, Any]:
    own = _own(asking, id)
    made = make_webhook(asking.world, _checked(input))
    asking.world.remove(made)
    own.update({name: value for name, value in made.items() if name != "id"})
    return {"webhook": own}


@mutation("webhookDelete")
def _delete(asking: Asking, id: str) -> dict[str, Any]:
    own = _own(asking, id)
    assert asking.app is not None
    asking.app["webhooks"].remove(own)
    return {"webhook": own}
