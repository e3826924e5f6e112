"""`python -m diary_sandbox`: runs the invented town until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from datetime import date

from diary_sandbox.serve import LOOPBACK, Sandbox, SandboxError, noon, running_sandbox


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the sandbox; return 0 after a clean end, 2 when it cannot start."""
    options = _options(arguments)
    try:
        asyncio.run(_run(options))
    except SandboxError as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 2
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="diary-sandbox", description="An invented town behind the wire formats of real school diaries."
    )
    parser.add_argument("--port-base", type=int, default=8700, help="port of the control door (8700)")
    parser.add_argument("--address", default=LOOPBACK, help="a loopback address (127.0.0.1)")
    parser.add_argument("--seed", type=int, default=1, help="another seed is another town (1)")
    parser.add_argument("--families", type=int, default=50, help="how many families, 1 to 10000 (50)")
    parser.add_argument("--today", type=date.fromisoformat, help="the town's date, YYYY-MM-DD (today)")
    parser.add_argument("--year", type=int, help="calendar year the school year begins in")
    return parser.parse_args(arguments)


async def _run(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    today: date | None = options.today
    async with running_sandbox(
        port_base=options.port_base,
        address=options.address,
        seed=options.seed,
        families=options.families,
        year=options.year,
        now=noon(today) if today else None,
        running=True,
    ) as sandbox:
        sys.stdout.write(_table(sandbox))
        sys.stdout.flush()
        await stop.wait()
    sys.stdout.write("sandbox: stopped\n")


def _table(sandbox: Sandbox) -> str:
    lines = [
        "SANDBOX: an invented town; nobody here is real",
        f"time in the town  {sandbox.clock.now():%Y-%m-%d %H:%M %Z}",
        f"control door      {sandbox.control_url}/_sandbox",
        "",
    ]
    width = max((len(host) for host in sandbox.hosts), default=0)
    lines += [f"{host:<{width}}  {url}" for host, url in sandbox.hosts.items()]
    lines += ["", "personas"]
    for persona in sandbox.world.personas():
        lines.append(f"  {persona.key:<16}{persona.story}")
        lines += [f"{'':<18}{login.kind}: {login.username} / {login.password}" for login in persona.logins]
        lines += [f"{'':<18}mrko: {account.login} / {account.password}" for account in persona.mrko]
    return "\n".join([*lines, "", "Ctrl-C stops it", ""])


if __name__ == "__main__":
    raise SystemExit(main())
