from __future__ import annotations

from django.db import models


class Address(models.Model):
    """Where goods go or a bill is made out to: a snapshot, never shared between two orders."""

    id = models.BigAutoField(primary_key=True)
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    company_name = models.CharField(max_length=160, blank=True)
    street_address_1 = models.CharField(max_length=200, blank=True)
    street_address_2 = models.CharField(max_length=200, blank=True)
    commune = models.ForeignKey("places.Commune", on_delete=models.PROTECT, null=True)
    """Holds the province too. Null only for an address outside Vietnam."""
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, default="VN")
    phone = models.CharField(max_length=16, blank=True)

    def __str__(self) -> str:
        return f"{self.street_address_1}, {self.commune_id}"
