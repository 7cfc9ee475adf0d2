"""A write that a browser sends again is done once and answers the same."""

import threading
import uuid
from datetime import datetime

import pytest
from django.db import connection

from marketplace.core.models import ClientRequest
from marketplace.core.requests_once import SameIdOtherContent, once


@pytest.fixture
def calls() -> list[int]:
    return []


def ask(
    calls: list[int], *, client_id: uuid.UUID | None, now: datetime, owner: str = "user:1", what: str = "a"
) -> str:
    def work() -> str:
        calls.append(1)
        return f"answer {len(calls)}"

    return once(work, action="test", owner=owner, client_id=client_id, asked={"what": what}, now=now)


@pytest.mark.django_db
def test_the_same_id_again_answers_the_first_answer_without_doing_the_work(calls: list[int], now: datetime) -> None:
    client_id = uuid.uuid4()

    answers = [ask(calls, client_id=client_id, now=now) for _ in range(3)]

    assert answers == ["answer 1"] * 3
    assert len(calls) == 1


@pytest.mark.django_db
def test_without_an_id_the_work_is_done_each_time(calls: list[int], now: datetime) -> None:
    assert [ask(calls, client_id=None, now=now) for _ in range(2)] == ["answer 1", "answer 2"]
    assert not ClientRequest.objects.exists()


@pytest.mark.django_db
def test_an_id_of_another_person_is_another_id(calls: list[int], now: datetime) -> None:
    client_id = uuid.uuid4()
    assert ask(calls, client_id=client_id, now=now, owner="user:1") == "answer 1"
    assert ask(calls, client_id=client_id, now=now, owner="user:2") == "answer 2"


@pytest.mark.django_db
def test_the_same_id_with_other_content_is_refused_and_nothing_is_done(calls: list[int], now: datetime) -> None:
    client_id = uuid.uuid4()
    ask(calls, client_id=client_id, now=now)

    with pytest.raises(SameIdOtherContent):
        ask(calls, client_id=client_id, now=now, what="b")

    assert len(calls) == 1


@pytest.mark.django_db
def test_work_that_fails_leaves_no_id_behind_so_that_it_may_be_tried_again(calls: list[int], now: datetime) -> None:
    client_id = uuid.uuid4()

    def fail() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        once(fail, action="test", owner="user:1", client_id=client_id, asked={"what": "a"}, now=now)

    assert not ClientRequest.objects.exists()
    assert ask(calls, client_id=client_id, now=now) == "answer 1"


@pytest.mark.usefixtures("committed_db")
def test_sent_twelve_times_at_once_it_is_done_once(calls: list[int], now: datetime) -> None:
    client_id = uuid.uuid4()
    start = threading.Barrier(12)
    answers: list[str] = []

    def send() -> None:
        start.wait()
        try:
            answers.append(ask(calls, client_id=client_id, now=now))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 12
    assert len(set(answers)) == 1
    assert ClientRequest.objects.count() == 1
