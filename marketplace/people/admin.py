"""People and their roles as the operator manages them; roles are given through the service, which journals them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from marketplace.core import clock
from marketplace.core.looking import AskingAdmin, LookOnlyAdmin, LookOnlyInline, operator_of
from marketplace.core.phone import mask_email, mask_phone
from marketplace.people.models import HelpConsent, Role, User
from marketplace.people.services import give_role, take_role


class Roles(LookOnlyInline):
    model = Role
    fields = ("kind", "province", "commune", "given_at")


@admin.register(User)
class UserAdmin(LookOnlyAdmin):
    """People, with phone and e-mail masked: who they are is their business."""

    list_display = ("name", "masked_phone", "masked_email", "is_active", "is_demo", "made_at")
    list_filter = ("is_active", "is_demo")
    search_fields = ("=phone", "=email", "name")
    ordering = ("-pk",)
    fields = ("name", "masked_phone", "masked_email", "is_active", "is_staff", "language_code", "made_at")
    readonly_fields = fields
    inlines: ClassVar = [Roles]

    @admin.display(description="phone")
    def masked_phone(self, user: User) -> str:
        """The phone with its middle hidden."""
        return mask_phone(user.phone) if user.phone else ""

    @admin.display(description="e-mail")
    def masked_email(self, user: User) -> str:
        """The address with its middle hidden."""
        return mask_email(user.email) if user.email else ""


@admin.register(Role)
class RoleAdmin(AskingAdmin):
    """Roles are given here by the operator; the service checks the scope and writes the journal."""

    list_display = ("user", "kind", "province", "commune", "given_at")
    list_filter = ("kind",)
    list_select_related = ("user", "province", "commune")
    autocomplete_fields = ("user", "commune")
    fields = ("user", "kind", "province", "commune")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A role is given or taken, never turned into another."""
        return False

    def save_model(self, request: HttpRequest, obj: Role, form: ModelForm[Role], change: bool) -> None:
        """Give the role through the service."""
        given = give_role(
            actor=operator_of(request),
            user=obj.user,
            kind=obj.kind,
            province=obj.province,
            commune=obj.commune,
            now=clock.now(),
        )
        obj.pk = given.pk

    def delete_model(self, request: HttpRequest, obj: Role) -> None:
        """Take the role through the service."""
        take_role(actor=operator_of(request), role=obj, now=clock.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Role]) -> None:
        """Take each of the chosen roles, so that each stands in the journal."""
        for role in queryset:
            take_role(actor=operator_of(request), role=role, now=clock.now())


@admin.register(HelpConsent)
class HelpConsentAdmin(LookOnlyAdmin):
    """Who let whom help them, and until when."""

    list_display = ("person", "agent", "means", "given_at", "withdrawn_at")
    list_select_related = ("person", "agent")
