"""With Redis the same tasks are Celery's."""

from marketplace.celery import app, schedule
from marketplace.core.tasks import periodic_tasks


def test_every_registered_task_and_the_journal_are_on_the_schedule() -> None:
    names = {task.name for task in periodic_tasks()}
    assert set(schedule()) == names | {"journal"}
    assert {str(entry["task"]) for entry in schedule().values()} <= set(app.tasks)


def test_the_schedule_keeps_each_tasks_own_period() -> None:
    entries = schedule()
    for task in periodic_tasks():
        assert entries[task.name]["schedule"] == task.every_s
        assert entries[task.name]["args"] == (task.name,)
