"""How the house is kept, as far as a program can judge it. Every guard is shown to catch what it is there for."""

import ast
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.plugins.rendered import never_rendered
from tests.source import (
    PACKAGES,
    ROOT,
    Length,
    functions,
    nodes,
    pyproject,
    python_files,
    shown,
    text,
    text_files,
)

FILE_LINES_MAX = 500
FILE_LINES_NOTED = 400
FUNCTION_LINES_MAX = 60
FUNCTION_LINES_NOTED = 40
# Put together here, so that this file is not its own first finding.
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
MACHINE_PATHS = re.compile(r"(?<![\w.\-/])/(home|work|root|Users)" + r"/\w")
REGISTRIES = re.compile(
    r"py" + r"pi\.org|python" + r"hosted\.org|npm" + r"js\.(org|com)|deb\.debian" + r"\.org"
    r"|proxy\.golang" + r"\.org|crates" + r"\.io|--(extra-)?index" + r"-url |--find" + r"-links "
)
IGNORED_TYPE = re.compile(r"#\s*type:\s*ignore")
IGNORED_TYPE_WITH_REASON = re.compile(r"#\s*type:\s*ignore\[[\w\-, ]+\]\s+#\s*\S+")
DEPENDENCY_ROW = re.compile(r"^\| `([\w\-.]+)` \| (\S.*?) \|$", re.MULTILINE)
SETTING_ROW = re.compile(r"^\| (`[A-Z][A-Z0-9_]*`(?:, `[A-Z][A-Z0-9_]*`)*) \|", re.MULTILINE)
SETTING_NAME = re.compile(r"(?!DJANGO_SETTINGS_MODULE$)[A-Z][A-Z0-9_]{2,}")  # that one is Django's, and always ours

Note = Callable[[str], None]


def file_lengths(paths: Iterable[Path]) -> list[Length]:
    return [Length(len(text(path).splitlines()), shown(path)) for path in paths]


def function_lengths(paths: Iterable[Path]) -> list[Length]:
    return [
        Length((function.end_lineno or 0) - function.lineno + 1, f"{shown(path)}:{function.lineno} {function.name}")
        for path in paths
        for function in functions(path)
    ]


def longer_than(lengths: Iterable[Length], lines: int) -> list[str]:
    return [str(length) for length in sorted(lengths, reverse=True) if length.lines > lines]


def imports_inside_functions(paths: Iterable[Path]) -> list[str]:
    return [
        f"{shown(path)}:{node.lineno}"
        for path in paths
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def lines_with(pattern: re.Pattern[str], paths: Iterable[Path]) -> list[str]:
    return [
        f"{shown(path)}:{number}: {line.strip()[:100]}"
        for path in paths
        if pattern.search(text(path))
        for number, line in enumerate(text(path).splitlines(), 1)
        if pattern.search(line)
    ]


def unexplained_type_ignores(paths: Iterable[Path]) -> list[str]:
    return [
        f"{shown(path)}:{number}"
        for path in paths
        for number, line in enumerate(text(path).splitlines(), 1)
        if IGNORED_TYPE.search(line) and not IGNORED_TYPE_WITH_REASON.search(line)
    ]


def settings_read(paths: Iterable[Path]) -> set[str]:
    """Names given to `env.<type>(...)`, `os.environ[...]`, `os.environ.get(...)` and `os.getenv(...)`."""
    return {name for path in paths for node in nodes(path) for name in _setting_names(node)}


def _setting_names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        owner, key = ast.unparse(node.func), node.args[0]
        asked = owner == "os.getenv" or owner.startswith(("env.", "os.environ."))
    elif isinstance(node, ast.Subscript):
        asked, key = ast.unparse(node.value) == "os.environ", node.slice
    else:
        return
    if asked and isinstance(key, ast.Constant) and SETTING_NAME.fullmatch(str(key.value)):
        yield str(key.value)


def without_counterpart(requirements: Iterable[str], page: str) -> set[str]:
    """Packages that are required without a reason on the page, or have a reason without being required."""
    required = {re.split(r"[\[<>=~! ]", requirement, maxsplit=1)[0] for requirement in requirements}
    return required ^ {name for name, _ in DEPENDENCY_ROW.findall(page)}


def package_files() -> list[Path]:
    return [path for path in python_files() if path.relative_to(ROOT).parts[0] in PACKAGES]


def written(folder: Path, content: str, *, name: str = "sample.py") -> list[Path]:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return [path]


def test_no_file_is_longer_than_500_lines(note: Note) -> None:
    lengths = file_lengths(python_files())

    for line in longer_than(lengths, FILE_LINES_NOTED):
        note(f"over {FILE_LINES_NOTED}: {line}")
    assert longer_than(lengths, FILE_LINES_MAX) == []


def test_control_a_file_of_501_lines_is_found_and_one_of_500_is_not(tmp_path: Path) -> None:
    long, longest = written(tmp_path, "x = 1\n" * 501), written(tmp_path, "x = 1\n" * 500, name="longest.py")

    assert longer_than(file_lengths(long + longest), FILE_LINES_MAX) == [" 501 lines  sample.py"]


def test_no_function_is_longer_than_60_lines(note: Note) -> None:
    lengths = function_lengths(python_files())

    for line in longer_than(lengths, FUNCTION_LINES_NOTED):
        note(f"over {FUNCTION_LINES_NOTED}: {line}")
    assert longer_than(lengths, FUNCTION_LINES_MAX) == []


def test_control_a_method_of_61_lines_is_found_and_one_of_60_is_not(tmp_path: Path) -> None:
    long = "class Shop:\n    def long(self):\n" + "        x = 1\n" * 60
    longest = "    def longest(self):\n" + "        x = 1\n" * 59

    found = longer_than(function_lengths(written(tmp_path, long + longest)), FUNCTION_LINES_MAX)

    assert found == ["  61 lines  sample.py:2 long"]


def test_nothing_is_imported_inside_a_function() -> None:
    assert imports_inside_functions(python_files()) == []


def test_control_an_import_inside_a_function_is_found(tmp_path: Path) -> None:
    sample = written(tmp_path, "import os\ndef hidden():\n    from os import path\n    return path, os\n")

    assert imports_inside_functions(sample) == ["sample.py:3"]


def test_nothing_is_left_unfinished() -> None:
    assert lines_with(UNFINISHED, (path for path in text_files() if path.suffix != ".lock")) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_with(MACHINE_PATHS, text_files()) == []


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRIES, text_files()) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (UNFINISHED, "# TO" + "DO: later"),
        (UNFINISHED, "<!-- FIX" + "ME -->"),
        (MACHINE_PATHS, "open('/ho" + "me/lan/x')"),
        (MACHINE_PATHS, "see /wo" + "rk/main"),
        (REGISTRIES, "https://py" + "pi.org/simple"),
        (REGISTRIES, "--index" + "-url https://example.vn"),
    ],
)
def test_control_what_must_not_be_committed_is_found(pattern: re.Pattern[str], line: str, tmp_path: Path) -> None:
    assert lines_with(pattern, written(tmp_path, f"fine\n{line}\n")) == [f"sample.py:2: {line}"]


