"""Ask the advisory service about every pinned package, and say plainly what was not asked.

Fails on a known vulnerability, and on an error of a service that was reached. Where none is reached, or it
does not know the packages, it says `not audited` and passes: a build without a network must not break for it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_AUDIT = (
    *(sys.executable, "-m", "pip_audit", "--requirement", "requirements.lock", "--no-deps", "--disable-pip"),
    *("--format", "json", "--progress-spinner", "off", "--timeout", "10"),
)
_UNREACHED = ("ConnectionError", "Could not connect", "ConnectTimeout", "Name or service", "Max retries")


def main() -> int:
    """Run the audit; return what the process ends with."""
    done = subprocess.run(  # noqa: S603  our own tool under our own interpreter
        _AUDIT, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False
    )
    told, failed = verdict(done.stdout, done.stderr)
    sys.stdout.write(f"{told}\n")
    return failed


def verdict(report: str, trouble: str) -> tuple[str, bool]:
    """Return what to say of an audit, and whether it has failed.

    Args:
        report: What pip-audit has found, as JSON; empty when it got nowhere.
        trouble: What it has complained of.
    """
    try:
        packages: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        if any(sign in trouble for sign in _UNREACHED):
            return "not audited: no advisory service is reached from here", False
        return f"the audit has failed:\n{trouble.strip()}", True
    known = [one for one in packages if "skip_reason" not in one]
    lines = [
        f"{one['name']} {one['version']}: {bug['id']}, mended in {' or '.join(bug['fix_versions']) or 'none'}"
        for one in known
        for bug in one["vulns"]
    ]
    found, unknown = bool(lines), len(packages) - len(known)
    lines.append(f"audited: {len(known)} packages, {len(lines)} vulnerabilities")
    if unknown:
        lines.append(f"not audited: {unknown} packages the advisory service does not know")
    return "\n".join(lines), found


if __name__ == "__main__":
    sys.exit(main())
