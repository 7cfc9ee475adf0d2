"""Make the project in this directory importable and runnable in the virtual environment that runs this file.

The same as an editable install, in a tenth of a second and without a build: a path file for the packages, and
one small script for each command that pyproject.toml names.
"""

import sys
import sysconfig
import tomllib
from pathlib import Path

# The shell starts Python, so that the path of the project may be long and hold spaces; to Python the two lines
# after the first are a text.
COMMAND = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys
from {module} import {function}
if __name__ == "__main__":
    sys.exit({function}())
"""


def link(*, root: Path, python: Path, packages: Path, commands: Path) -> list[Path]:
    """Write the path file into `packages` and the scripts into `commands`; return what was written."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    path_file = packages / f"{project['name']}.pth"
    path_file.write_text(f"{root}\n", encoding="utf-8")
    written = [path_file]
    for name, entry in project["scripts"].items():
        module, _, function = entry.partition(":")
        script = commands / name
        script.write_text(COMMAND.format(python=python, module=module, function=function), encoding="utf-8")
        script.chmod(0o755)
        written.append(script)
    return written


def main() -> None:
    """Link the project that holds this file into the environment of the Python that runs it."""
    if sys.prefix == sys.base_prefix:
        sys.exit("tools/link.py: run this with the Python of a virtual environment (.venv/bin/python)")
    link(
        root=Path(__file__).resolve().parent.parent,
        python=Path(sys.executable),
        packages=Path(sysconfig.get_path("purelib")),
        commands=Path(sysconfig.get_path("scripts")),
    )


if __name__ == "__main__":
    main()
