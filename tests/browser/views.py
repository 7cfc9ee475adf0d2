"""What can be looked at: an address, who looks, and in which state what is shown there is."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class View:
    """One page as one person sees it.

    `state` is empty for an address as the URL table gives it. With `filled` the page's form is filled in with these
    values and sent without the browser's own checks; `form` is where that form leads, "" for the page's first.
    """

    name: str
    role: str
    address: str
    state: str = ""
    language: str = "vi"
    filled: dict[str, str] | None = None
    form: str = ""
    status: int = 200
    without: str = field(default="")
    """The name of a field that is taken out of the form before it is sent."""

    @property
    def title(self) -> str:
        """A name for lists and files: `sell_order-cancelled-owner`."""
        return "-".join(part for part in (self.name, self.state, self.role) if part)
