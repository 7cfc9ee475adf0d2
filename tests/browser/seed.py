"""Run as a program: an empty market with an officer and a household that wants to sell; prints who they are."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from marketplace.core import clock  # noqa: E402 - needs Django set up
from marketplace.core.actors import SYSTEM  # noqa: E402
from marketplace.people.services import give_role, register_person  # noqa: E402
from marketplace.places.selectors import get_commune  # noqa: E402
from marketplace.running.preparing import prepare  # noqa: E402
from payments.services.feeds import create_feed  # noqa: E402
from vendors.services import register_vendor, set_bank_account  # noqa: E402

COMMUNE = "01501"  # Xã Đàm Thủy, Tỉnh Cao Bằng
PASSWORD = "mua-xuan-vung-cao"
ACCOUNT = "CHO40TEST00001"


def main() -> None:
    prepare()
    now = clock.now()
    commune = get_commune(COMMUNE)
    owner = register_person(name="Lò Thị Mây", phone="0912345678", password=PASSWORD, now=now)
    staff = register_person(name="Cán bộ xã", email="xa@cho40.example", password=PASSWORD, now=now)
    give_role(actor=SYSTEM, user=staff, kind="commune", commune=commune, now=now)
    vendor = register_vendor(
        actor=SYSTEM,
        owner=owner,
        name="Hộ Lò Thị Mây",
        kind="household",
        commune=commune,
        phone="0912345678",
        is_demo=True,  # so that the test may play its bank
        now=now,
    )
    set_bank_account(
        actor=SYSTEM, vendor=vendor, bin="970436", account_number=ACCOUNT, account_name="Lò Thị Mây", now=now
    )
    create_feed(actor=SYSTEM, vendor=vendor, provider="sepay", now=now)
    print(
        json.dumps(
            {
                "owner": "0912345678",
                "staff": "xa@cho40.example",
                "password": PASSWORD,
                "vendor": vendor.name,
                "account": ACCOUNT,
                "account_name": "LO THI MAY",
                "bin": "970436",
            }
        )
    )


if __name__ == "__main__":
    main()
