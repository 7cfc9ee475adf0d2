"""What the admin's library says is said in Vietnamese, too."""

import re
from pathlib import Path

import unfold
from django.utils.translation import gettext, override

from tools import messages

MARKED = re.compile(r"{%\s*(?:trans|translate)\s+[\"']([^\"']+)[\"']")
FOLDER = Path(str(unfold.__file__)).parent / "templates"
AS_IT_IS = {"Email", "Unfold"}
"""Words that are the same in Vietnamese."""


def texts() -> set[str]:
    pages = (path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.html"))
    return {text for page in pages for text in MARKED.findall(page)}


def test_every_text_of_the_admins_library_is_translated() -> None:
    with override("vi"):
        untranslated = {text for text in texts() if gettext(text) == text}

    assert len(texts()) > 80
    assert untranslated - AS_IT_IS == set()


def test_what_is_translated_by_hand_is_compiled() -> None:
    compiled = messages.BORROWED.with_suffix(".mo")

    assert compiled.read_bytes() == messages.as_mo(messages.borrowed())
