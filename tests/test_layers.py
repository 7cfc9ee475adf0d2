"""Dependencies point downwards: imports (import-linter), and what import-linter cannot see.

It cannot see a relation to a model of an upper layer by its name, nor a dotted path that is imported at run time.
The layers are read from pyproject.toml, where import-linter has them.
"""

import ast
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test.utils import isolate_apps

from tests.source import PACKAGES, ROOT, nodes, pyproject, python_files, shown, syntax, text

CONTRACT = """
[importlinter]
root_packages =
    upper
    lower

[importlinter:contract:layers]
name = downwards
type = layers
layers =
    upper
    lower
"""


def layers() -> list[list[str]]:
    """The packages of each layer, from the top down."""
    contract = pyproject()["tool"]["importlinter"]["contracts"][0]
    return [[name.strip(" ()") for name in layer.split("|")] for layer in contract["layers"]]


def package_of(module: str) -> str | None:
    """The package in the layers that holds `module`; None for what is not ours."""
    known = [name for layer in layers() for name in layer]
    holding = [name for name in known if module == name or module.startswith(f"{name}.")]
    return max(holding, key=len, default=None)


def depth(package: str) -> int:
    return next(index for index, layer in enumerate(layers()) if package in layer)


def points_downwards(*, source: str, target: str) -> bool:
    """Whether something in module `source` may know module `target`."""
    from_package, to_package = package_of(source), package_of(target)
    if from_package is None or to_package is None or from_package == to_package:
        return True
    return depth(from_package) < depth(to_package)


def relations_upwards(known: Iterable[type[models.Model]]) -> list[str]:
    return [
        f"{model._meta.label}.{field.name} -> {target._meta.label}"
        for model in known
        for field, target in _relations(model)
        if not points_downwards(source=model.__module__, target=target.__module__)
    ]


def _relations(model: type[models.Model]) -> Iterator[tuple[Any, type[models.Model]]]:
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        if isinstance(field.related_model, type):
            yield field, field.related_model


def names_upwards(paths: Iterable[Path], *, root: Path = ROOT) -> list[str]:
    """Strings that are the dotted path of a module, or the label of a model, of a layer that is not below."""
    found = []
    for path in paths:
        module = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        for node in nodes(path):
            name = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            target = module_named_by(name)
            if target and not points_downwards(source=module, target=target):
                found.append(f"{module}: {name}")
    return found


def module_named_by(value: str) -> str | None:
    """The module that `value` is the dotted path of, or that holds the model it is the label of."""
    if not re.fullmatch(r"\w+(\.\w+)+", value):
        return None
    if value.split(".")[0] in PACKAGES and package_of(value):
        return value
    label, _, name = value.partition(".")
    known = apps.all_models.get(label, {}).get(name.lower())
    return known.__module__ if known else None


def lint_imports(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = Path(sysconfig.get_path("scripts"), "lint-imports")
    return subprocess.run(
        [sys.executable, command, "--no-cache", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_point_downwards_only() -> None:
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr


def test_control_an_import_that_points_upwards_is_found(tmp_path: Path) -> None:
    for package, content in (("upper", ""), ("lower", "import upper\n")):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text(content, encoding="utf-8")
    (tmp_path / "contract.ini").write_text(CONTRACT, encoding="utf-8")

    result = lint_imports(tmp_path, "--config", "contract.ini")

    assert result.returncode == 1
    assert "lower is not allowed to import upper" in result.stdout


def test_every_package_of_the_project_stands_in_a_layer() -> None:
    homeless = [shown(path) for path in package_files() if text(path) and package_of(module_name(path)) is None]

    assert homeless == []


def package_files() -> list[Path]:
    return [path for path in python_files() if path.relative_to(ROOT).parts[0] in PACKAGES]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_relations_between_models_point_downwards_only() -> None:
    assert relations_upwards(apps.get_models(include_auto_created=True)) == []


@pytest.mark.parametrize(("home", "upwards"), [("vendors.models", True), ("payments.models", False)])
def test_control_a_relation_to_an_upper_layer_by_name_is_found(home: str, upwards: bool) -> None:
    with isolate_apps("vendors", "marketplace.orders"):
        order = type("Order", (models.Model,), {"__module__": "marketplace.orders.models", "Meta": meta("orders")})
        relation = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+")
        favourite = type(
            "Favourite", (models.Model,), {"__module__": home, "Meta": meta("vendors"), "order": relation}
        )

        found = relations_upwards([order, favourite])

    assert found == (["vendors.Favourite.order -> orders.Order"] if upwards else [])


def meta(label: str) -> type:
    return type("Meta", (), {"app_label": label})


def test_no_text_names_a_module_or_model_of_an_upper_layer() -> None:
    # Django's settings are the one place that names everything: they put the project together.
    assert names_upwards(path for path in package_files() if path.name != "settings.py") == []


def test_control_a_text_that_names_an_upper_layer_is_found(tmp_path: Path) -> None:
    sample = tmp_path / "vendors" / "sample.py"
    sample.parent.mkdir()
    sample.write_text("'payments.services.book'\n'people.User'\n'orders.order'\n'marketplace.core.text'\n", "utf-8")

    found = names_upwards([sample], root=tmp_path)

    assert found[0] == "vendors.sample: payments.services.book"
    assert not [line for line in found if "people.User" in line or "core.text" in line]


def test_the_project_package_is_empty() -> None:
    assert text(ROOT / "marketplace" / "__init__.py") == ""


def test_the_user_model_is_ours_from_the_first_migration() -> None:
    first = syntax(ROOT / "marketplace" / "people" / "migrations" / "0001_initial.py")
    created = [ast.unparse(node) for node in ast.walk(first) if isinstance(node, ast.Call)]

    assert settings.AUTH_USER_MODEL == "people.User"
    assert [call for call in created if call.startswith("migrations.CreateModel(name='User'")] != []
