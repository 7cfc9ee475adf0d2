import subprocess
import sys
from pathlib import Path

from tools.link import link

PYPROJECT = '[project]\nname = "stand"\n[project.scripts]\nsell = "stand.till:main"\n'
TILL = "import sys\ndef main():\n    print('sold', *sys.argv[1:])\n    return 3\n"


def test_a_linked_project_is_importable_and_its_command_runs_from_a_path_with_spaces(tmp_path: Path) -> None:
    root, commands = tmp_path / "a place", tmp_path / "bin with spaces"
    (root / "stand").mkdir(parents=True)
    commands.mkdir()
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (root / "stand" / "till.py").write_text(TILL, encoding="utf-8")
    python = commands / "python here"
    python.symlink_to(sys.executable)

    written = link(root=root, python=python, packages=tmp_path, commands=commands)

    assert written == [tmp_path / "stand.pth", commands / "sell"]
    assert (tmp_path / "stand.pth").read_text("utf-8") == f"{root}\n"
    sold = subprocess.run(
        [commands / "sell", "tea", "2 kg"], env={"PYTHONPATH": str(root)}, capture_output=True, check=False
    )
    assert (sold.returncode, sold.stdout, sold.stderr) == (3, b"sold tea 2 kg\n", b"")
