"""Provinces, communes, their former units, and market sites. There is no district level since 1 July 2025."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Province(models.Model):
    """One of the 34 provinces and centrally run cities, keyed by its two-digit text code."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=60)
    """With its type, as the official table writes it: "Tỉnh Cao Bằng", "Thành phố Hà Nội"."""
    type = models.CharField(max_length=20)
    folded = models.CharField(max_length=60)
    sort_key = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["sort_key"]

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
    lat = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    lon = models.DecimalField(max_digits=8, decimal_places=5, null=True)

    class Meta:
        ordering: ClassVar = ["sort_key"]
        indexes: ClassVar = [
            models.Index(fields=["province", "sort_key"], name="commune_by_province"),
            models.Index(fields=["folded"], name="commune_by_folded"),
        ]

    def __str__(self) -> str:
        return self.name


class FormerUnit(models.Model):
    """A unit before July 2025 and one commune of today that it went into; divided units have several rows."""

    id = models.BigAutoField(primary_key=True)
    old_ward_code = models.CharField(max_length=5, blank=True, db_index=True)
    """Not a key: five islands share a blank one."""
    old_ward = models.CharField(max_length=80)
    old_district = models.CharField(max_length=80)
    old_province = models.CharField(max_length=60)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="former_units")
    is_default = models.BooleanField()
    is_divided = models.BooleanField()
    folded = models.CharField(max_length=80)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["folded"], name="former_by_folded")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["old_ward_code", "old_ward", "old_district", "old_province", "commune"],
                name="former_unit_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_ward}, {self.old_district}, {self.old_province}"


class MarketSite(models.Model):
    """A market (chợ) or a point where OCOP goods are shown and sold."""

    class Kind(models.TextChoices):
        MARKET = "market"
        OCOP_POINT = "ocop_point"

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="market_sites")
    address_line = models.CharField(max_length=200, blank=True)
    opening_note = models.CharField(max_length=200, blank=True)
    lat = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    lon = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    folded = models.CharField(max_length=140)
    sort_key = models.CharField(max_length=300)
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
