"""Which shops are in which village: chosen by the shop or its commune's staff, moved when villages are merged."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.places.models import Village
from marketplace.places.villages import ID_MAX, end_village, locked_villages, require_active
from vendors.access import require_commune_staff
from vendors.models import Vendor
from vendors.recording import record_vendor


class UnknownVillage(InvalidInput):
    """What was chosen is no village in use of the shop's commune."""


class VillageHasShops(Conflict):
    """Shops would be left in a village that is no more."""


def chosen_village(choice: str, *, commune_code: str) -> Village | None:
    """The village that a form's choice names, locked so that nobody ends it meanwhile; None for "".

    Raises `UnknownVillage`, also for a village of another commune or out of use.
    """
    if not choice:
        return None
    number = int(choice) if choice.isascii() and choice.isdigit() and len(choice) <= len(str(ID_MAX)) else 0
    villages = Village.objects.select_for_update().filter(commune=commune_code, state=Village.State.ACTIVE)
    village = villages.filter(pk=min(number, ID_MAX)).first()
    if village is None:
        raise UnknownVillage(_("Bạn chọn lại thôn, xóm trong danh sách của xã."), field="village")
    return village


def set_village(*, actor: Actor, vendor: Vendor, village: str, now: datetime) -> Vendor:
    """Commune staff note in which village a shop is; "" takes it away. Again changes nothing.

    Raises `NotFound` for staff of elsewhere, `UnknownVillage`.
    """
    require_commune_staff(actor, vendor.commune_id)
    with transaction.atomic():
        chosen = chosen_village(village, commune_code=vendor.commune_id)
        locked = Vendor.objects.select_for_update().get(pk=vendor.pk)
        if locked.village_id != (chosen.pk if chosen else None):
            locked.village = chosen
            locked.save(update_fields=["village"])
            record_vendor("vendor.changed", locked, actor=actor, now=now, fields="village")
    return locked


def merge_village(*, actor: Actor, village_id: int, into_id: int, now: datetime) -> int:
    """Make a village part of another one of its commune: its shops move there, and it is out of use.

    Answers how many shops moved. Raises `NotFound` for staff of elsewhere, `InvalidInput` naming `into` for the same
    village or one of another commune, `VillageEnded` for one that is out of use.
    """
    if village_id == into_id:
        raise InvalidInput(_("Bạn chọn một thôn, xóm khác để gộp vào."), field="into")
    with transaction.atomic():
        village, into = locked_villages(actor=actor, ids=[village_id, into_id])
        if village.commune_id != into.commune_id:
            raise InvalidInput(_("Hai thôn, xóm phải của cùng một xã."), field="into")
        require_active(village)
        require_active(into)
        moved = Vendor.objects.filter(village=village).update(village=into)
        end_village(village, actor=actor, into=into, now=now, shops=moved)
    return moved


def close_village(*, actor: Actor, village_id: int, now: datetime) -> Village:
    """Take a village without shops out of use; one that has shops is merged, or its shops are moved first.

    Raises `NotFound` for staff of elsewhere, `VillageHasShops`, `VillageEnded`.
    """
    with transaction.atomic():
        (village,) = locked_villages(actor=actor, ids=[village_id])
        require_active(village)
        shops = Vendor.objects.filter(village=village).count()
        if shops:
            sentence = _("Còn {count} gian hàng ở đây. Bạn gộp vào thôn, xóm khác thì gian hàng theo sang.")
            raise VillageHasShops(format_lazy(sentence, count=shops))
        end_village(village, actor=actor, into=None, now=now)
    return village
