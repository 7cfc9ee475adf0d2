from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.names import whole_name


class Address(models.Model):
    """Where goods go or a bill is made out to: a snapshot, never shared between two orders."""

    id = models.BigAutoField(primary_key=True)
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    company_name = models.CharField(max_length=160, blank=True)
    street_address_1 = models.CharField(max_length=200, blank=True)
    street_address_2 = models.CharField(max_length=200, blank=True)
    commune = models.ForeignKey("places.Commune", on_delete=models.PROTECT, null=True)
    """Holds the province too. Null for an address outside Vietnam, and for one that a program has yet to fill in."""
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, default="VN")
    phone = models.CharField(max_length=16, blank=True)

    def __str__(self) -> str:
        return f"{self.street_address_1}, {self.commune_id}"

    @property
    def name(self) -> str:
        """Whoever the goods are for, the whole name; programs keep its parts as they gave them."""
        return whole_name(first=self.first_name, last=self.last_name)

    @property
    def is_complete(self) -> bool:
        """Whether somebody could find it: a program may fill an address in parts."""
        return bool(self.street_address_1) and (self.country != "VN" or self.commune_id is not None)


class SavedAddress(models.Model):
    """Where a person who signs in wants goods sent, kept for the next order until they take it away."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_addresses")
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=16)
    street = models.CharField(max_length=200)
    commune = models.ForeignKey("places.Commune", on_delete=models.PROTECT, related_name="+")
    postal_code = models.CharField(max_length=20, blank=True, default="", db_default="")
    """As programs give it, whose forms may require one; our own pages neither show nor ask it."""
    made_at = models.DateTimeField()
    used_at = models.DateTimeField()
    """The one used last is filled in first."""

    class Meta:
        verbose_name = _("địa chỉ đã lưu")
        verbose_name_plural = _("địa chỉ đã lưu")
        indexes: ClassVar = [models.Index(fields=["user", "-used_at"], name="saved_address_by_user")]

    def __str__(self) -> str:
        return f"of {self.user_id}"
