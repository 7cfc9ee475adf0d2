"""Say how many branches of some packages the tests took; fail below a percentage.

    python tools/branches.py 95 payments marketplace/orders

Reads what `coverage` gathered in the last run. Prints each package's figure and, for each file with branches that
were not taken, where they are.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

COVERAGE = Path(sys.executable).with_name("coverage")


def measured(package: str) -> dict[str, Any]:
    """coverage's own report on one package."""
    command = [str(COVERAGE), "json", "--quiet", f"--include={package}/*", "-o", "-"]
    report: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return report


def percentage(totals: dict[str, Any]) -> float:
    """Branches taken in a hundred; 100 where there are none."""
    return 100.0 * totals["covered_branches"] / totals["num_branches"] if totals["num_branches"] else 100.0


def lines(package: str, report: dict[str, Any]) -> list[str]:
    """The figure of a package, then its branches that were not taken, a file a line."""
    totals = report["totals"]
    said = [
        f"{percentage(totals):6.2f} %  {package} ({totals['covered_branches']} of {totals['num_branches']} branches)"
    ]
    for name, file in sorted(report["files"].items()):
        missing = [f"{start}->{'exit' if end < 0 else end}" for start, end in file["missing_branches"]]
        if missing:
            said.append(f"    {name}: {', '.join(missing)}")
    return said


def main(percent_min: float, packages: list[str]) -> int:
    """Report on `packages`; exit status 1 when one of them is below `percent_min`."""
    reports = {package: measured(package) for package in packages}
    for package, report in reports.items():
        print("\n".join(lines(package, report)))
    short = [package for package, report in reports.items() if percentage(report["totals"]) < percent_min]
    if short:
        print(f"Below {percent_min:g} %: {', '.join(short)}", file=sys.stderr)
    return bool(short)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
