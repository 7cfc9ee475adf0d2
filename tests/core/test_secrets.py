"""Secrets are unreadable in the database and survive a change of keys."""

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings as SettingsWrapper

from marketplace.core.secrets import UnreadableSecret, decrypt, encrypt, key_id

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_what_is_stored_names_its_key_and_hides_the_secret(settings: SettingsWrapper) -> None:
    settings.MARKET_FIELD_KEYS = (NEW,)
    stored = encrypt("bí mật")
    assert stored.startswith(f"{key_id(NEW)}:")
    assert "bí mật" not in stored
    assert decrypt(stored) == "bí mật"


def test_an_old_key_still_opens_while_new_secrets_take_the_newest(settings: SettingsWrapper) -> None:
    settings.MARKET_FIELD_KEYS = (OLD,)
    before = encrypt("one")
    settings.MARKET_FIELD_KEYS = (NEW, OLD)
    assert decrypt(before) == "one"
    assert encrypt("two").startswith(key_id(NEW))


def test_without_its_key_a_secret_is_refused_by_the_keys_name(settings: SettingsWrapper) -> None:
    settings.MARKET_FIELD_KEYS = (OLD,)
    stored = encrypt("one")
    settings.MARKET_FIELD_KEYS = (NEW,)
    with pytest.raises(UnreadableSecret, match=key_id(OLD)):
        decrypt(stored)


def test_a_changed_ciphertext_is_refused(settings: SettingsWrapper) -> None:
    settings.MARKET_FIELD_KEYS = (OLD,)
    stored = encrypt("one")
    with pytest.raises(UnreadableSecret, match="damaged"):
        decrypt(stored[:-3] + "AAA")
