"""`diary gosuslugi keygen`, `check` and `explain`: for the operator, in English."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from pydantic import SecretStr

from diary_gosuslugi.checks import check
from diary_gosuslugi.instances import SLUG
from diary_gosuslugi.options import Options
from diary_gosuslugi.refusals import CODES
from diary_gosuslugi.signing import new_key, private_key_pem, read_certificate, self_signed

__all__ = ["add_to"]

_SIGNS: Final = {
    "right": typer.style("ok   ", fg="green"),
    "look": typer.style("look ", fg="yellow"),
    "wrong": typer.style("WRONG", fg="red", bold=True),
}
_SETTING: Final = "DIARY_OPTIONS__gosuslugi__"
_OWNER_ONLY: Final = 0o600
_FOR_ALL: Final = 0o644


def add_to(commands: typer.Typer, options: Callable[[str], Mapping[str, SecretStr]]) -> None:
    """Add the group `gosuslugi`.

    Args:
        commands: The `diary` command line.
        options: Gives what the operator has set for a plugin; asked when a command runs.
    """
    group = typer.Typer(help="Set up signing in through Gosuslugi.", no_args_is_help=True)

    @group.command("keygen")
    def keygen(  # pyright: ignore[reportUnusedFunction]  typer keeps it
        client_id: Annotated[str, typer.Argument(help="Mnemonic of your information system.")],
        organization: Annotated[
            str, typer.Option(help="Who runs it, for the certificate.")
        ] = "diary-gateway",
        key_file: Annotated[Path, typer.Option(help="Where the key goes.")] = Path("gosuslugi.key"),
        certificate_file: Annotated[Path, typer.Option(help="Where its certificate goes.")] = Path(
            "gosuslugi.pem"
        ),
        days: Annotated[int, typer.Option(min=1, max=3650, help="Days the certificate is valid.")] = 365,
    ) -> None:
        """Make a GOST key and its self-signed certificate; existing files are never touched."""
        _keygen(client_id, organization, key_file, certificate_file, timedelta(days=days))

    @group.command("check")
    def checked() -> None:  # pyright: ignore[reportUnusedFunction]  typer keeps it
        """Say what is right and what is wrong with the configuration; nobody is called."""
        _check(options(SLUG))

    @group.command("explain")
    def explain(  # pyright: ignore[reportUnusedFunction]  typer keeps it
        code: Annotated[str, typer.Argument(help="Number from the log, such as ESIA-007053.")],
    ) -> None:
        """Say what a refusal of ESIA means, what to mend, and what a parent is told."""
        _explain(code)

    commands.add_typer(group, name=SLUG)


def _keygen(
    client_id: str, organization: str, key_file: Path, certificate_file: Path, lifetime: timedelta
) -> None:
    for file in (key_file, certificate_file):
        if file.exists() or file.is_symlink():
            _fail(f"{file} is there already; move it away, or name another place")
    key = new_key()
    try:
        pem = self_signed(
            key,
            common_name=client_id,
            organization=organization,
            since=datetime.now(UTC),
            lifetime=lifetime,
        )
    except ValueError as error:
        _fail(f"no certificate can be made for these names: {error}")
    try:
        _write_new(certificate_file, pem, _FOR_ALL)
        _write_new(key_file, private_key_pem(key), _OWNER_ONLY)
    except OSError as error:
        _fail(f"{error.filename} cannot be written: {error.strerror}")
    typer.echo(
        f"Key:         {key_file}, readable by you only. Keep a copy in a safe place.\n"
        f"Certificate: {certificate_file}, valid for {lifetime.days} days.\n"
        f"Its hash:    {read_certificate(pem).hash}\n\n"
        "What to do next:\n"
        "1. Upload the certificate to your system on the technology portal of ESIA; its test stand takes\n"
        "   a self-signed one, production wants a qualified certificate for the same kind of key.\n"
        "2. Put the certificates ESIA signs its tokens with into a folder of their own.\n"
        "3. Set, for the gateway:\n"
        f"   {_SETTING}client_id={client_id}\n"
        f"   {_SETTING}key_file={key_file.absolute()}\n"
        f"   {_SETTING}certificate_file={certificate_file.absolute()}\n"
        f"   {_SETTING}trusted_certificates=<that folder>\n"
        f"   {_SETTING}environment=test\n"
        "4. Run: diary gosuslugi check"
    )


def _check(given: Mapping[str, SecretStr]) -> None:
    if "client_id" not in given:
        _fail(f"Signing in through Gosuslugi is off. {_SETTING}client_id turns it on.")
    found = asyncio.run(check(given, datetime.now(UTC)))
    for one in found:
        typer.echo(f"{_SIGNS[one.verdict]} {one.text}")
    wrong = sum(one.verdict == "wrong" for one in found)
    if wrong:
        _fail(f"{wrong} to mend.")


def _explain(code: str) -> None:
    number = code.strip().upper().removeprefix("ESIA-")
    meaning = CODES.get(number)
    if meaning is None:
        _fail(f"No such refusal is published. Known are: {', '.join(CODES)}.")
    error = meaning.error
    typer.echo(f"ESIA-{number}: {meaning.why}.")
    if meaning.mend:
        typer.echo(f"To mend:   {meaning.mend}.")
    if meaning.field in Options.model_fields:
        typer.echo(f"Setting:   {_SETTING}{meaning.field}")
    typer.echo(f"A parent is told ({error.code}): {error.title.ru}. {error.remedy.ru}")


def _write_new(file: Path, content: bytes, mode: int) -> None:
    """Write a file that must not be there yet, never for a moment readable by more than its mode says."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)


def _fail(said: str) -> NoReturn:
    typer.echo(said, err=True)
    raise typer.Exit(1)
