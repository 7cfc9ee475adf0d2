"""Users, the administration's roles with their scopes, and consent to be helped."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import WithMetadata
from marketplace.core.secrets import EncryptedTextField

PHONE_CHARACTERS_MAX = 16
REDIRECT_CHARACTERS_MAX = 500


class UserManager(BaseUserManager["User"]):
    """Makes users; phone numbers come in E.164, e-mails in lower case."""

    def create_user(self, *, phone: str | None = None, email: str | None = None, **fields: Any) -> User:
        """A user who signs in by phone or e-mail. `password` None means: cannot sign in by password."""
        password = fields.pop("password", None)
        user: User = self.model(phone=phone or None, email=(email or "").lower() or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *, email: str, password: str, **fields: Any) -> User:
        """An operator, for `market` and Django's `createsuperuser`."""
        return self.create_user(email=email, password=password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin, WithMetadata):
    """A person. At least one of `phone` (E.164) and `email` (lower case) is known, each unique."""

    id = models.BigAutoField(primary_key=True)
    phone = models.CharField(max_length=PHONE_CHARACTERS_MAX, null=True, blank=True, unique=True)
    email = models.EmailField(null=True, blank=True, unique=True)
    name = models.CharField(max_length=120, blank=True)
    language_code = models.CharField(max_length=5, default="vi")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    """May open the operator's admin pages (Django's word; commune staff are `Role`s)."""
    token_generation = models.PositiveIntegerField(default=0)
    """Raised to make all tokens and all sessions handed out before worthless."""
    made_at = models.DateTimeField(auto_now_add=True)
    is_demo = models.BooleanField(default=False)
    billing_address_number = models.BigIntegerField(null=True, blank=True)
    """The kept address (`orders.SavedAddress`, above people) that bills are made out to, if one was said."""
    erased_at = models.DateTimeField(null=True, blank=True)
    """When the account was deleted: the row stays for the orders that name it, and says nothing of the person."""
    present_sign_in: SignIn | None = None
    """The sign-in by which this person asks just now (`marketplace.people.presence`); kept in no column."""

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(phone__isnull=False) | Q(email__isnull=False) | Q(erased_at__isnull=False),
                name="user_has_phone_or_email",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"  # a phone or an e-mail is nobody's to read in a list or a log

    def get_username(self) -> str:
        """What the person signs in with, for Django's pages: many have a phone and no e-mail."""
        return self.email or self.phone or ""

    def clean(self) -> None:
        """Nothing: Django would write `get_username` into the e-mail."""

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry to count; Django's, until the person once signed out everywhere."""
        value = f"{self.password}.{self.token_generation}" if self.token_generation else self.password
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()


class Role(models.Model):
    """A role of the administration with its scope. Owners and sellers are `vendors.Membership`s."""

    class Kind(models.TextChoices):
        OPERATOR = "operator"
        PROVINCE = "province"
        COMMUNE = "commune"
        AGENT = "agent"

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    province = models.ForeignKey("places.Province", on_delete=models.PROTECT, null=True, blank=True)
    commune = models.ForeignKey("places.Commune", on_delete=models.PROTECT, null=True, blank=True)
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="role_has_its_scope",
                condition=(
                    Q(kind="operator", province__isnull=True, commune__isnull=True)
                    | Q(kind="province", province__isnull=False, commune__isnull=True)
                    | Q(kind__in=["commune", "agent"], province__isnull=True, commune__isnull=False)
                ),
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "province"], name="role_once_province", condition=Q(kind="province")
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "commune"],
                name="role_once_commune",
                condition=Q(commune__isnull=False),
            ),
            models.UniqueConstraint(fields=["user", "kind"], name="role_once_operator", condition=Q(kind="operator")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.province_id or self.commune_id or ''}".strip()


class HelpConsent(models.Model):
    """A person's recorded consent that an agent acts on their behalf, until withdrawn.

    Never covers money, bank accounts or passwords: services refuse those to agents whatever stands here.
    """

    class Means(models.TextChoices):
        SPOKEN_BEFORE_STAFF = "spoken"
        SIGNED_PAPER = "paper"
        OWN_PHONE = "phone"

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents_given")
    agent = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents_held")
    means = models.CharField(max_length=8, choices=Means.choices)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "agent"], name="one_live_consent", condition=Q(withdrawn_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} -> {self.agent_id}"


class SignInAttempt(models.Model):
    """Failed sign-ins of one login name within a window, so that passwords cannot be guessed at speed."""

    login = models.CharField(max_length=254, primary_key=True)
    failures = models.PositiveSmallIntegerField(default=0)
    window_began_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.failures} failures"


