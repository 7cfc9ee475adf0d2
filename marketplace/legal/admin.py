"""Where the operator publishes a version of a text; what is published is only shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from marketplace.core import clock
from marketplace.core.errors import MarketError
from marketplace.core.looking import AskingAdmin, operator_of
from marketplace.legal.models import CHANGES_CHARACTERS_MAX, Kind, LegalVersion
from marketplace.legal.selectors import newest_version
from marketplace.legal.services import publish_version, refuse_bad_day

if TYPE_CHECKING:
    VersionModelForm = ModelForm[LegalVersion]
else:  # Django's own class takes no type parameter
    VersionModelForm = ModelForm

WORDS = ("title_vi", "body_vi", "changes_vi", "title_en", "body_en", "changes_en")
BODY_ROWS = 24


class VersionForm(VersionModelForm):
    """The words of the next version; what is amiss is said beside its field, and nothing that was typed is lost."""

    changes_vi = forms.CharField(max_length=CHANGES_CHARACTERS_MAX, widget=UnfoldAdminTextInputWidget)
    changes_en = forms.CharField(max_length=CHANGES_CHARACTERS_MAX, widget=UnfoldAdminTextInputWidget)

    def clean(self) -> dict[str, Any]:
        """Ask the service's own rule about the day."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("effective_on") and values.get("kind"):
            before, today = newest_version(values["kind"]), clock.vietnam_date(clock.now())
            try:
                refuse_bad_day(values["effective_on"], before=before, today=today)
            except MarketError as refusal:
                self.add_error("effective_on", str(refusal))
        return values


@admin.register(LegalVersion)
class LegalVersionAdmin(AskingAdmin):
    """All versions of all texts; a new one begins as the newest words of its kind (`?kind=privacy`)."""

    form = VersionForm
    formfield_overrides: ClassVar = {
        models.TextField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": BODY_ROWS})},
    }
    list_display = ("kind", "number", "effective_on", "title_vi", "published_at", "published_by")
    list_filter = ("kind",)
    list_select_related = ("published_by",)
    ordering = ("kind", "-number")
    fields = ("kind", "effective_on", *WORDS)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """What was published never changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Older versions stay readable."""
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The newest words of the kind that the address names, to be worked on; from today on."""
        kind = request.GET.get("kind", Kind.RULES.value)
        newest = newest_version(kind)
        words = {name: getattr(newest, name) for name in WORDS if not name.startswith("changes")} if newest else {}
        return {"kind": kind, "effective_on": clock.vietnam_date(clock.now()), **words}

    def save_model(self, request: HttpRequest, obj: LegalVersion, form: ModelForm[Any], change: bool) -> None:
        """Hand the words to the service, and give `obj` the row that it made."""
        obj.pk = publish_version(actor=operator_of(request), now=clock.now(), **form.cleaned_data).pk
