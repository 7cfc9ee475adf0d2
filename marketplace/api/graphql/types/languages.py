"""The language of Saleor's enum in which somebody reads, as a person's row keeps it, and a checkout's."""

from __future__ import annotations

from typing import Any

LANGUAGE_CODE_CHARACTERS_MAX = 5


def language_kept(chosen: Any) -> str | None:
    """`vi` of `VI`, `pt-br` of `PT_BR`; of a longer one just the language (`zh` of `ZH_HANS`). None for none."""
    if chosen is None:
        return None
    code = str(getattr(chosen, "value", chosen)).lower().replace("_", "-")
    return code if len(code) <= LANGUAGE_CODE_CHARACTERS_MAX else code.split("-")[0]
