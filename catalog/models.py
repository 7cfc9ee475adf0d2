"""Products and their variants, certificates, photos and stock."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalog.elsewhere_models import ListingElsewhere as ListingElsewhere
from catalog.own_models import GoodsImport as GoodsImport
from catalog.own_models import ListingDraft as ListingDraft
from catalog.own_models import StockMovement as StockMovement
from catalog.paper_models import CertificateFile as CertificateFile
from catalog.paper_models import ProductDocument as ProductDocument
from catalog.slug_fields import SlugOfText
from catalog.translated_slugs import EnglishSlug
from marketplace.core.models import WithMetadata, WithTranslations

PRICE_VND_MAX = 499_999_999  # one NAPAS247 transfer stays below 500,000,000 đồng
ALCOHOL_SETS = (14, 15)
"""OCOP sets of spirits and other alcoholic drinks; a test holds them against catalog/data/ocop_sets.json."""


class Product(WithMetadata, WithTranslations):
    """Something a shop lists. Shown to shoppers only when published and its shop may sell."""

    class Listing(models.TextChoices):
        DRAFT = "draft", _("Bản nháp")
        IN_REVIEW = "in_review", _("Đang chờ duyệt")
        PUBLISHED = "published", _("Đang bán")
        REJECTED = "rejected", _("Cần sửa lại")
        WITHDRAWN = "withdrawn", _("Đã ngừng bán")

    id = models.BigAutoField(primary_key=True)
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="products")
    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    storage_note = models.CharField(max_length=300, blank=True)
    """How it is kept, in the maker's words."""
    shelf_life_note = models.CharField(max_length=120, blank=True)
    brand = models.CharField(max_length=120, blank=True)
    """The trade mark on the label. This and the next six are what Circular 02/2024/TT-BKHCN has buyers told."""
    producer_name = models.CharField(max_length=160, blank=True)
    """Who made it; empty where the shop did."""
    producer_address = models.CharField(max_length=200, blank=True)
    made_note = models.CharField(max_length=120, blank=True)
    """When it was made, in the maker's words: a day, or a season."""
    lot_number = models.CharField(max_length=60, blank=True)
    """The lot or serial number on the label."""
    materials_note = models.CharField(max_length=300, blank=True)
    """What it is made of and where that came from: one step back."""
    trace_code = models.CharField(max_length=60, blank=True)
    """The code under which a trace system knows it (TCVN 13274:2020), as printed."""
    ocop_set = models.PositiveSmallIntegerField()
    """Number 1-26 of the OCOP product sets (catalog.ocop_sets)."""
    commune_of_origin = models.ForeignKey("places.Commune", on_delete=models.PROTECT, related_name="products")
    listing = models.CharField(max_length=10, choices=Listing.choices, default=Listing.DRAFT)
    listing_reason = models.CharField(max_length=300, blank=True)
    """Why the reviewer sent it back, for its shop."""
    submitted_at = models.DateTimeField(null=True, blank=True)
    """Since when it waits for review, or last did."""
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    """When it was first published: an edit does not make it new again."""
    price_from_vnd = models.BigIntegerField(null=True, blank=True)
    """The lowest price of its variants on sale, kept so that lists can be ordered by it; None without any."""
    is_alcohol = models.BooleanField(default=False)
    is_health_food = models.BooleanField(default=False)
    folded_name = models.CharField(max_length=200)
    folded_text = models.TextField(blank=True)
    """Everything else a search may find it by, folded: description, maker, place, set."""
    sort_key = models.CharField(max_length=400)
    generation = models.PositiveBigIntegerField(default=0)
    """Raised by every change that a cached answer could show."""
    is_demo = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sản phẩm")
        verbose_name_plural = _("sản phẩm")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ocop_set__gte=1, ocop_set__lte=26), name="ocop_set_1_to_26"),
            models.CheckConstraint(
                condition=~Q(ocop_set__in=ALCOHOL_SETS) | Q(is_alcohol=True), name="alcohol_sets_are_alcohol"
            ),
            models.CheckConstraint(
                condition=~Q(listing="published") | Q(published_at__isnull=False), name="published_since_when"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["listing", "slug"], name="product_by_slug"),
            models.Index(fields=["listing", "-published_at", "id"], name="product_by_newness"),
            models.Index(fields=["listing", "sort_key", "id"], name="product_by_name"),
            models.Index(fields=["listing", "price_from_vnd", "id"], name="product_by_price"),
            # Where what has no price comes last (queries/product_filters.py in marketplace/api/graphql).
            models.Index("listing", Coalesce("price_from_vnd", PRICE_VND_MAX + 1), "id", name="product_by_cost"),
            models.Index(fields=["listing", "updated_at", "id"], name="product_by_change"),
            models.Index(fields=["listing", "made_at", "id"], name="product_by_making"),
            models.Index(fields=["vendor", "listing", "id"], name="product_by_vendor"),
            models.Index(fields=["listing", "ocop_set"], name="product_by_set"),
            models.Index(fields=["commune_of_origin", "listing"], name="product_by_origin"),
            models.Index(fields=["submitted_at", "id"], name="product_waiting", condition=Q(listing="in_review")),
            models.Index(EnglishSlug("translations"), name="product_by_english_slug"),
        ]

    def __str__(self) -> str:
        return self.name


