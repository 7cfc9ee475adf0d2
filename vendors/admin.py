"""Shops as the operator sees them: to look. Verification, accounts and members are changed by their services."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from marketplace.core.looking import LookOnlyAdmin, LookOnlyInline
from vendors.models import BankAccount, Membership, Vendor, Warehouse


class Members(LookOnlyInline):
    model = Membership
    fields = ("user", "role")


class Accounts(LookOnlyInline):
    model = BankAccount
    fields = ("bin", "number_end", "account_name", "is_active", "made_at")
    readonly_fields = ("number_end",)

    @admin.display(description="…")
    def number_end(self, account: BankAccount) -> str:
        """The last four characters: enough to tell accounts apart, too little to copy one."""
        return f"…{account.account_number[-4:]}"


class Warehouses(LookOnlyInline):
    model = Warehouse
    fields = ("kind", "name", "market_site", "pick_up", "is_active")


@admin.register(Vendor)
class VendorAdmin(LookOnlyAdmin):
    """Shops with their members, accounts and places."""

    list_display = ("name", "kind", "commune", "verification", "is_demo", "made_at")
    list_filter = ("verification", "kind", "is_demo")
    list_select_related = ("commune",)
    search_fields = ("folded", "slug")
    ordering = ("-pk",)
    exclude = ("folded", "sort_key", "metadata", "private_metadata", "translations")
    inlines: ClassVar = [Members, Accounts, Warehouses]
