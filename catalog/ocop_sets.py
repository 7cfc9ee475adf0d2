"""The 26 product sets of the OCOP programme, from the table in `data/ocop_sets.json` (its source stands there)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput
from marketplace.core.languages import ENGLISH


class UnknownOcopSet(InvalidInput):
    """The sets are numbered 1 to 26."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OcopSet:
    """One product set. Names are the decision's, in Vietnamese, and our translations of them."""

    no: int
    name: str
    english_name: str
    group: str
    """One of the programme's six groups."""
    english_group: str
    subgroup: str
    """Empty where the group is not divided."""
    alcohol: bool
    service: bool

    @property
    def shown_name(self) -> str:
        """The name in the language of who reads."""
        return self.english_name if _is_english() else self.name

    @property
    def shown_group(self) -> str:
        """The group in the language of who reads."""
        return self.english_group if _is_english() else self.group


@cache
def all_sets() -> tuple[OcopSet, ...]:
    """Every set, in order of its number."""
    table = json.loads((files("catalog") / "data" / "ocop_sets.json").read_text(encoding="utf-8"))
    return tuple(sorted((OcopSet(**row) for row in table["sets"]), key=lambda one: one.no))


def ocop_set(no: int) -> OcopSet:
    """The set with this number; raises UnknownOcopSet."""
    try:
        return _sets_by_number()[no]
    except (KeyError, TypeError):
        raise UnknownOcopSet(_("Hãy chọn một trong 26 nhóm sản phẩm OCOP."), field="ocop_set") from None


def _is_english() -> bool:
    return (get_language() or "").startswith(ENGLISH)


@cache
def _sets_by_number() -> Mapping[int, OcopSet]:
    return {one.no: one for one in all_sets()}
