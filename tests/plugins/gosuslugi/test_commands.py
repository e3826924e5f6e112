"""`diary gosuslugi`: keys are made once and kept to their owner; a configuration is judged in clear words."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from pydantic import SecretStr
from tests.plugins.gosuslugi.conftest import Openssl
from tests.plugins.gosuslugi.parties import NOW, Party, new_party, rsa_certificate
from tests.plugins.gosuslugi.settings import given
from typer.testing import CliRunner, Result

from diary_core.plugins import installed, load
from diary_gosuslugi.checks import check
from diary_gosuslugi.options import Options
from diary_gosuslugi.refusals import CODES
from diary_gosuslugi.signing import read_certificate, read_private_key


def diary(*arguments: str, options: Mapping[str, SecretStr] | None = None) -> Result:
    """Run the command line with this plugin only, as the gateway puts it together."""
    commands = typer.Typer()

    @commands.command("other")
    def other() -> None:  # a second command, so that `gosuslugi` stays a name
        """Do nothing."""

    del other
    plugins = load({"gosuslugi": installed()["gosuslugi"]})

    def options_of(plugin: str) -> Mapping[str, SecretStr]:
        return (options or {}) if plugin == "gosuslugi" else {}

    plugins.hooks.register_commands(commands=commands, options=options_of)
    return CliRunner().invoke(commands, ["gosuslugi", *arguments])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def verdicts(found: str) -> dict[str, list[str]]:
    lines = [line.split(maxsplit=1) for line in found.splitlines() if line]
    return {word: [text for sign, text in lines if sign == word] for word in ("ok", "look", "WRONG")}


def test_a_pair_is_made(here: Path) -> None:
    """Key and certificate fit, the hash is shown, and so is what to do next; the key itself is not."""
    made = diary("keygen", "DIARYGW01")
    key = read_private_key((here / "gosuslugi.key").read_bytes())
    certificate = read_certificate((here / "gosuslugi.pem").read_bytes())
    assert made.exit_code == 0
    assert certificate.key == key.public
    assert certificate.subject == "CN=DIARYGW01,O=diary-gateway,C=RU"
    assert certificate.hash in made.output
    assert "DIARY_OPTIONS__gosuslugi__client_id=DIARYGW01" in made.output
    assert (here / "gosuslugi.key").read_text().splitlines()[1] not in made.output


def test_the_key_is_its_owners_alone(here: Path) -> None:
    """Mode 600, whatever the umask allows."""
    before = os.umask(0)
    try:
        diary("keygen", "DIARYGW01")
    finally:
        os.umask(before)
    assert (here / "gosuslugi.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("there", ["gosuslugi.key", "gosuslugi.pem"])
def test_nothing_is_overwritten(there: str, here: Path) -> None:
    """If either file is there, neither is touched, and nothing new is left behind."""
    (here / there).write_text("precious")
    made = diary("keygen", "DIARYGW01")
    assert made.exit_code == 1
    assert there in made.output
    assert {file.name: file.read_text() for file in here.iterdir()} == {there: "precious"}


def test_a_dangling_link_is_not_followed(here: Path) -> None:
    """A link planted where the key should go does not send it elsewhere."""
    (here / "gosuslugi.key").symlink_to(here / "elsewhere")
    made = diary("keygen", "DIARYGW01")
    assert made.exit_code == 1
    assert not (here / "elsewhere").exists()


def test_other_places_and_times(here: Path) -> None:
    """Files, lifetime and organisation are the operator's to choose; a missing folder is said plainly."""
    more = ("--key-file", "k", "--certificate-file", "c", "--days", "10", "--organization", "ООО Ромашка")
    assert diary("keygen", "SYS", *more).exit_code == 0
    certificate = read_certificate((here / "c").read_bytes())
    assert certificate.until - certificate.since == timedelta(days=10)
    assert "ООО Ромашка" in certificate.subject
    failed = diary("keygen", "SYS", "--key-file", "no/such/k")
    assert failed.exit_code == 1
    assert "cannot be written" in failed.output


def test_off_is_said(here: Path) -> None:
    """Without a client id there is nothing to check."""
    del here
    found = diary("check")
    assert found.exit_code == 1
    assert "off" in found.output


@pytest.mark.parametrize("signer", ["python", "openssl"])
def test_a_good_configuration(signer: str, party: Party, esia: Party, openssl: Openssl) -> None:
    """All is right; what may be asked is named where the operator has left it open."""
    del openssl
    party.key_file.chmod(0o600)
    options = given(party, esia, signer=signer)
    found = diary("check", options=options)
    judged = verdicts(found.output)
    assert (found.exit_code, judged["WRONG"]) == (0, [])
    assert [text[:7] for text in judged["look"]] == ["scopes:"]
    assert party.certificate.hash in found.output
    assert sum("belong together" in text or "verifies" in text for text in judged["ok"]) == 2