class ProductVariant(WithMetadata, WithTranslations):
    """A size or kind of a product with its price in đồng. A product without kinds has one."""

    id = models.BigAutoField(primary_key=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    name = models.CharField(max_length=80, blank=True)
    """For example "Hũ 500 g"; empty when there is only one."""
    unit = models.CharField(max_length=40)
    """What the price is for: "hũ", "kg", "chai 500 ml"."""
    kind_slug = SlugOfText(of=("name", "unit"))
    unit_slug = SlugOfText(of=("unit",))
    """What programs call the kind and the unit by. No index: they are looked for among a product's own variants."""
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="+", db_index=False)
    """The product's shop, kept here so that the database itself keeps `sku` unique within a shop."""
    sku = models.CharField(max_length=60, null=True, blank=True)
    """The shop's own code: other shops may have the same."""
    price_vnd = models.BigIntegerField()
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("loại hàng")
        verbose_name_plural = _("loại hàng")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(price_vnd__gt=0, price_vnd__lte=PRICE_VND_MAX), name="price_is_possible"
            ),
            models.UniqueConstraint(fields=["vendor", "sku"], name="sku_once_a_vendor"),
        ]
        indexes: ClassVar = [models.Index(fields=["product", "position"], name="variant_by_product")]

    def __str__(self) -> str:
        return self.name or self.unit


class Stock(models.Model):
    """How many of a variant lie at one place. `allocated` are sold and not yet handed over, `reserved` are
    held for a checkout that is being paid. Both are always within `quantity`: the database refuses overselling.
    """

    id = models.BigAutoField(primary_key=True)
    variant = models.ForeignKey(ProductVariant, on_delete=models.PROTECT, related_name="stocks")
    warehouse = models.ForeignKey("vendors.Warehouse", on_delete=models.PROTECT, related_name="stocks")
    quantity = models.IntegerField(default=0)
    allocated = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("hàng tại một nơi")
        verbose_name_plural = _("hàng tại một nơi")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["variant", "warehouse"], name="stock_once_a_place"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, allocated__gte=0, reserved__gte=0), name="stock_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("allocated") + F("reserved")), name="stock_never_oversold"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} - {self.allocated} - {self.reserved}"

    @property
    def available(self) -> int:
        """What a new buyer can still get here."""
        return self.quantity - self.allocated - self.reserved


class OcopCertificate(models.Model):
    """The decision that gave a product its stars. Stars show only while it is verified and valid.

    Valid for 36 months from issue (Decision 148/QĐ-TTg; the basis is kept per certificate).
    """

    class State(models.TextChoices):
        DECLARED = "declared", _("Chờ xác nhận")
        VERIFIED = "verified", _("Đã xác nhận")
        REFUSED = "refused", _("Không được xác nhận")
        WITHDRAWN = "withdrawn", _("Đã thu hồi")

    id = models.BigAutoField(primary_key=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="certificates")
    stars = models.PositiveSmallIntegerField()
    decision_number = models.CharField(max_length=60)
    issued_on = models.DateField()
    expires_on = models.DateField()
    issuer = models.CharField(max_length=160)
    product_code = models.CharField(max_length=40, blank=True)
    """OCOP code such as `83-829-28780-3-2022`: an opaque text, since its district part is obsolete."""
    legal_basis = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DECLARED)
    declared_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("giấy chứng nhận OCOP")
        verbose_name_plural = _("giấy chứng nhận OCOP")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stars__gte=3, stars__lte=5), name="certificate_3_to_5_stars"),
            models.CheckConstraint(condition=Q(expires_on__gt=F("issued_on")), name="certificate_expires_later"),
            models.UniqueConstraint(
                fields=["product"], name="one_verified_certificate", condition=Q(state="verified")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "expires_on"], name="certificate_by_expiry"),
            # Without it SQLite reads all valid certificates for the stars of twenty products.
            models.Index(fields=["product", "state", "expires_on"], name="certificate_by_product"),
        ]

    def __str__(self) -> str:
        return f"{self.stars}★ {self.decision_number}"


class ProductMedia(models.Model):
    """A photo of a product, re-encoded by us: no metadata, no disguise."""

    id = models.BigAutoField(primary_key=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="media")
    image = models.ImageField(upload_to="products/", width_field="width", height_field="height")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    alt = models.CharField(max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_illustration = models.BooleanField(default=False)
    """Drawn by the program, not photographed: said on the page."""
    is_complete = models.BooleanField(default=False)
    """Whether every size is on the disk as JPEG and as WebP; pictures from before that have two JPEGs."""
    cannot_be_completed = models.BooleanField(default=False)
    """Its file is gone or broken, so that no task tries again."""

    class Meta:
        verbose_name = _("ảnh sản phẩm")
        verbose_name_plural = _("ảnh sản phẩm")
        indexes: ClassVar = [
            models.Index(fields=["product", "position"], name="media_by_product"),
            models.Index(
                fields=["id"],
                name="media_to_complete",
                condition=Q(is_complete=False, cannot_be_completed=False),
            ),
        ]

    def __str__(self) -> str:
        return self.alt or str(self.pk)
