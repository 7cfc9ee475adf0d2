"""Installing ourselves into a Saleor from the terminal: as its staff, or with the token of an App made there."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict, MarketError, NotAllowed
from marketplace.saleor.agreeing import agree, take_back
from marketplace.saleor.client import Saleor, SaleorAway, SaleorRefuses
from marketplace.saleor.each import installed
from marketplace.saleor.identity import APP_NAME, PERMISSIONS
from marketplace.saleor.joining import NotListed, SaleorSilent, join
from marketplace.saleor.leaving import NotInstalled, leave
from marketplace.saleor.manifest import at
from marketplace.saleor.models import Installation
from marketplace.saleor.places import allowed_url

ASKED_EVERY_S: Final = 1.0


class StaffRefused(NotAllowed):
    """Saleor does not let this token install an App."""


class InstallationFailed(Conflict):
    """Saleor began to install the App and could not end it."""


def manifest_url() -> str:
    """What staff pastes into Saleor's Dashboard."""
    return at("saleor-manifest")


def require_listed(api_url: str) -> str:
    """The address, if the market may be installed there. Raises `NotListed`."""
    listed = allowed_url(api_url)
    if listed is None:
        raise NotListed(_("Chợ này không được phép cài vào Saleor ở địa chỉ ấy. Xem SALEOR_API_URLS."))
    return listed


def install_as_staff(*, api_url: str, staff_token: str, wait_s: int) -> str:
    """Ask a Saleor to install us, with the token of a member of its staff, and wait for the end.

    The handshake comes to the running market by itself. Answers "installed", or "pending" if it takes longer than
    `wait_s`. Raises `NotListed`, `StaffRefused`, `InstallationFailed`, `SaleorSilent`.
    """
    listed = require_listed(api_url)
    asked = {"appName": APP_NAME, "manifestUrl": manifest_url(), "permissions": list(PERMISSIONS)}
    try:
        with Saleor(listed, staff_token) as saleor:
            begun = saleor.change("AppInstall", {"input": asked})["appInstallation"]
            return _wait_for(saleor, str(begun["id"]), wait_s=wait_s)
    except SaleorRefuses as error:
        sentence = _("Saleor không cho cài: {why}")
        raise StaffRefused(format_lazy(sentence, why=str(error))) from error
    except SaleorAway as error:
        raise _silent() from error


def install_as_app(*, api_url: str, token: str, now: datetime) -> Installation:
    """Join with the token of an App that staff made there by hand, and make its webhooks. Raises as `join`."""
    installation = join(api_url=api_url, token=token, now=now)
    agree(installation, now=now)
    return installation


def uninstall(*, api_url: str, now: datetime) -> bool:
    """Leave a Saleor; answers whether it knows, so that it sends nothing more. Raises `NotInstalled`."""
    row = installed().filter(api_url=api_url).first()
    if row is None:
        raise NotInstalled(_("Chợ không được cài vào Saleor này."))
    knows = take_back(row)
    leave(api_url=api_url, now=now)
    return knows


def _wait_for(saleor: Saleor, installation_id: str, *, wait_s: int) -> str:
    """Saleor's own row of the installation is gone when it ended well."""
    for turn in range(wait_s + 1):
        rows = saleor.ask("AppsInstallations", {})["appsInstallations"]
        own = next((one for one in rows if one["id"] == installation_id), None)
        if own is None:
            return "installed"
        if own["status"] == "FAILED":
            sentence = _("Saleor cài không xong: {why}")
            raise InstallationFailed(format_lazy(sentence, why=str(own.get("message") or "")))
        if turn < wait_s:
            time.sleep(ASKED_EVERY_S)
    return "pending"


def _silent() -> MarketError:
    return SaleorSilent(_("Saleor chưa trả lời. Bạn thử lại sau ít phút."))
