"""The lock files hold everything that is needed, for every Python the market runs on."""

import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.source import ROOT, pyproject, text

PYTHONS = ("3.11.0", "3.11.2", "3.11.7", "3.12.3", "3.13.5", "3.14.0")
ONLY_TO_COUNT_MUTANTS = {"pyyaml-ft"}
"""Asked for by mutmut's parser on Python 3.13 alone, not to be had for any other: `make mutants` runs there."""
PINNED = re.compile(r"^([\w\-.]+)==(\S+) \\$", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return {str(canonicalize_name(package)): version for package, version in PINNED.findall(text(ROOT / name))}


def needed(requirements: Iterable[str], *, python: str) -> set[str]:
    """Every package that `requirements` come to on Linux with that Python, by what the packages say themselves."""
    environment = {
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": python,
        "platform_python_implementation": "CPython",
        "sys_platform": "linux",
    }
    found: set[tuple[str, str]] = set()
    waiting = [(Requirement(line), "") for line in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate(environment | {"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in found:
                found.add((name, wanted))
                waiting += [(Requirement(line), wanted) for line in _required_by(requirement.name)]
    return {name for name, _ in found}


def _required_by(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []  # asked for on another Python only; being in the lock file is all that can be checked here


@pytest.mark.parametrize("python", PYTHONS)
def test_the_run_time_lock_holds_all_that_every_supported_python_needs(python: str) -> None:
    assert needed(pyproject()["project"]["dependencies"], python=python) - pins("requirements.lock").keys() == set()


@pytest.mark.parametrize("python", PYTHONS)
def test_the_development_lock_holds_all_that_every_supported_python_needs(python: str) -> None:
    project = pyproject()["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]

    missing = needed(wanted, python=python) - pins("requirements-dev.lock").keys()
    assert missing - ONLY_TO_COUNT_MUTANTS == set()


def test_control_what_only_an_older_python_needs_is_found() -> None:
    assert "async-timeout" in needed(["redis"], python="3.11.2") - needed(["redis"], python="3.11.7")


def test_both_locks_pin_the_same_versions() -> None:
    development = pins("requirements-dev.lock")

    assert {name: development.get(name) for name in pins("requirements.lock")} == pins("requirements.lock")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pinned_file_has_a_hash(lock: str) -> None:
    packages = re.split(r"^(?=[\w\-.]+==)", text(ROOT / lock), flags=re.MULTILINE)[1:]

    assert len(packages) == len(pins(lock)) > 0
    assert [package for package in packages if "--hash=sha256:" not in package] == []
