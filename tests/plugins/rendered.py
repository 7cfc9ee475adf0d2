"""Every page template is rendered by some test.

Django's test client makes each template announce that it was rendered (parents and includes too). The names are
gathered over all workers; when the whole suite ran and passed, a template that nobody rendered fails the run.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test.signals import template_rendered

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "storefront" / "templates"
RENDERED = pytest.StashKey[set[str]]()
UNRENDERED = pytest.StashKey[list[str]]()


def never_rendered(folder: Path, *, rendered: set[str]) -> list[str]:
    """Names of the templates under `folder` that are not among `rendered`."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return sorted(there - rendered)


def is_whole_suite(config: pytest.Config) -> bool:
    """Whether this run was asked for everything: no paths, no -k, no -m, nothing left out."""
    return (
        config.args_source == pytest.Config.ArgsSource.TESTPATHS
        and not config.option.keyword
        and not config.option.markexpr
        and not config.option.collectonly
        and not getattr(config.option, "lf", False)
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RENDERED] = set()
    config.stash[UNRENDERED] = []


@pytest.fixture(autouse=True, scope="session")
def _note_rendered_templates(request: pytest.FixtureRequest) -> Iterator[None]:
    rendered = request.config.stash[RENDERED]

    def note(template: Any, **_: object) -> None:
        if template.name:
            rendered.add("".join(str(template.name)))  # a plain string: xdist carries no SafeString

    template_rendered.connect(note)
    yield
    template_rendered.disconnect(note)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object | None) -> None:
    node.config.stash[RENDERED].update(getattr(node, "workeroutput", {}).get("rendered", []))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    if hasattr(config, "workeroutput"):
        rendered = config.stash[RENDERED]
        config.workeroutput["rendered"] = sorted(rendered)
    elif is_whole_suite(config) and exitstatus == pytest.ExitCode.OK:
        config.stash[UNRENDERED] = never_rendered(TEMPLATES, rendered=config.stash[RENDERED])
        if config.stash[UNRENDERED]:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    unrendered = config.stash[UNRENDERED]
    if unrendered:
        terminalreporter.section("FAILED: templates that no test renders", sep="!", red=True)
        for name in unrendered:
            terminalreporter.write_line(f"{TEMPLATES.relative_to(ROOT).as_posix()}/{name}", red=True)
