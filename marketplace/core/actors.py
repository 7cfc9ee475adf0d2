"""Who does a thing: the one value that services and selectors ask for permission."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Actor:
    """A person (or the market itself) with the scopes of their roles.

    `vendor_roles` maps a vendor's id to `owner` or `seller`. `helped_user_id` names the person on whose behalf
    an agent acts. Codes are those of `places`: two digits for a province, five for a commune.
    """

    user_id: int | None = None
    is_operator: bool = False
    is_system: bool = False
    province_codes: frozenset[str] = frozenset()
    commune_codes: frozenset[str] = frozenset()
    agent_commune_codes: frozenset[str] = frozenset()
    vendor_roles: dict[int, str] = field(default_factory=dict)
    helped_user_id: int | None = None

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody signed in (or the market itself acts)."""
        return self.user_id is not None or self.is_system

    @property
    def administers_a_commune(self) -> bool:
        """Whether this is staff of some commune (or the operator)."""
        return self.is_system or self.is_operator or bool(self.commune_codes)

    def may_administer_commune(self, commune_code: str) -> bool:
        """Whether this is staff of that commune (or the operator): may verify, refuse, sign."""
        return self.is_system or self.is_operator or commune_code in self.commune_codes

    def may_read_commune(self, commune_code: str, province_code: str) -> bool:
        """Whether this may read the commune's figures: its staff, its province's staff, the operator."""
        return self.may_administer_commune(commune_code) or province_code in self.province_codes

    def may_read_province(self, province_code: str) -> bool:
        """Whether this may read the figures of a whole province."""
        return self.is_system or self.is_operator or province_code in self.province_codes

    def may_sell_for(self, vendor_id: int | None) -> bool:
        """Whether this is a member (owner or seller) of the vendor. Of no vendor, nobody is but the system."""
        return self.is_system or vendor_id in self.vendor_roles

    def may_own(self, vendor_id: int) -> bool:
        """Whether this is an owner of the vendor: bank account, members, feeds."""
        return self.is_system or self.vendor_roles.get(vendor_id) == "owner"


ANONYMOUS = Actor()
SYSTEM = Actor(is_system=True)
