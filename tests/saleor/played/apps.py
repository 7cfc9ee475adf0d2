"""Apps of a played Saleor: installed by the real handshake, and known by their token."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from string import ascii_letters, digits
from typing import Any

from tests.saleor.played.event_types import ASYNC_EVENTS, SYNC_EVENTS
from tests.saleor.played.manifests import ManifestRefused, check_manifest, events_of
from tests.saleor.played.registry import Asking, PermissionDenied, guarded, query, worked_out
from tests.saleor.played.transport import NoConnection, Reply, Transport
from tests.saleor.played.world import VERSION, Thing, World

SCHEMA_VERSION = "3.24"
TOKEN_CHARACTERS = 30


class InstallationFailed(Exception):
    """The installation is FAILED, with this message."""


def install(world: World, transport: Transport, manifest_url: str, permissions: set[str] | None = None) -> Thing:
    """Install an App: fetch its manifest, make it, hand it its token. `permissions`: what staff grants, else all it
    asks for. Raises `InstallationFailed`."""
    manifest = _manifest(transport, manifest_url)
    granted = set(manifest.get("permissions", ())) if permissions is None else permissions
    try:
        check_manifest(manifest, granted)
    except ManifestRefused as error:
        raise InstallationFailed(str(error)) from error
    if world.first("App", identifier=manifest["id"]):
        raise InstallationFailed(f"App with the same identifier is already installed: {manifest['name']}")
    app = _made(world, manifest, manifest_url, granted)
    if target := manifest.get("tokenTargetUrl"):
        try:
            hand_token(world, transport, app, target)
        except InstallationFailed:
            world.remove(app)
            raise
    world.tell("APP_INSTALLED", app=app)
    return app


def hand_token(world: World, transport: Transport, app: Thing, target_url: str, **headers: str) -> Reply:
    """POST the token to the App. `headers` replace Saleor's own. Raises `InstallationFailed` from 400 on."""
    told = {
        "Saleor-Domain": world.domain,
        "X-Saleor-Domain": world.domain,
        "Saleor-Api-Url": world.api_url,
        "Saleor-Schema-Version": SCHEMA_VERSION,
        **headers,
    }
    reply = _called(
        lambda: transport("POST", target_url, json.dumps({"auth_token": app["authToken"]}).encode(), told)
    )
    if reply.status >= 400:
        raise InstallationFailed(_error_of(reply))
    return reply


def app_with_token(world: World, token: str) -> Thing | None:
    """The active App that this token belongs to."""
    return next((one for one in world.kinds["App"] if one["authToken"] == token and one["isActive"]), None)


def delete(world: World, app: Thing) -> None:
    """Staff deletes the App: its token is worth nothing from now on, and it is told so once."""
    app["isActive"] = False
    world.remove(app)
    world.tell("APP_DELETED", app=app)


def set_active(world: World, app: Thing, is_active: bool) -> None:
    """Staff switches the App off or on: while it is off its token is refused and it hears nothing else."""
    app["isActive"] = is_active
    world.tell("APP_STATUS_CHANGED", app=app)


def _called(call: Callable[[], Reply]) -> Reply:
    try:
        return call()
    except NoConnection as error:
        raise InstallationFailed("Failed to connect to app.") from error


def _manifest(transport: Transport, url: str) -> dict[str, Any]:
    reply = _called(lambda: transport("GET", url, b"", {"Saleor-Schema-Version": SCHEMA_VERSION}))
    if reply.status != 200:
        raise InstallationFailed(f"Can't fetch manifest data: {reply.status}")
    try:
        read = json.loads(reply.body)
    except ValueError as error:
        raise InstallationFailed("Invalid manifest format.") from error
    if not isinstance(read, dict):
        raise InstallationFailed("Invalid manifest format.")
    return read


def _error_of(reply: Reply) -> str:
    try:
        return str(json.loads(reply.body)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return "App internal error"


def create(world: World, permissions: set[str], webhooks: Sequence[tuple[str, str]], **fields: Any) -> Thing:
    """`appCreate` and `webhookCreate`: an App without a handshake."""
    given = {"id": "market40.tests", "name": "market40", "version": "1"} | fields
    listed = [
        {
            "name": event.lower(),
            "targetUrl": fields.get("targetUrl", "http://testserver/saleor/webhooks/"),
            "query": subscription,
            "syncEvents" if event in SYNC_EVENTS else "asyncEvents": [event],
        }
        for event, subscription in webhooks
    ]
    return _made(world, {**given, "webhooks": listed}, "", permissions)


def _made(world: World, manifest: dict[str, Any], url: str, granted: set[str]) -> Thing:
    return world.add(
        "App",
        identifier=manifest["id"],
        name=manifest["name"],
        version=manifest["version"],
        author=manifest.get("author"),
        aboutApp=manifest.get("about"),
        appUrl=manifest.get("appUrl"),
        manifestUrl=url,
        dataPrivacyUrl=manifest.get("dataPrivacyUrl"),
        homepageUrl=manifest.get("homepageUrl"),
        supportUrl=manifest.get("supportUrl"),
        isActive=True,
        type="THIRDPARTY",
        created=world.moment(),
        breakerState="CLOSED",
        extensions=[],
        webhooks=[make_webhook(world, one) for one in manifest.get("webhooks") or ()],
        tokens=[],
        granted=frozenset(granted),
        permissions=[{"__typename": "Permission", "code": one, "name": one} for one in sorted(granted)],
        authToken="".join(secrets.choice(ascii_letters + digits) for _place in range(TOKEN_CHARACTERS)),
        manifest=manifest,
    )


def make_webhook(world: World, given: dict[str, Any]) -> Thing:
    """A webhook as a manifest or `WebhookCreateInput` says it."""
    events = events_of(given)
    return world.add(
        "Webhook",
        name=given["name"],
        identifier=given.get("identifier"),
        targetUrl=given["targetUrl"],
        isActive=given.get("isActive", True),
        subscriptionQuery=given["query"],
        customHeaders=json.dumps(given.get("customHeaders") or {}),
        heard=frozenset(events),
        asyncEvents=[_event(name) for name in events if name in ASYNC_EVENTS],
        syncEvents=[_event(name) for name in events if name in SYNC_EVENTS],
    )


def _event(name: str) -> Thing:
    return {"eventType": name, "name": name}


@query("app")
def _app(asking: Asking, id: str | None = None) -> Thing | None:
    if asking.app is None:
        raise PermissionDenied("AUTHENTICATED_APP")
    if id is None or id == asking.app["id"]:
        return asking.app
    raise PermissionDenied("MANAGE_APPS")


guarded("App", "accessToken", "problems", needs=("MANAGE_APPS",))


@query("shop")
def _shop(asking: Asking) -> Thing:
    return asking.world.kinds["Shop"][0]


@worked_out("Shop", "version", "schemaVersion")
def _version(asking: Asking, _shop: Thing) -> str:
    if asking.app is None:
        raise PermissionDenied("AUTHENTICATED_STAFF_USER", "AUTHENTICATED_APP")
    return VERSION
