"""Saleor's metadata: small texts that programs keep with a row, by key, public and private."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.models import WithMetadata
from marketplace.core.text import BadText, nfc

KEYS_MAX: Final = 50
KEY_CHARACTERS_MAX: Final = 256
VALUE_CHARACTERS_MAX: Final = 2_000
ROW_CHARACTERS_MAX: Final = 8_000
"""All keys and values of one row together: a row is read whole wherever it is read."""

Row = TypeVar("Row", bound=WithMetadata)


class MetadataInvalid(InvalidInput):
    """A key that is empty, or more texts than a row keeps."""


@dataclass(frozen=True)
class Change:
    """What happens to a row's texts: some are put (added or replaced), some are dropped."""

    put: Mapping[str, str] = field(default_factory=dict)
    drop: Collection[str] = ()

    def of(self, known: Mapping[str, object]) -> dict[str, str]:
        """The texts afterwards. Raises `MetadataInvalid` for more than a row keeps."""
        changed = {key: str(value) for key, value in known.items() if key not in self.drop} | dict(self.put)
        if len(changed) > KEYS_MAX:
            raise MetadataInvalid(format_lazy(_("Chỉ lưu được tối đa {most} mục."), most=KEYS_MAX), field="input")
        if sum(len(key) + len(value) for key, value in changed.items()) > ROW_CHARACTERS_MAX:
            sentence = _("Các mục dài quá, tất cả chỉ được tối đa {most} ký tự.")
            raise MetadataInvalid(format_lazy(sentence, most=ROW_CHARACTERS_MAX), field="input")
        return changed


def texts_to_put(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Texts by key as they are kept; a key that comes twice has its last value.

    Raises `MetadataInvalid` (REQUIRED) for an empty key, `BadText` for one that is too long or cannot be kept.
    """
    return {
        _text(key, KEY_CHARACTERS_MAX, required=True): _text(value, VALUE_CHARACTERS_MAX, required=False)
        for key, value in pairs
    }


def change_texts(row: Row, change: Change, *, private: bool = False) -> Row:
    """Change the texts of a row, locked, inside the caller's transaction.

    The row is read again under its lock: two programs at once each keep what they put. Raises `MetadataInvalid`, and
    `NotFound` for a row that went meanwhile.
    """
    column = "private_metadata" if private else "metadata"
    locked = type(row)._default_manager.select_for_update(of=("self",), no_key=True).filter(pk=row.pk).first()
    if locked is None:
        raise NotFound(_("Không tìm thấy."), field="id")
    setattr(locked, column, change.of(getattr(locked, column)))
    locked.save(update_fields=[column])
    return locked


def _text(text: str, characters_max: int, *, required: bool) -> str:
    # Values belong to programs, so that blanks and line ends stay as they are.
    if required and not text.strip():
        raise MetadataInvalid(_("Tên mục không được để trống."), field="input", code="REQUIRED")
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise BadText(_("Nội dung có ký tự không dùng được. Bạn gõ lại giúp nhé."), field="input")
    kept = nfc(text)  # which takes three signs for some: measured is what is kept
    if len(kept) > characters_max:
        sentence = _("Nội dung dài quá, chỉ được tối đa {count} ký tự.")
        raise BadText(format_lazy(sentence, count=characters_max), field="input")
    return kept
