"""The command line, run as a person runs it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.ports import free_ports

from diary_api.cli import main
from diary_api.cli.abilities import WORDS
from diary_api.cli.ports import is_free
from diary_core.abilities import Ability


def diary(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `diary` in a folder of its own, in a terminal 130 characters wide."""
    return subprocess.run(
        [sys.executable, "-m", "diary_api", *arguments],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "130", "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """Return a function that runs `diary` in this process, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "130")

    def run(*arguments: str) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        printed = capsys.readouterr()
        return Ended(int(ended.value.code or 0), printed.out, printed.err)

    return run


Command = Callable[..., Ended]


def test_the_demo_shows_two_systems_in_one_form(tmp_path: Path) -> None:
    """A family in Moscow and one in a Дневник.ру region are linked for real, and both weeks are drawn."""
    ports = free_ports(10)
    run = diary("demo", "--once", "--port", str(ports + 9), "--sandbox-port", str(ports), cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    for expected in ("Артём · 7-Б", "Семён", "mrko/moscow", "dnevnik_ru/arkhangelsk", "Понедельник"):
        assert expected in run.stdout
    assert "/openapi.json" in run.stdout
    assert "/v1/sign-ins/" in run.stdout
    assert re.search(
        r"-d '{\"key\": \"dgk_.*\", \"code\": \"КОД\"}' .*/v1/sign-in/gosuslugi/session", run.stdout
    )
    lines = run.stdout.splitlines()
    assert len([line for line in lines if re.fullmatch(r"curl -H '.* dgs_.*' .*/v1/children", line)]) == 2
    assert [line for line in lines if re.fullmatch(r"curl -H .*/v1/children/chd_[a-z2-7]{26}/week", line)]
    assert [line for line in lines if re.fullmatch(r"DIARY_URL=.* DIARY_TOKEN=dgs_.* week Артём", line)]


@pytest.mark.slow
def test_the_demo_walks_the_gosuslugi_door(tmp_path: Path) -> None:
    """With `--browser` a mother signs in through Gosuslugi, and her diary is matched with her."""
    ports = free_ports(10)
    places = ("--port", str(ports + 9), "--sandbox-port", str(ports))
    run = diary("demo", "--once", "--browser", *places, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "вход через Госуслуги песочницы, пройден: логин region_mother@esia.test" in run.stdout
    assert "учётная запись Госуслуг подтверждённая" in run.stdout
    assert "«Моя школа», Московская область — владелец подтверждён: СНИЛС и ФИО совпали" in run.stdout
    assert "# Злата" in run.stdout.splitlines()


def test_a_taken_port_is_one_sentence(command: Command, tmp_path: Path) -> None:
    """Nothing is started when a port is taken, and the sentence names the port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = command("demo", "--once", "--port", str(port))
    assert run.code == 2
    assert f"port {port} on 127.0.0.1 is taken" in run.err
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_of_the_sandbox_names_its_own_option(command: Command) -> None:
    """Another --port would not help."""
    ports = free_ports(10)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", ports + 3))
        taken.listen()
        run = command("demo", "--port", str(ports + 9), "--sandbox-port", str(ports))
    assert run.code == 2
    assert f"port {ports + 3} on 127.0.0.1 is taken; choose another with --sandbox-port" in run.err


def test_one_port_cannot_serve_two(command: Command, tmp_path: Path) -> None:
    """The gateway's port among the sandbox's is told before anything is started."""
    ports = free_ports(10)
    run = command("demo", "--port", str(ports + 3), "--sandbox-port", str(ports))
    assert run.code == 2
    assert f"the sandbox takes the ports {ports} to {ports + 7}" in run.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="signals are sent the POSIX way")
def test_ending_the_demo_ends_its_servers(tmp_path: Path) -> None:
    """A closed terminal or a `kill` frees every port, as Ctrl-C does, so that the next run can start."""
    ports = free_ports(10)
    places = ["--port", str(ports + 9), "--sandbox-port", str(ports)]
    with subprocess.Popen(
        [sys.executable, "-m", "diary_api", "demo", *places], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        assert any("Ctrl-C" in line for line in demo.stdout)
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(60) == 0
    assert all(is_free("127.0.0.1", ports + offset) for offset in range(10))


def test_the_demo_removes_only_what_a_demo_has_made(command: Command, tmp_path: Path) -> None:
    """A folder with a real database and its keys, or with anything of yours, is left as it is."""
    for name in ("diary.db", "diary.keys"):
        (tmp_path / name).write_text("mine")
    ports = free_ports(10)
    places = ("--port", str(ports + 9), "--sandbox-port", str(ports))
    run = command("demo", "--once", "--folder", str(tmp_path), *places)
    assert run.code == 2
    assert "--folder" in run.err
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "diary.db": "mine",
        "diary.keys": "mine",
    }


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("regions",), "Архангельская область"),
        (("regions", "77"), "mos_ru"),
        (("regions", "77", "--access"), "«Заявление не может быть подано»"),
        (("regions", "54", "--access"), "Как получить вход: ЭлЖур"),
        (("regions", "66"), "больше не работает"),
        (("regions", "24"), "пока не подключён"),
        (("regions", "77"), "видно: неделя, отметки, подробности отметок, домашние задания"),
        (("regions", "77"), "МРКО (pgu.mos.ru, mrko.mos.ru) до 2017 года"),
        (("regions", "архангельская"), "Архангельская область"),
        (("regions", "Novosibirsk"), "больше не работает"),
        (("regions", "санкт"), "частично"),
        (("plugins",), "dnevnik_ru"),
        (("--help",), "demo"),
    ],
)
def test_what_is_asked_is_shown(arguments: tuple[str, ...], expected: str, command: Command) -> None:
    """Each command answers and ends well."""
    ended = command(*arguments)
    assert ended.code == 0, ended.err
    assert expected in ended.out


def test_the_sandbox_tells_its_own_options(tmp_path: Path) -> None:
    """What follows `diary sandbox` is the sandbox's own."""
    assert "--port-base" in diary("sandbox", "--help", cwd=tmp_path).stdout


def test_an_unknown_region_is_told(command: Command) -> None:
    """A wrong code ends with the code of the error, the value, and where to look."""
    ended = command("regions", "00")
    assert ended.code == 2
    assert "region_unknown" in ended.err
    assert "'00'" in ended.err
    assert "diary regions" in ended.err


def test_a_part_of_a_name_finds_every_region_it_fits(command: Command) -> None:
    """Several are listed; one that is entered in some schools only is not shown as served everywhere."""
    lines = command("regions", "край").out.splitlines()
    assert [line for line in lines if "Хабаровский край" in line and "да" in line]
    assert [line for line in lines if "Пермский край" in line and "частично" in line]
    assert not [line for line in lines if "Москва" in line]


def test_every_ability_has_a_word() -> None:
    """A parent never reads the name of a class."""
    assert set(WORDS) == {ability.__name__ for ability in Ability.__subclasses__()}


def test_a_week_without_a_token_says_where_to_get_one(command: Command) -> None:
    """Nothing is asked for in a terminal that may not be one."""
    ended = command("week")
    assert ended.code == 1
    assert "DIARY_TOKEN" in ended.err


def test_a_missing_key_file_says_how_to_make_it(command: Command) -> None:
    """The operator reads the cause and the cure, and is not sent to us."""
    ended = command("keys", "show")
    assert ended.code == 2
    assert "there is no key file 'diary.keys'" in ended.err
    assert "diary keys make" in ended.err
    assert "Report" not in ended.err


def test_a_gateway_that_is_not_there_is_told(command: Command) -> None:
    """Asking a closed port says that nobody answers, and what to do."""
    ended = command("week", "--url", "http://127.0.0.1:9", "--token", "dgs_x")
    assert ended.code == 1
    assert "Шлюз не отвечает" in ended.err
    assert "dgs_x" not in ended.out + ended.err


def test_the_key_ring_is_made_once_and_never_shown(command: Command, tmp_path: Path) -> None:
    """Making twice keeps the keys; adding puts a new one in front; ids are shown, keys are not."""
    assert command("keys", "make").code == 0
    ring = (tmp_path / "diary.keys").read_text()
    assert command("keys", "make").code == 0
    assert (tmp_path / "diary.keys").read_text() == ring
    assert command("keys", "add").code == 0
    shown = command("keys", "show").out
    assert "seals and opens" in shown
    assert [part for part in ring.split('"') if len(part) > 40 and part in shown] == []


def test_a_wrong_setting_is_one_sentence(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting at fault is named, its value is not repeated, and nothing is started."""
    monkeypatch.setenv("DIARY_PUBLIC_URL", "CANARY nowhere")
    ended = command("serve", "--port", str(free_ports(1)))
    assert ended.code == 2
    assert "DIARY_PUBLIC_URL" in ended.err
    assert "CANARY" not in ended.err


def test_a_damaged_key_ring_is_told_before_serving(command: Command, tmp_path: Path) -> None:
    """What keeps the gateway from starting is said in a sentence, not by the server."""
    (tmp_path / "diary.keys").write_text("{}")
    (tmp_path / "diary.keys").chmod(0o600)
    ended = command("serve", "--port", str(free_ports(1)))
    assert ended.code == 2
    assert "the key ring is damaged" in ended.err