def test_a_fresh_pair_passes_its_check(here: Path, esia: Party) -> None:
    """What `keygen` makes, `check` approves of."""
    diary("keygen", "DIARYGW01")
    options = {
        "client_id": SecretStr("DIARYGW01"),
        "key_file": SecretStr(str(here / "gosuslugi.key")),
        "certificate_file": SecretStr(str(here / "gosuslugi.pem")),
        "trusted_certificates": SecretStr(str(esia.trusted_file)),
        "scopes": SecretStr("openid fullname"),
    }
    found = diary("check", options=options)
    assert (found.exit_code, verdicts(found.output)["WRONG"]) == (0, [])
    assert "without the right to all of: birth_date" in found.output


@pytest.mark.parametrize("number", sorted(CODES))
def test_every_refusal_is_explained(number: str) -> None:
    """By its number as the log has it, or without its prefix: why, what to mend, what a parent is told."""
    meaning = CODES[number]
    said = diary("explain", f"ESIA-{number}").output
    assert diary("explain", number).output == said
    wanted = (meaning.why, meaning.mend or "", meaning.error.title.ru, meaning.error.remedy.ru)
    assert [words for words in wanted if words not in said] == []
    setting = re.search(r"DIARY_OPTIONS__gosuslugi__(\w+)", said)
    assert (setting and setting[1]) == (meaning.field if meaning.field in Options.model_fields else None)


def test_an_unknown_refusal_lists_the_known() -> None:
    """A number nobody publishes."""
    found = diary("explain", "ESIA-999999")
    assert found.exit_code == 1
    assert "007053" in found.output


async def wrong(options: Mapping[str, SecretStr], now: datetime = NOW) -> list[str]:
    return [one.text for one in await check(options, now) if one.verdict == "wrong"]


@pytest.mark.anyio
async def test_what_is_wrong_is_named(party: Party, esia: Party, tmp_path: Path) -> None:
    """Each fault by itself, in words an operator can act on."""
    party.key_file.chmod(0o600)
    other = new_party(tmp_path, name="OTHER")
    other.key_file.chmod(0o644)
    (tmp_path / "rsa.pem").write_bytes(rsa_certificate())
    (tmp_path / "text").write_text("a-canary")
    faults: list[tuple[dict[str, str], str]] = [
        ({"key_file": str(tmp_path / "none")}, "cannot be read"),
        ({"key_file": str(tmp_path / "text")}, "no unencrypted GOST"),
        ({"key_file": str(other.key_file)}, "chmod 600"),
        ({"key_file": str(other.key_file)}, "do not belong together"),
        ({"key_file": str(other.key_file)}, "does not verify"),
        ({"certificate_file": str(tmp_path / "rsa.pem")}, "no GOST key"),
        ({"certificate_file": str(tmp_path / "text")}, "holds no certificate"),
        ({"trusted_certificates": str(tmp_path / "rsa.pem")}, "no trusted certificate"),
        ({"trusted_certificates": str(tmp_path / "text")}, "holds no certificate"),
        ({"signer": "openssl", "openssl": str(tmp_path / "none")}, "no GOST engine"),
        ({"environment": "staging"}, "environment"),
    ]
    told = [(expected, await wrong(given(party, esia, **changes))) for changes, expected in faults]
    assert [expected for expected, found in told if not any(expected in text for text in found)] == []
    assert "a-canary" not in str(told)


@pytest.mark.anyio
async def test_dates_are_looked_at(party: Party, esia: Party) -> None:
    """A month ahead the operator is warned; after the end, and before the start, it is wrong."""
    options = given(party, esia)
    end = party.certificate.until
    warned = await check(options, end - timedelta(days=10))
    late = await wrong(options, end + timedelta(days=1))
    early = await wrong(options, datetime(2020, 1, 1, tzinfo=UTC))
    assert any(one.verdict == "look" and "10 days left" in one.text for one in warned)
    assert any("expired" in text for text in late)
    assert any("valid now" in text for text in late)
    assert any("not valid yet" in text for text in early)


@pytest.mark.anyio
async def test_an_old_trusted_certificate_beside_a_new_one_is_no_fault(
    party: Party, esia: Party, tmp_path: Path
) -> None:
    """Rotation leaves the old one in the folder for a while."""
    old = new_party(tmp_path, name="OLD", since=datetime(2020, 1, 1, tzinfo=UTC))
    (tmp_path / "trusted").mkdir()
    (tmp_path / "trusted" / "old.cer").write_bytes(old.certificate.der)
    (tmp_path / "trusted" / "new.cer").write_bytes(esia.certificate.der)
    party.key_file.chmod(0o600)
    found = await check(given(party, esia, trusted_certificates=str(tmp_path / "trusted")), NOW)
    assert [one.text for one in found if one.verdict == "wrong"] == []
    assert any(one.verdict == "look" and "expired" in one.text for one in found)
