"""Wrong codes are counted one after the other, however many come at once."""

from datetime import datetime

from marketplace.people.models import SignInAttempt
from marketplace.people.second_step import CODE_FAILURES_MAX, WrongStepCode, check_code
from marketplace.people.services import register_person
from marketplace.people.sign_in import TooManyFailures
from tests.people.stepping import with_second_step
from tests.plugins.database import at_once


def test_of_many_guesses_at_once_five_are_looked_at(committed_db: None, now: datetime) -> None:
    person = register_person(name="Lò Thị Mây", phone="0912345678", now=now)
    with_second_step(person, now=now)

    answers = at_once([lambda: check_code(user=person, code="000000", now=now)] * 12)

    kinds = [type(answer) for answer in answers]
    assert (kinds.count(WrongStepCode), kinds.count(TooManyFailures)) == (CODE_FAILURES_MAX, 12 - CODE_FAILURES_MAX)
    assert SignInAttempt.objects.get().failures == CODE_FAILURES_MAX
