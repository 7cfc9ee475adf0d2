"""The repository's own files, read as text and as syntax, for the tests about how the house is kept."""

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("marketplace", "vendors", "catalog", "payments", "storefront")
FOLDERS_NOT_OURS = re.compile(
    r"\.(?!ci$).*|__pycache__|var|results|mutants|build|dist|htmlcov|node_modules|.*\.egg-info"
)
FILES_NOT_OURS = re.compile(r"\.coverage.*|\.env|.*\.sqlite3.*")
TEXT_SUFFIXES = {
    *("", ".py", ".in", ".lock", ".toml", ".md", ".html", ".txt", ".css", ".js", ".json", ".graphql"),
    *(".csv", ".tsv", ".po", ".svg", ".xml", ".yml", ".yaml", ".sh", ".webmanifest"),
}


class Length(NamedTuple):
    """Where something long stands, and how long it is."""

    lines: int
    place: str

    def __str__(self) -> str:
        return f"{self.lines:4d} lines  {self.place}"


def files(root: Path = ROOT) -> Iterator[Path]:
    """Every file that belongs to the project: not what tools and runs leave behind."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not FOLDERS_NOT_OURS.fullmatch(name))
        yield from (Path(folder, name) for name in sorted(names) if not FILES_NOT_OURS.fullmatch(name))


def text_files(root: Path = ROOT) -> Iterator[Path]:
    """The project's files that hold text."""
    return (path for path in files(root) if path.suffix in TEXT_SUFFIXES)


def python_files(root: Path = ROOT) -> list[Path]:
    """The project's Python files, but for the migrations, which Django writes."""
    return [path for path in files(root) if path.suffix == ".py" and "migrations" not in path.parts]


def shown(path: Path) -> str:
    """`path` as a reader of the project names it."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


@cache
def text(path: Path) -> str:
    """The content of a text file."""
    return path.read_text(encoding="utf-8")


@cache
def syntax(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(text(path), filename=str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a Python file's syntax tree."""
    return tuple(ast.walk(syntax(path)))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function in a Python file, nested ones and methods too."""
    return (node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@cache
def pyproject() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads(text(ROOT / "pyproject.toml"))
