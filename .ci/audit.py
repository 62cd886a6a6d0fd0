"""Looks up every pinned package among known vulnerabilities, by pip-audit; exits with 1 if one is known.

Where the advisory service does not answer, it says so and exits with 0: nothing was found out then.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

PIP_AUDIT = "pip-audit==2.10.1"


def export_pins(file: Path) -> None:
    options = ["--no-hashes", "--no-header", "--no-annotate", "--no-emit-project", "--all-groups", "--quiet"]
    subprocess.run(
        ["uv", "export", *options, "--output-file", str(file)], check=True, stdout=subprocess.DEVNULL
    )


def audit(file: Path) -> list[dict[str, Any]] | None:
    """What is told of each package; None if the service cannot be reached."""
    command = ["uvx", "--quiet", PIP_AUDIT, "--disable-pip", "--no-deps", "--format", "json", "-r", str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        sys.stderr.write(done.stderr[-1_000:])
        return None
    return found


def main() -> int:
    with TemporaryDirectory() as folder:
        pins = Path(folder, "pins.txt")
        export_pins(pins)
        packages = audit(pins)
    audited = [each for each in packages or () if "skip_reason" not in each]
    if not audited:
        sys.stdout.write("NOT AUDITED: the service of advisories cannot be reached from here.\n")
        return 0
    vulnerable = [each for each in audited if each["vulns"]]
    for each in vulnerable:
        known = ", ".join(vulnerability["id"] for vulnerability in each["vulns"])
        sys.stdout.write(f"VULNERABLE  {each['name']} {each['version']}: {known}\n")
    sys.stdout.write(
        f"Audited {len(audited)} of {len(packages or ())} packages; {len(vulnerable)} vulnerable.\n"
    )
    return 1 if vulnerable else 0


if __name__ == "__main__":
    sys.exit(main())
