"""Provinces, communes, their former units, villages, and market sites. No district level since 1 July 2025."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.text import SORT_KEY_CHARACTERS_MAX

SITE_NAME_CHARACTERS_MAX = 120
SITE_LINE_CHARACTERS_MAX = 200
VILLAGE_NAME_CHARACTERS_MAX = 60


class Province(models.Model):
    """One of the 34 provinces and centrally run cities, keyed by its two-digit text code."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=60)
    """With its type, as the official table writes it: "Tỉnh Cao Bằng", "Thành phố Hà Nội"."""
    type = models.CharField(max_length=20)
    """Tỉnh or Thành phố."""
    folded = models.CharField(max_length=60)
    sort_key = models.CharField(max_length=200)
    """Of the short name: Hà Nội stands before Hà Tĩnh, not under T for Thành phố."""

    class Meta:
        ordering: ClassVar = ["sort_key", "code"]
        verbose_name = _("tỉnh, thành phố")
        verbose_name_plural = _("tỉnh, thành phố")

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """The name without its type: "Cao Bằng"."""
        return self.name.removeprefix(self.type).strip()


class Commune(models.Model):
    """A commune, ward or special zone, keyed by its five-digit text code."""

    code = models.CharField(max_length=5, primary_key=True)
    name = models.CharField(max_length=80)
    type = models.CharField(max_length=20)
    """Xã, Phường or Đặc khu, taken from the name itself: the source's own column is wrong in four rows."""
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="communes")
    folded = models.CharField(max_length=80)
    sort_key = models.CharField(max_length=240)
    """Of the short name, as for provinces."""
    lat = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    lon = models.DecimalField(max_digits=8, decimal_places=5, null=True)

    class Meta:
        ordering: ClassVar = ["sort_key", "code"]
        verbose_name = _("xã, phường, đặc khu")
        verbose_name_plural = _("xã, phường, đặc khu")
        indexes: ClassVar = [
            models.Index(fields=["province", "sort_key"], name="commune_by_province"),
            models.Index(fields=["folded"], name="commune_by_folded"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """The name without its type: "Đàm Thủy"."""
        return self.name.removeprefix(self.type).strip()

    @property
    def label(self) -> str:
        """The name with its province, since 246 names repeat over provinces: "Xã Đàm Thủy, Cao Bằng"."""
        return f"{self.name}, {self.province.short_name}"


class FormerUnit(models.Model):
    """A unit before July 2025 and one commune of today that it went into; divided units have several rows."""

    id = models.BigAutoField(primary_key=True)
    old_ward_code = models.CharField(max_length=5, blank=True, db_index=True)
    """Not a key: five islands share a blank one."""
    old_ward = models.CharField(max_length=80, blank=True)
    """Blank for five island districts, which had no wards."""
    old_district = models.CharField(max_length=80)
    old_province = models.CharField(max_length=60)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="former_units")
    is_default = models.BooleanField()
    """The commune to assume where nobody can be asked; exactly one of an old unit's rows."""
    is_divided = models.BooleanField()
    """Whether the old unit went to several communes, so that a person must choose."""
    folded = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("đơn vị cũ")
        verbose_name_plural = _("đơn vị cũ")
        indexes: ClassVar = [models.Index(fields=["folded"], name="former_by_folded")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["old_ward_code", "old_ward", "old_district", "old_province", "commune"],
                name="former_unit_once",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.old_ward, self.old_district, self.old_province]))

    @property
    def name(self) -> str:
        """The old unit's own name: its ward, or the island district that had none."""
        return self.old_ward or self.old_district


class Village(models.Model):
    """A group of households within a commune (thôn, tổ dân phố…), as the commune itself lists them.

    Villages are no administrative units: they have no codes, and no shipped table holds them. A row is never
    deleted: one that was merged or closed keeps its name, and the name brings it back.
    """

    class Kind(models.TextChoices):
        """Part of a proper name, and so never translated."""

        THON = "thon", "Thôn"
        XOM = "xom", "Xóm"
        BAN = "ban", "Bản"
        LANG = "lang", "Làng"
        AP = "ap", "Ấp"
        BUON = "buon", "Buôn"
        KHU_PHO = "khu_pho", "Khu phố"
        KHOI_PHO = "khoi_pho", "Khối phố"
        KHOM = "khom", "Khóm"
        TO_DAN_PHO = "to_dan_pho", "Tổ dân phố"

    class State(models.TextChoices):
        ACTIVE = "active", _("Đang dùng")
        MERGED = "merged", _("Đã gộp")
        CLOSED = "closed", _("Đã đóng")

    id = models.BigAutoField(primary_key=True)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="villages")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=VILLAGE_NAME_CHARACTERS_MAX)
    """Without its kind: "Bản Giốc" of Thôn Bản Giốc, "5" of Tổ dân phố 5."""
    state = models.CharField(max_length=6, choices=State.choices, default=State.ACTIVE)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    folded = models.CharField(max_length=100)
    """Of the name with its kind in Vietnamese: Thôn 1 and Tổ dân phố 1 of one commune are two."""
    sort_key = models.CharField(max_length=SORT_KEY_CHARACTERS_MAX)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["sort_key", "id"]
        verbose_name = _("thôn, xóm, tổ dân phố")
        verbose_name_plural = _("thôn, xóm, tổ dân phố")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["commune", "folded"], name="village_once_a_commune"),
            models.CheckConstraint(
                name="village_merged_into_another",
                condition=(
                    Q(state="merged", merged_into__isnull=False) & ~Q(merged_into=models.F("id"))
                    | ~Q(state="merged") & Q(merged_into__isnull=True)
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name with its kind: "Thôn Bản Giốc"."""
        return f"{self.get_kind_display()} {self.name}"

    @property
    def is_active(self) -> bool:
        """Whether shops may be in it."""
        return self.state == self.State.ACTIVE


class MarketSite(models.Model):
    """A market (chợ) or a point where OCOP goods are shown and sold."""

    class Kind(models.TextChoices):
        MARKET = "market", _("Chợ")
        OCOP_POINT = "ocop_point", _("Điểm giới thiệu OCOP")

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(_("loại"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("tên"), max_length=SITE_NAME_CHARACTERS_MAX)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="market_sites", verbose_name=_("xã, phường, đặc khu")
    )
    address_line = models.CharField(_("địa chỉ"), max_length=SITE_LINE_CHARACTERS_MAX, blank=True)
    opening_note = models.CharField(_("giờ mở cửa"), max_length=SITE_LINE_CHARACTERS_MAX, blank=True)
    lat = models.DecimalField(_("vĩ độ"), max_digits=8, decimal_places=5, null=True, blank=True)
    lon = models.DecimalField(_("kinh độ"), max_digits=8, decimal_places=5, null=True, blank=True)
    folded = models.CharField(max_length=140)
    sort_key = models.CharField(max_length=SORT_KEY_CHARACTERS_MAX)
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("chợ, điểm giới thiệu")
        verbose_name_plural = _("chợ, điểm giới thiệu")
        indexes: ClassVar = [models.Index(fields=["sort_key", "id"], name="market_site_by_name")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="market_site_lies_on_earth",
                violation_error_message=_("Bạn điền cả vĩ độ và kinh độ, hoặc để trống cả hai."),
                condition=Q(lat__isnull=True, lon__isnull=True)
                # Compared with NULL, SQL finds neither yes nor no, and a check lets that pass.
                | Q(
                    lat__isnull=False,
                    lon__isnull=False,
                    lat__range=(-90, 90),
                    lon__range=(-180, 180),
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name
