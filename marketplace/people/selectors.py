"""What may be asked about people's roles."""

from __future__ import annotations

from marketplace.people.models import HelpConsent, Role, User


def roles_of(user: User) -> list[Role]:
    """All roles of the administration that a person has; one statement."""
    return list(Role.objects.filter(user=user))


def has_consent(*, person_id: int, agent_id: int) -> bool:
    """Whether the person lets the agent act for them at present."""
    return HelpConsent.objects.filter(person_id=person_id, agent_id=agent_id, withdrawn_at=None).exists()
