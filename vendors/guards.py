"""What the database itself refuses of shops: to be in a village that is not their commune's, or not in use."""

from __future__ import annotations

from typing import Final

from marketplace.core.guards import Refusal

_NOT_ONE_OF_ITS_COMMUNE: Final = (
    "NOT EXISTS (SELECT 1 FROM places_village v WHERE v.id = NEW.village_id AND v.commune_id = NEW.commune_id "
    "AND v.state = 'active')"
)

VILLAGE_GUARDS: Final = (
    Refusal(
        name="vendor_in_village_at_first",
        table="vendors_vendor",
        on="INSERT",
        only="NEW.village_id IS NOT NULL",
        when=_NOT_ONE_OF_ITS_COMMUNE,
        message="a shop's village is one in use of its own commune",
    ),
    Refusal(
        # So that whatever moves a shop to another commune has to take its village away.
        name="vendor_in_village_later",
        table="vendors_vendor",
        on="UPDATE OF village_id, commune_id",
        only="NEW.village_id IS NOT NULL",
        when=_NOT_ONE_OF_ITS_COMMUNE,
        message="a shop's village is one in use of its own commune",
    ),
    Refusal(
        name="village_left_with_shops",
        table="places_village",
        on="UPDATE OF commune_id, state",
        only="NEW.state <> 'active' OR NEW.commune_id <> OLD.commune_id",
        when="EXISTS (SELECT 1 FROM vendors_vendor s WHERE s.village_id = NEW.id)",
        message="a village that has shops stays in use and in its commune",
    ),
)