class RefreshToken(models.Model):
    """A refresh token that was handed out: by its id only. Rotated once; coming back later means it was stolen."""

    token_id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="refresh_tokens")
    family = models.UUIDField(db_index=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)
    """When another took its place."""
    successor = models.UUIDField(null=True, blank=True)
    """The token that did."""
    sign_in = models.ForeignKey("SignIn", on_delete=models.CASCADE, null=True, blank=True, related_name="tokens")

    def __str__(self) -> str:
        return str(self.token_id)


class MailedLink(models.Model):
    """A secret that is sent by mail to be used once; only a keyed hash of it is kept."""

    secret_hash = models.CharField(max_length=64, blank=True, db_index=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)
    sendings = models.PositiveSmallIntegerField(default=0)
    send_after = models.DateTimeField(null=True, blank=True)
    """When the mail is to be sent, or to be tried again; None when there is nothing to send."""
    redirect_url = models.CharField(max_length=REDIRECT_CHARACTERS_MAX, blank=True)
    """The page of another site that the link leads to; empty for the market's own."""

    class Meta:
        abstract = True


class ResetWish(models.Model):
    """Somebody asked for a link by a login name, known here or not; a task looks it up, and deletes the row."""

    id = models.BigAutoField(primary_key=True)
    login = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    redirect_url = models.CharField(max_length=REDIRECT_CHARACTERS_MAX, blank=True)

    def __str__(self) -> str:
        return f"wish {self.pk}"  # the name is nobody's to read in a list or a log


class PasswordReset(MailedLink):
    """Leave to set a new password once: a link sent by e-mail, or a code that staff hand out in person.

    Only a keyed hash of the secret is kept. A new code ends the ones before; of several links, whose mails may come
    in any order, each counts until one is used.
    """

    class Means(models.TextChoices):
        EMAIL = "email"
        STAFF = "staff"

    class Checked(models.TextChoices):
        """How staff made sure of who stands before them."""

        PAPER = "paper", _("Đã xem căn cước hoặc giấy tờ có ảnh")
        KNOWN = "known", _("Biết rõ người này")

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="password_resets")
    means = models.CharField(max_length=5, choices=Means.choices)
    failures = models.PositiveSmallIntegerField(default=0)
    """Wrong codes that were tried; too many end it."""
    given_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["send_after"], name="reset_to_send", condition=Q(send_after__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.means} for {self.user_id}"


class Registration(MailedLink):
    """Somebody's wish to be known here by an e-mail address: a person is made of it once the link is used.

    Each keeps its own password, so that a link confirms just what its own registration said.
    """

    id = models.BigAutoField(primary_key=True)
    email = models.EmailField(db_index=True)
    name = models.CharField(max_length=120, blank=True)
    password = models.CharField(max_length=128)
    language_code = models.CharField(max_length=5, default="vi")
    metadata = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["send_after"], name="registration_to_send", condition=Q(send_after__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"registration {self.pk}"


class Deletion(MailedLink):
    """A person's wish to delete their account, to be confirmed by the link."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deletions")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["send_after"], name="deletion_to_send", condition=Q(send_after__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"deletion of {self.user_id}"


class SignIn(models.Model):
    """A sign-in that succeeded, and the session that it began, which ends at `ended_at`.

    Its number stands in the session's cookie, or in the tokens that a program was given.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    happened_at = models.DateTimeField(db_index=True)
    browser = models.CharField(max_length=40, blank=True)
    network = models.CharField(max_length=40, blank=True)
    """The network that it was last used from, without the part of the address that names one house."""
    is_program = models.BooleanField(default=False)
    by_two_steps = models.BooleanField(default=False)
    """Whether a code of the authenticator app was given besides the password."""
    last_used_at = models.DateTimeField(null=True, db_index=True)
    """To the hour. None for sign-ins from before sessions could be ended one by one."""
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} at {self.happened_at:%Y-%m-%d %H:%M}"


class SecondFactor(models.Model):
    """An authenticator app that a person must ask for a code besides the password (RFC 6238), once confirmed."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="second_factor")
    secret = EncryptedTextField()
    begun_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    """When a first code showed that the app has the secret; until then nothing is asked."""
    last_step = models.BigIntegerField(default=0)
    """The time step of the newest code that was taken: neither it nor an earlier one is taken again."""

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"


class RecoveryCode(models.Model):
    """A code that stands in for the app once, for whoever lost the phone. Only a keyed hash is kept."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "code_hash"], name="recovery_code_once"),
        ]

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"


class App(models.Model):
    """A program of somebody's, with a token of its own and just the permissions it was given (Saleor's names)."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=120)
    permissions = models.JSONField(default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    """A keyed hash of the token, which is shown once, when it is made."""
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
