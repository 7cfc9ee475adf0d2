"""Who asks by a session: the person and the sign-in that began it, read together in one statement.

A session whose sign-in was ended, or whose person may no longer act, is emptied at its next request.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from marketplace.core import clock
from marketplace.people.models import SignIn, User
from marketplace.people.sessions import live_sign_in, note_use, use_is_to_be_noted
from marketplace.people.sign_in import may_act

BACKEND = "marketplace.people.sign_in.PhoneOrEmailBackend"
_SIGN_IN = "sign_in"
_USED = "market.sign_in_used"

log = logging.getLogger("market.people")


class PresenceMiddleware(AuthenticationMiddleware):
    """Django's, by sign-ins that can be ended one by one; their last use is noted after the answer, to the hour."""

    def process_request(self, request: HttpRequest) -> None:
        """Look the person up when something first asks who they are."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: user_of_session(request))  # type: ignore[assignment]  # as Django does

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Note the use of the sign-in, if this request looked it up and it is time."""
        used = request.META.get(_USED)
        now = clock.now()
        if isinstance(used, SignIn) and use_is_to_be_noted(used, now=now):
            _note(used, request, now=now)
        return response


def begin_session(request: HttpRequest, user: User, sign_in: SignIn) -> None:
    """Sign a person in with this browser: its cookie carries the sign-in's number."""
    auth.login(request, user, backend=BACKEND)
    request.session[_SIGN_IN] = sign_in.pk
    user.present_sign_in = sign_in


def user_of_session(request: HttpRequest) -> User | AnonymousUser:
    """Whose session this is; nobody's, and emptied, once it was ended."""
    number = request.session.get(_SIGN_IN)
    if number is None:  # from before sign-ins had numbers: lasts two weeks from when it was last written
        found = auth.get_user(request)
        return found if isinstance(found, User) else AnonymousUser()
    sign_in = live_sign_in(number)
    if sign_in is None or not _carries(request, sign_in.user):
        request.session.flush()
        return AnonymousUser()
    request.META[_USED] = sign_in
    return sign_in.user


def _carries(request: HttpRequest, user: User) -> bool:
    """Whether the session is this person's, from before neither their password nor their generation changed."""
    session = request.session
    return (
        may_act(user)
        and session.get(auth.SESSION_KEY) == str(user.pk)
        and constant_time_compare(session.get(auth.HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    )


def _note(sign_in: SignIn, request: HttpRequest, *, now: datetime) -> None:
    try:
        note_use(sign_in, address=request.META.get("REMOTE_ADDR", ""), now=now)
    except (DatabaseError, InterfaceError) as error:  # the answer counts, and the next one notes it
        log.warning("the use of sign-in %s was not noted: %s", sign_in.pk, type(error).__name__)
