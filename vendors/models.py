"""Shops, who works in them, where their money and goods lie, and what was checked about them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.kept_papers import KeptPaper
from marketplace.core.models import WithMetadata, WithTranslations

MEMO_PREFIX_CHARACTERS_MAX = 6  # with the 13 of a payment code: 19, what every bank's app keeps


class Vendor(WithMetadata, WithTranslations):
    """A shop: a household, cooperative or enterprise in one commune. Cannot sell until verified."""

    class Kind(models.TextChoices):
        HOUSEHOLD = "household"
        COOPERATIVE = "cooperative"
        ENTERPRISE = "enterprise"

    class Verification(models.TextChoices):
        NONE = "none"
        DECLARED = "declared"
        VERIFIED_BY_STAFF = "verified_by_staff"
        VNEID = "vneid"

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    commune = models.ForeignKey("places.Commune", on_delete=models.PROTECT, related_name="vendors")
    market_site = models.ForeignKey(
        "places.MarketSite", on_delete=models.PROTECT, null=True, blank=True, related_name="vendors"
    )
    village = models.ForeignKey(
        "places.Village", on_delete=models.PROTECT, null=True, blank=True, related_name="vendors"
    )
    """Of the shop's own commune and in use, which `vendors.guards` has the database itself see to."""
    stall_label = models.CharField(max_length=40, blank=True)
    address_line = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=16)
    registration_number = models.CharField(max_length=40, blank=True)
    """Tax code or business registration, shown on the shop's page as the law asks of sellers."""
    alcohol_licence_number = models.CharField(max_length=60, blank=True)
    story = models.TextField(blank=True)
    verification = models.CharField(max_length=20, choices=Verification.choices, default=Verification.NONE)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    refusal_reason = models.CharField(max_length=300, blank=True)
    folded = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=400)
    is_demo = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["commune", "verification"], name="vendor_by_commune"),
            models.Index(fields=["sort_key", "id"], name="vendor_by_name"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="vendor_verified_when_and_by_whom",
                condition=~Q(verification="verified_by_staff")
                | Q(verified_at__isnull=False, verified_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_sell(self) -> bool:
        """Whether the identity was checked; the law lets nobody sell before."""
        return self.verification in {self.Verification.VERIFIED_BY_STAFF, self.Verification.VNEID}


class Membership(models.Model):
    """A person's part in a shop: its owner, or a seller of it."""

    class RoleInShop(models.TextChoices):
        OWNER = "owner"
        SELLER = "seller"

    id = models.BigAutoField(primary_key=True)
    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=RoleInShop.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vendor", "user"], name="member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} of {self.vendor_id}"


class BankAccount(models.Model):
    """An account a shop is paid into. One is active; earlier ones stay, since old codes still name them."""

    id = models.BigAutoField(primary_key=True)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="bank_accounts")
    bin = models.CharField(max_length=6)
    account_number = models.CharField(max_length=19)
    account_name = models.CharField(max_length=60)
    """The holder as the bank writes it: capitals without marks."""
    memo_prefix = models.CharField(max_length=MEMO_PREFIX_CHARACTERS_MAX, blank=True)
    is_active = models.BooleanField(default=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vendor"], name="one_active_account", condition=Q(is_active=True)),
            models.UniqueConstraint(fields=["vendor", "bin", "account_number"], name="account_once_a_vendor"),
        ]
        indexes: ClassVar = [models.Index(fields=["account_number", "bin"], name="account_by_number")]

    def __str__(self) -> str:
        return f"{self.bin} …{self.account_number[-4:]}"


