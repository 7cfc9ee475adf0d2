"""Complaints as all three sides see them: who said what, the forms they write into, the photos they show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.errors import MarketError
from marketplace.orders.complaint_photos import photo_content
from marketplace.orders.models import COMPLAINT_CHARACTERS_MAX, Complaint, ComplaintMessage
from marketplace.orders.services.complaints import BY_STAFF
from storefront.commune.growth import in_sentence
from storefront.fields import CHOOSE, REQUIRED
from storefront.sell.fields import photo_bytes, photo_field
from storefront.settling import AskingForm, settled

PHOTO_KEPT_S = 3600
FIELDS = {"content": "photo"}
"""Fields of the services by the names that the forms give them."""


@dataclass(frozen=True)
class Said:
    """One message as its reader sees it."""

    who: str
    is_own: bool
    text: str
    made_at: datetime
    photo_url: str
    """Empty without a photo."""
    photo_width: int
    photo_height: int


def thread_of(complaint: Complaint, *, reader: str, photo_url: Callable[[int], str]) -> list[Said]:
    """What was said, the first message first; `photo_url` answers where the photo of a message is shown."""
    return [
        Said(
            who=_who(message, complaint, reader=reader),
            is_own=message.author == reader,
            text=message.text,
            made_at=message.made_at,
            photo_url=photo_url(message.pk) if message.photo else "",
            photo_width=message.photo_width,
            photo_height=message.photo_height,
        )
        for message in complaint.messages.all()
    ]


def _who(message: ComplaintMessage, complaint: Complaint, *, reader: str) -> str:
    if message.author == ComplaintMessage.Author.STAFF:
        return _("Cán bộ %(place)s") % {"place": in_sentence(complaint.commune.name)}
    if message.author == ComplaintMessage.Author.VENDOR:
        return complaint.vendor.name
    return _("Bạn") if reader == ComplaintMessage.Author.BUYER else _("Người mua")


def photo_answer(message: ComplaintMessage) -> HttpResponse:
    """A message's photo, for its reader alone. Raises `NotFound` where there is none."""
    response = HttpResponse(photo_content(message), content_type="image/jpeg")
    patch_cache_control(response, private=True, max_age=PHOTO_KEPT_S)
    return response


def words_field(label: Any) -> forms.CharField:
    """What somebody says, over several lines."""
    return forms.CharField(
        label=label,
        max_length=COMPLAINT_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": str(COMPLAINT_CHARACTERS_MAX)}),
    )


def picture_field() -> forms.FileField:
    """A photo that helps to understand; what it is, the service finds out."""
    return photo_field(camera=False, required=False, label=gettext_lazy("Ảnh chụp"))


class SayForm(AskingForm):
    """Something more is said, with a photo if there is one."""

    text = words_field(gettext_lazy("Lời nhắn của bạn"))
    photo = picture_field()


class AnswerForm(AskingForm):
    """An answer without a photo."""

    text = words_field(gettext_lazy("Trả lời, người mua và gian hàng cùng đọc"))


class CloseForm(AskingForm):
    """How staff end a complaint, and why."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Kết quả"),
        choices=[(outcome.value, outcome.label) for outcome in BY_STAFF],
        error_messages=CHOOSE,
        widget=forms.RadioSelect,
    )
    text = words_field(gettext_lazy("Kết luận, người mua và gian hàng cùng đọc"))


def said_with(form: AskingForm, say: Callable[..., object]) -> bool:
    """Whether what the form holds was said: `say` takes its text and photo. If not, the form says why."""

    def work(given: dict[str, Any]) -> None:
        content = photo_bytes(given)
        known = {name: value for name, value in given.items() if name != "photo"}
        try:
            say(**known, photo=content)
        except MarketError as error:
            error.field = FIELDS.get(error.field or "", error.field)
            raise

    return settled(form, work)
