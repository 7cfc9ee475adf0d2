"""Which manifest of an App Saleor 3.24 takes: required members, addresses, permissions, versions, subscriptions."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from graphql import FieldNode, InlineFragmentNode, OperationDefinitionNode

from tests.saleor.played.event_types import ASYNC_EVENTS, SYNC_EVENTS, type_of
from tests.saleor.played.executing import Invalid, document_of
from tests.saleor.played.schema import schema

REQUIRED = ("id", "name", "version")
TEXTS = (
    "about",
    "appUrl",
    "tokenTargetUrl",
    "dataPrivacyUrl",
    "homepageUrl",
    "supportUrl",
    "audience",
    "requiredSaleorVersion",
    "author",
)
IMAGES = frozenset({"image/png"})
"""Saleor takes a PNG as an App's logo, and nothing else."""
IDENTIFIER_CHARACTERS_MAX = 256
BEFORE, RELEASE = 0, 2
"""A prerelease numbered only (3.24.0-0) and a release; Saleor's own (a.0) lies between."""
PLAYED = (3, 24, 0, 1)
SPEC = re.compile(r"^(\^|~|>=|>|<=|<|=)?\s*(\d+)(?:\.(\d+|x))?(?:\.(\d+|x))?(-0)?$")
CUSTOM_HEADER = re.compile(r"^(authorization.*|x-.*)$", re.IGNORECASE)
CUSTOM_HEADERS_MAX = 5


class ManifestRefused(Exception):
    """Saleor does not install an App with this manifest."""


def check_manifest(manifest: Any, granted: set[str]) -> None:
    """Raise `ManifestRefused` for the first thing that Saleor would not take. `granted` is what staff allowed."""
    if not isinstance(manifest, dict):
        raise ManifestRefused("Invalid manifest format.")
    for name in REQUIRED:
        if not isinstance(manifest.get(name), str) or not manifest[name]:
            raise ManifestRefused(f"{name}: Field required.")
    for name in TEXTS:
        if manifest.get(name) is not None and not isinstance(manifest[name], str):
            raise ManifestRefused(f"{name}: Input should be a valid string.")
    for name in ("appUrl", "tokenTargetUrl"):
        if manifest.get(name) is not None:
            _check_url(manifest[name], name)
    _check_logo(manifest.get("brand"))
    _check_version(manifest.get("requiredSaleorVersion"))
    _check_permissions(manifest.get("permissions", []))
    for extension in manifest.get("extensions") or ():
        _check_extension(extension, manifest, granted)
    _check_identifiers(manifest.get("extensions") or ())
    for webhook in manifest.get("webhooks") or ():
        check_webhook(webhook)
    _check_identifiers(manifest.get("webhooks") or ())


def events_of(webhook: Mapping[str, Any]) -> list[str]:
    """The events of a webhook: as it lists them, or as its subscription names them where it lists none."""
    listed = [*webhook.get("asyncEvents", ()), *webhook.get("syncEvents", ())]
    return listed or list(_subscribed(webhook["query"]))


