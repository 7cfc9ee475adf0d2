"""A played Saleor's furniture: its shop, channels in đồng, warehouses, and what is asked of them."""

from __future__ import annotations

from typing import Any

from tests.saleor.played.connections import Sorted
from tests.saleor.played.registry import Asking, PermissionDenied, guarded, query
from tests.saleor.played.world import CURRENCY, Thing, World

VIETNAM: Thing = {"code": "VN", "country": "Vietnam", "vat": None}
WAREHOUSE_PERMISSIONS = ("MANAGE_PRODUCTS", "MANAGE_ORDERS", "MANAGE_SHIPPING")


def furnish(world: World) -> None:
    """A shop with one channel in đồng and one warehouse that serves Vietnam."""
    world.add(
        "Shop",
        name="Chợ tỉnh",
        domain={"host": world.domain, "sslEnabled": False, "url": world.url + "/"},
        defaultCountry=VIETNAM,
        defaultWeightUnit="KG",
        fulfillmentAutoApprove=True,
        fulfillmentAllowUnpaid=True,
    )
    make_channel(world, slug="viet-nam", name="Việt Nam")
    make_warehouse(world, slug="kho-chinh", name="Kho chính")


def make_channel(world: World, *, slug: str, name: str, currency: str = CURRENCY) -> Thing:
    """An active channel whose money comes by transfer: its transactions charge at once."""
    return world.add(
        "Channel",
        slug=slug,
        name=name,
        isActive=True,
        currencyCode=currency,
        hasOrders=False,
        defaultCountry=VIETNAM,
        countries=[VIETNAM],
        warehouses=[],
        stockSettings={"allocationStrategy": "PRIORITIZE_SORTING_ORDER"},
        orderSettings={
            "automaticallyConfirmAllNewOrders": True,
            "automaticallyFulfillNonShippableGiftCard": True,
            "markAsPaidStrategy": "TRANSACTION_FLOW",
            "defaultTransactionFlowStrategy": "CHARGE",
            "allowUnpaidOrders": False,
            "includeDraftOrderInVoucherUsage": False,
        },
        checkoutSettings={"useLegacyErrorFlow": False, "automaticallyCompleteFullyPaidCheckouts": False},
        paymentSettings={
            "defaultTransactionFlowStrategy": "CHARGE",
            "releaseFundsForExpiredCheckouts": False,
        },
    )


def make_warehouse(world: World, *, slug: str, name: str) -> Thing:
    """A warehouse that serves Vietnam for every channel made so far."""
    warehouse = world.add(
        "Warehouse",
        slug=slug,
        name=name,
        email="",
        isPrivate=False,
        companyName="",
        clickAndCollectOption="DISABLED",
        address=make_address(world, city="Mộc Châu"),
        stocks=[],
        shippingZones=[],
    )
    channels = world.kinds["Channel"]
    zone = world.add("ShippingZone", name="Việt Nam", countries=[VIETNAM], channels=channels, warehouses=[warehouse])
    warehouse["shippingZones"].append(zone)
    for channel in channels:
        channel["warehouses"].append(warehouse)
    return warehouse


def make_address(world: World, **fields: Any) -> Thing:
    """An address in Vietnam; its city in capitals, as Saleor keeps it."""
    given: Thing = {
        "firstName": "Thu",
        "lastName": "Nguyễn",
        "companyName": "",
        "streetAddress1": "Tiểu khu 12",
        "streetAddress2": "",
        "city": "Mộc Châu",
        "cityArea": "",
        "postalCode": "",
        "countryArea": "Sơn La",
        "country": VIETNAM,
        "phone": "+84912345678",
    } | fields
    return world.add("Address", **given | {"city": given["city"].upper()})


@query("channels")
def _channels(asking: Asking) -> list[Thing]:
    if asking.app is None:
        raise PermissionDenied("AUTHENTICATED_APP", "AUTHENTICATED_STAFF_USER")
    return list(asking.world.kinds["Channel"])


@query("channel")
def _channel(asking: Asking, id: str | None = None, slug: str | None = None) -> Thing | None:
    if id is not None:
        return asking.world.find(id, "Channel")
    return asking.world.first("Channel", slug=slug)


@query("warehouse", *WAREHOUSE_PERMISSIONS)
def _warehouse(asking: Asking, id: str | None = None, **_other: Any) -> Thing | None:
    return asking.world.find(id, "Warehouse")


@query("warehouses", *WAREHOUSE_PERMISSIONS)
def _warehouses(asking: Asking, filter: Thing | None = None, **_paging: Any) -> list[Thing]:
    wanted = filter or {}
    found = [
        one
        for one in asking.world.kinds["Warehouse"]
        if ("slugs" not in wanted or one["slug"] in wanted["slugs"])
        and ("ids" not in wanted or one["id"] in wanted["ids"])
        and str(wanted.get("search") or "").lower() in one["name"].lower()
    ]
    return Sorted(found, by=["slug"])


guarded("Channel", "hasOrders", needs=("MANAGE_CHANNELS",))
guarded("Channel", "orderSettings", needs=("MANAGE_CHANNELS", "MANAGE_ORDERS"))
guarded("Channel", "checkoutSettings", needs=("MANAGE_CHANNELS", "MANAGE_CHECKOUTS"))
guarded("Channel", "paymentSettings", needs=("MANAGE_CHANNELS", "HANDLE_PAYMENTS"))
