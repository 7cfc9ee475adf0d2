"""Pages of the second step at sign-in, which only somebody who has one, or is setting it up, is shown."""

from __future__ import annotations

from django.test import Client

from marketplace.core import clock
from marketplace.people.second_step import begin_set_up
from marketplace.people.services import register_person
from tests.browser.views import View
from tests.people.stepping import with_second_step
from tests.storefront.working import a_person, browser_of

SIGN_IN = {"login": "0935000222", "password": "hai-buoc-moi-vao"}


def second_steps() -> tuple[list[View], dict[str, Client]]:
    """Somebody who is setting it up, somebody who has it, and that person on another machine, half signed in."""
    begun = a_person("Vi Thị Tư")
    begin_set_up(user=begun, now=clock.now())
    has_it = register_person(
        name="Nông Thị Sáu", phone=SIGN_IN["login"], password=SIGN_IN["password"], now=clock.now()
    )
    with_second_step(has_it, now=clock.now())
    views = [
        View("second_step", "beginning-two-steps", "/account/second-step/", "begun"),
        View("second_step", "two-steps", "/account/second-step/", "on"),
        View("second_step_codes", "two-steps", "/account/second-step/codes/", "asked"),
        View("second_step_off", "two-steps", "/account/second-step/off/", "asked"),
        View("sign_in_code", "half-way", "/sign-in/", "asked", filled=SIGN_IN),  # the password leads there
    ]
    return views, {
        "beginning-two-steps": browser_of(begun.pk),
        "two-steps": browser_of(has_it.pk),
        "half-way": browser_of(None),
    }
