"""The operator's browser, for tests of the admin's pages."""

import pytest
from django.test import Client

from marketplace.people.models import User


@pytest.fixture
def operator(db: None, client: Client) -> Client:
    """The browser of who runs the market, signed in."""
    user = User.objects.create_superuser(email="van-hanh@example.com", password="mật khẩu dài")
    client.force_login(user, backend="marketplace.people.sign_in.PhoneOrEmailBackend")
    return client
