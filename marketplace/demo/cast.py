"""The people of the demo market, who sign in to try it. Their password is public: the demo holds nothing real."""

from __future__ import annotations

from dataclasses import dataclass

DEMO_PASSWORD = "cho40-chi-de-thu"  # noqa: S105 - public on purpose
DEMO_DOMAIN = "cho40.example"
DEMO_PHONE_START = "+84991000"
"""No operator serves numbers that begin so: a demo number rings nobody."""

SHOP_OF_DEMO_OWNER = "Công ty TNHH Kolia"
STAFF_PROVINCE_CODE = "04"
OCOP_POINT_COMMUNE_CODE = "01273"
NENH_COMMUNE_CODE = "07795"


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who can sign in: their role, name and the local part of their address."""

    role: str
    name: str
    login: str
    number: int

    @property
    def email(self) -> str:
        return f"{self.login}@{DEMO_DOMAIN}"

    @property
    def phone(self) -> str:
        return demo_phone(self.number)


CAST = (
    DemoPerson("operator", "Người vận hành (thử)", "van-hanh", 1),
    DemoPerson("province", "Cán bộ tỉnh Cao Bằng (thử)", "tinh", 2),
    DemoPerson("commune", "Cán bộ xã (thử)", "xa", 3),
    DemoPerson("agent", "Tổ công nghệ số (thử)", "to-so", 4),
    DemoPerson("owner", "Chủ gian hàng (thử)", "chu", 5),
    DemoPerson("seller", "Người bán hàng (thử)", "ban", 6),
    DemoPerson("shopper", "Người mua (thử)", "mua", 7),
)


def demo_phone(number: int) -> str:
    """The demo's telephone number `number` (0-999) in E.164."""
    return f"{DEMO_PHONE_START}{number:03d}"
