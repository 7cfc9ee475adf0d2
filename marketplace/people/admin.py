"""People and their roles as the operator manages them; roles are given through the service, which journals them."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.looking import AskingAdmin, LookOnlyAdmin, LookOnlyInline, operator_of
from marketplace.core.phone import mask_email, mask_phone
from marketplace.people.models import HelpConsent, Role, SecondFactor, User
from marketplace.people.services import give_role, make_operator, take_role
from marketplace.people.sign_in import normal_login

ROLE_NAMES = {
    Role.Kind.OPERATOR.value: _("Người vận hành"),
    Role.Kind.PROVINCE.value: _("Cán bộ tỉnh"),
    Role.Kind.COMMUNE.value: _("Cán bộ xã, phường"),
    Role.Kind.AGENT.value: _("Tổ công nghệ số"),
}
_SCOPE = re.compile(r"\d{2}|\d{5}")
_PHONE = re.compile(r"[+\d][\d .]{6,20}")


# Django's groups give rights that nothing here asks for: what people may do comes from their roles.
admin.site.unregister(Group)


class Roles(LookOnlyInline):
    model = Role
    fields = ("kind", "province", "commune", "given_at")


class RoleFilter(admin.SimpleListFilter):
    """People who hold a role of one kind."""

    title = _("vai trò")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The kinds, in words."""
        return list(ROLE_NAMES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those who hold it."""
        if self.value() not in ROLE_NAMES:
            return queryset
        return queryset.filter(pk__in=Role.objects.filter(kind=self.value()).values("user"))


def _role_words(role: Role) -> str:
    scope = role.commune or role.province
    return f"{ROLE_NAMES[role.kind]} · {scope.name}" if scope else str(ROLE_NAMES[role.kind])


@admin.register(User)
class UserAdmin(LookOnlyAdmin):
    """People, with phone and e-mail masked: who they are is their business."""

    list_display = (
        "called",
        "roles_held",
        "masked_phone",
        "masked_email",
        "two_steps",
        "is_active",
        "made_at",
    )
    list_filter = (RoleFilter, "is_active", "is_demo")
    search_fields = ("=phone", "=email", "name")
    search_help_text = _("Tên, số điện thoại, thư điện tử, hoặc mã xã, tỉnh của vai trò (01501, 04)")
    ordering = ("-pk",)
    fields = ("name", "masked_phone", "masked_email", "is_active", "is_staff", "language_code", "made_at")
    readonly_fields = fields
    inlines: ClassVar = [Roles]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """People with their roles and whether they have a second step; two statements more a page."""
        rows: QuerySet[Any] = super().get_queryset(request)
        factor = SecondFactor.objects.filter(user=OuterRef("pk"), confirmed_at__isnull=False)
        rows = rows.annotate(has_two_steps=Exists(factor))
        return rows.prefetch_related("roles__commune", "roles__province")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Also a phone as people write it, and the code of a commune or province whose staff are looked for."""
        text = search_term.strip()
        if _SCOPE.fullmatch(text):
            held = Role.objects.filter(Q(commune=text) | Q(province=text) | Q(commune__province=text))
            return queryset.filter(pk__in=held.values("user")), False
        return super().get_search_results(request, queryset, normal_login(text) if _PHONE.fullmatch(text) else text)

    @admin.display(description=_("tên"), ordering="name")
    def called(self, user: User) -> str:
        """The name, or what else there is to open the page by."""
        return str(user)

    @admin.display(description=_("vai trò"))
    def roles_held(self, user: User) -> str:
        """Each role with where it is for."""
        return ", ".join(_role_words(role) for role in user.roles.all())

    @admin.display(description=_("xác minh hai bước"), boolean=True)
    def two_steps(self, user: User) -> bool:
        """Whether a code is asked for besides the password."""
        return bool(getattr(user, "has_two_steps", False))

    @admin.display(description=_("điện thoại"))
    def masked_phone(self, user: User) -> str:
        """The phone with its middle hidden."""
        return mask_phone(user.phone) if user.phone else ""

    @admin.display(description=_("thư điện tử"))
    def masked_email(self, user: User) -> str:
        """The address with its middle hidden."""
        return mask_email(user.email) if user.email else ""


@admin.register(Role)
class RoleAdmin(AskingAdmin):
    """Roles are given here by the operator; the service checks the scope and writes the journal."""

    list_display = ("user", "kind", "province", "commune", "given_at")
    list_filter = ("kind",)
    search_fields = ("user__name", "=user__phone", "=user__email", "=commune__code", "=province__code")
    list_select_related = ("user", "province", "commune")
    autocomplete_fields = ("user", "commune")
    fields = ("user", "kind", "province", "commune")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A role is given or taken, never turned into another."""
        return False

    def save_model(self, request: HttpRequest, obj: Role, form: ModelForm[Role], change: bool) -> None:
        """Give the role through the service; an operator's opens /admin/, too."""
        actor, now = operator_of(request), clock.now()
        given = give_role(
            actor=actor, user=obj.user, kind=obj.kind, province=obj.province, commune=obj.commune, now=now
        )
        if given.kind == Role.Kind.OPERATOR:
            make_operator(actor=actor, user=obj.user, now=now)
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