class Warehouse(WithMetadata):
    """A place where a shop's goods lie (Saleor's Warehouse): the shop, a stall, an OCOP point."""

    class Kind(models.TextChoices):
        SHOP = "shop"
        STALL = "stall"
        OCOP_POINT = "ocop_point"

    id = models.BigAutoField(primary_key=True)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="warehouses")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SHOP)
    name = models.CharField(max_length=120)
    address_line = models.CharField(max_length=200, blank=True)
    market_site = models.ForeignKey("places.MarketSite", on_delete=models.PROTECT, null=True, blank=True)
    pick_up = models.BooleanField(default=True)
    """Whether shoppers may fetch their goods here, free of charge."""
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["vendor", "is_active"], name="warehouse_by_vendor")]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """When a shop is open: the same hours on every day that is no day off, a rest at noon, and holidays."""

    vendor = models.OneToOneField(Vendor, on_delete=models.CASCADE, primary_key=True, related_name="hours")
    opens = models.TimeField()
    closes = models.TimeField()
    rests_from = models.TimeField(null=True, blank=True)
    rests_until = models.TimeField(null=True, blank=True)
    days_off = models.PositiveSmallIntegerField(default=0)
    """The days of the week that are off, a bit each: 1 is Monday, 64 is Sunday."""
    note = models.CharField(max_length=160, blank=True)
    """What no table of hours can say: "Chợ phiên ngày 2 và 7 âm lịch"."""
    closed_until = models.DateField(null=True, blank=True)
    """The last day of a holiday."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="hours_close_after_they_open"),
            models.CheckConstraint(
                name="hours_rest_within",
                condition=Q(rests_from__isnull=True, rests_until__isnull=True)
                | Q(
                    rests_from__isnull=False,
                    rests_until__isnull=False,
                    rests_from__gt=F("opens"),
                    rests_until__gt=F("rests_from"),
                    rests_until__lt=F("closes"),
                ),
            ),
            models.CheckConstraint(condition=Q(days_off__gte=0, days_off__lt=127), name="hours_one_day_is_open"),
        ]

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


class ShopDocument(models.Model):
    """A paper that the law wants of a shop, and how long it is good for; the paper itself stays in the drawer, and
    photos of it or a PDF may be here too."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration", _("Đăng ký kinh doanh")
        FOOD_SAFETY = "food_safety", _("Chứng nhận an toàn thực phẩm")
        FOOD_COMMITMENT = "food_commitment", _("Cam kết thực phẩm an toàn")
        SELF_DECLARATION = "self_declaration", _("Bản tự công bố sản phẩm")
        ALCOHOL = "alcohol", _("Giấy phép rượu")
        ADVERTISING = "advertising", _("Xác nhận nội dung quảng cáo")
        OTHER = "other", _("Giấy tờ khác")

    id = models.BigAutoField(primary_key=True)
    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    number = models.CharField(max_length=60)
    issuer = models.CharField(max_length=160, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    """The last day it is good; null for one that does not end."""
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="document_ends_after_it_began",
                condition=Q(issued_on__isnull=True) | Q(expires_on__isnull=True) | Q(expires_on__gt=F("issued_on")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["vendor", "expires_on"], name="document_by_vendor"),
            models.Index(fields=["expires_on"], name="document_by_end", condition=Q(removed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class DocumentFile(KeptPaper):
    """A photo or a PDF of one of a shop's papers, for its members and for staff of its commune."""

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey(ShopDocument, on_delete=models.CASCADE, related_name="files")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["document", "id"], name="document_file_by_document")]

    def __str__(self) -> str:
        return str(self.pk)


class PaperReminder(models.Model):
    """An owner of a shop was told by mail that a paper ends: once a paper, its end, the step, and the person.

    The row is there before the mail is sent, so that of two workers one sends it.
    """

    class Step(models.TextChoices):
        MONTH = "month"
        """It ends within 30 days."""
        WEEK = "week"
        """It ends within 7 days."""
        ENDED = "ended"

    id = models.BigAutoField(primary_key=True)
    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="paper_reminders")
    subject = models.CharField(max_length=40)
    """Which paper: "document:12" or "certificate:5"."""
    ends_on = models.DateField()
    """The end that was spoken of: a paper that was renewed is spoken of anew."""
    step = models.CharField(max_length=5, choices=Step.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "ends_on", "step", "user"], name="paper_reminded_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.step}"


class SeenNotice(models.Model):
    """Something that a shop was told and that a member of it has read: it is not told again."""

    id = models.BigAutoField(primary_key=True)
    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="seen_notices")
    subject = models.CharField(max_length=40)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["vendor", "subject"], name="notice_seen_once")]

    def __str__(self) -> str:
        return self.subject