def _check_url(url: str, where: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ManifestRefused(f"{where}: Invalid target url.")


def _check_logo(brand: Any) -> None:
    if brand is None:
        return
    logo = ((brand or {}).get("logo") or {}).get("default")
    if not isinstance(logo, str):
        raise ManifestRefused("brand.logo.default: Field required.")
    _check_url(logo, "brand.logo.default")
    if mimetypes.guess_type(logo)[0] not in IMAGES:
        raise ManifestRefused("Invalid file type for field: logo.default.")


def _check_version(wanted: str | None) -> None:
    for alternative in re.sub(r"([<>=~^])\s+", r"\1", wanted or "").split("||"):
        if all(_fits(one) for one in alternative.split()):
            return
    raise ManifestRefused("Saleor version 3.24.0-a.0 is not supported by the app.")


def _fits(one: str) -> bool:
    """Whether 3.24.0-a.0 fits; prereleases count in their natural order, so it lies a little before 3.24.0."""
    found = SPEC.match(one)
    if found is None:
        raise ManifestRefused("Incorrect value for required Saleor version.")
    operator, parts, is_prerelease = found[1] or "=", found.groups()[1:4], found[5] is not None
    given = tuple(int(part) for part in parts if part not in (None, "x"))
    wanted = (*(*given, 0, 0)[:3], BEFORE if is_prerelease else RELEASE)
    if operator in ("^", "~") or len(given) < len(parts):
        tilde = (operator == "~" and len(given) > 1) or (operator == "=" and len(given) == 2)
        border = (given[0], given[1] + 1) if tilde else (given[0] + 1, 0)
        if operator in ("^", "~", "="):
            return wanted <= PLAYED < (*border, 0, BEFORE)
    return {
        "=": wanted == PLAYED,
        ">=": wanted <= PLAYED,
        ">": wanted < PLAYED,
        "<=": wanted >= PLAYED,
        "<": wanted > PLAYED,
    }[operator]


def _check_permissions(wanted: Any) -> None:
    known = schema().type_map["PermissionEnum"].values  # type: ignore[attr-defined] # an enum's
    if not isinstance(wanted, list) or any(one not in known for one in wanted):
        raise ManifestRefused(f"permissions: Given permissions don't exist. {wanted}")
    if "MANAGE_APPS" in wanted:
        raise ManifestRefused("MANAGE_APPS permission cannot be granted to an app.")


def _check_extension(extension: Mapping[str, Any], manifest: Mapping[str, Any], granted: set[str]) -> None:
    for name in ("label", "url", "mount"):
        if not isinstance(extension.get(name), str):
            raise ManifestRefused(f"extensions.{name}: Field required.")
    if extension["url"].startswith("/"):
        if not manifest.get("appUrl"):
            raise ManifestRefused("extensions: Incorrect value for field: url.")
    else:
        _check_url(extension["url"], "extensions.url")
    _check_permissions(extension.get("permissions", []))
    if not set(extension.get("permissions", ())) <= granted:
        raise ManifestRefused("Extension permission must be listed in App's permissions.")


def _check_identifiers(members: Any) -> None:
    identifiers = [one.get("identifier", "").strip() for one in members if (one.get("identifier") or "").strip()]
    if any(len(one) > IDENTIFIER_CHARACTERS_MAX for one in identifiers):
        raise ManifestRefused("Identifier is too long. Maximum length is 256 characters.")
    if len(set(identifiers)) < len(identifiers):
        raise ManifestRefused("Duplicate identifier.")


def check_webhook(webhook: Mapping[str, Any]) -> None:
    """Raise `ManifestRefused` for a webhook that Saleor would not take."""
    for name in ("name", "targetUrl", "query"):
        if not isinstance(webhook.get(name), str):
            raise ManifestRefused(f"webhooks.{name}: Field required.")
    _check_url(webhook["targetUrl"], "webhooks.targetUrl")
    if not set(webhook.get("asyncEvents", ())) <= ASYNC_EVENTS.keys():
        raise ManifestRefused(f"Invalid asynchronous event. {webhook['asyncEvents']}")
    if not set(webhook.get("syncEvents", ())) <= SYNC_EVENTS.keys():
        raise ManifestRefused(f"Invalid synchronous event. {webhook['syncEvents']}")
    headers = webhook.get("customHeaders") or {}
    if len(headers) > CUSTOM_HEADERS_MAX or not all(CUSTOM_HEADER.match(name) for name in headers):
        raise ManifestRefused("Invalid custom headers")
    events = events_of(webhook)
    if not events:
        raise ManifestRefused("Subscription query is not valid: no events.")
    unsubscribed = set(events) - set(_subscribed(webhook["query"]))
    if unsubscribed:
        # Saleor installs it all the same and sends empty bodies: no test of ours means that.
        raise ManifestRefused(f"the subscription of {webhook['name']} says nothing of {sorted(unsubscribed)}")


def _subscribed(query: str) -> Iterator[str]:
    try:
        document = document_of(query)
    except Invalid as error:
        raise ManifestRefused(f"Subscription query is not valid: {error}") from error
    by_type = {type_of(event): event for event in (*ASYNC_EVENTS, *SYNC_EVENTS)}
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation.value != "subscription":
        raise ManifestRefused("Subscription query is not valid: Must be one subscription.")
    for field in operations[0].selection_set.selections:
        if not isinstance(field, FieldNode) or field.name.value != "event" or field.selection_set is None:
            raise ManifestRefused("this play knows subscriptions under `event` only")
        for part in field.selection_set.selections:
            if isinstance(part, InlineFragmentNode) and part.type_condition is not None:
                name = part.type_condition.name.value
                if name in by_type:
                    yield by_type[name]