@pytest.mark.parametrize("line", ["/orders/home/", "https://example.vn/home/x", "todo = mastodon", "a/root/b"])
def test_control_ordinary_lines_are_not_found(line: str, tmp_path: Path) -> None:
    sample = written(tmp_path, line)

    assert [lines_with(pattern, sample) for pattern in (UNFINISHED, MACHINE_PATHS, REGISTRIES)] == [[], [], []]


def test_every_ignored_type_error_has_its_code_and_a_reason() -> None:
    assert unexplained_type_ignores(package_files()) == []


def test_control_an_ignored_type_error_without_code_or_reason_is_found(tmp_path: Path) -> None:
    mark = "# type: " + "ignore"
    sample = written(tmp_path, f"x  {mark}\ny  {mark}[attr-defined]\nz  {mark}[misc]  # graphene has no types\n")

    assert unexplained_type_ignores(sample) == ["sample.py:1", "sample.py:2"]


def test_every_dependency_has_its_line_in_the_documentation_and_no_line_is_left_over() -> None:
    page = text(ROOT / "docs" / "dependencies.md")
    run_time, _, rest = page.partition("\n## To build and test\n")
    development, _, under_node = rest.partition("\n## To test under Node\n")
    project = pyproject()["project"]
    node = json.loads(text(ROOT / "tests" / "node" / "package.json"))["dependencies"]

    assert without_counterpart(project["dependencies"], run_time) == set()
    assert without_counterpart(project["optional-dependencies"]["dev"], development) == set()
    assert sorted(re.findall(r"^\| `([^`]+)` \|", under_node, re.MULTILINE)) == sorted(node)


def test_control_a_dependency_without_a_line_and_a_line_without_a_dependency_are_found() -> None:
    page = "| `Django` | pages |\n| `requests` | calls |\n| `celery` |  |\n"

    assert without_counterpart(["Django>=5.2,<5.3", "celery>=5"], page) == {"celery", "requests"}


def test_every_setting_that_is_read_is_documented_and_every_documented_one_is_read() -> None:
    page = text(ROOT / "docs" / "settings.md")
    documented = {name for row in SETTING_ROW.findall(page) for name in re.findall(r"\w+", row)}

    assert documented == settings_read(package_files())


def test_control_every_way_of_reading_a_setting_is_found(tmp_path: Path) -> None:
    sample = written(
        tmp_path,
        "env.str('MARKET_ONE')\nenv.db('MARKET_TWO')\nos.environ['MARKET_THREE']\nos.getenv('MARKET_FOUR')\n"
        "os.environ.get('MARKET_FIVE', '')\nenv.str(name)\nlabels.get('NOT_A_SETTING')\nrows['NEITHER']\n",
    )

    assert settings_read(sample) == {"MARKET_ONE", "MARKET_TWO", "MARKET_THREE", "MARKET_FOUR", "MARKET_FIVE"}


def test_control_a_template_that_no_test_renders_is_found(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    written(tmp_path, "", name="base.html")
    written(tmp_path / "shop", "", name="basket.html")

    assert never_rendered(tmp_path, rendered={"base.html", "admin/index.html"}) == ["shop/basket.html"]
