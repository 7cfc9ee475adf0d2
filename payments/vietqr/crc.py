"""The check sum in field 63: CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF, nothing reflected)."""

from __future__ import annotations

import binascii


def crc_of(text: str) -> str:
    """Four upper-case hexadecimal digits over the UTF-8 bytes of `text`, which ends in "6304"."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"
