"""`diary grants`: a parent invites, looks and revokes; a trusted person accepts and gives back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import httpx2
import pytest
from tests.api.running import PASSWORD

from diary_api.cli import main
from diary_api.cli.grants import READ, RIGHTS, STATES
from diary_api.cli.screen import screen
from diary_api.grants.rights import CHILD, TELLING_ABSENCE, TICKING_HOMEWORK, Right
from diary_api.grants.states import GrantState
from diary_api.school.readings import Kind

Run = Callable[..., str]


@dataclass(frozen=True)
class People:
    """The keys of a parent with a linked diary and of a trusted person."""

    parent: str
    person: str


@pytest.fixture
def people(url: str) -> People:
    with httpx2.Client(base_url=url, trust_env=False) as client:

        def key_of(email: str) -> str:
            body = {"email": email, "password": PASSWORD}
            client.post("/v1/accounts", json=body)
            return client.post("/v1/sessions", json=body).json()["secret"]

        parent, person = key_of("olga@example.org"), key_of("nina@example.org")
        client.headers["Authorization"] = f"Bearer {parent}"
        link = client.post("/v1/connections", json={"region": "54", "method": "password"}).json()
        filled = {"values": {"login": "olga", "password": "kestrel-9"}}
        client.post(f"/v1/connections/{link['id']}/steps", json=filled)
        return People(parent, person)


@pytest.fixture
def run(url: str, wide: None, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs `diary grants` with somebody's key, and gives what was printed."""

    def run(key: str, *arguments: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["grants", *arguments, "--url", url, "--token", key])
        printed = capsys.readouterr()
        assert ended.value.code == code, printed.err
        assert key not in printed.out + printed.err
        return printed.out + printed.err

    return run


NEW = ("--called", "Бабушка Нина", "--right", "lessons", "--right", "homework", "--until", "2027-05-31")


def test_from_the_invitation_to_the_end(run: Run, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step of a grant's life is one command, told in Russian; ids are whole in a narrow terminal."""
    invited = run(people.parent, "invite", "Вера", *NEW)
    link, code = re.findall(r"https?://\S+#dgi_[\w-]{43}|\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", invited)
    grant_id = re.findall(r"grt_\w+", invited)[0]
    with monkeypatch.context() as narrow:
        narrow.setattr(screen, "_width", 80)
        listed = run(people.parent, "list", "Вера")
    assert [word for word in ("ждёт", grant_id) if word not in listed] == []
    accepted = run(people.person, "accept", "--link", link, "--code", code)
    assert "Вера: уроки и расписание, домашние задания, до " in accepted
    assert grant_id in run(people.person, "mine")
    shown = run(people.parent, "list", "Вера")
    assert "действует" in shown
    assert "Бабушка Нина" in shown
    assert "кто это и где учится" in run(people.parent, "uses", grant_id, "Вера")
    assert "отозван" in run(people.parent, "revoke", grant_id, "Вера")
    assert "отозвано" in run(people.parent, "list", "Вера")
    assert "ничего не открыто" in run(people.person, "mine")


def test_she_gives_it_back(run: Run, people: People) -> None:
    """The parent sees who ended it."""
    invited = run(people.parent, "invite", "Вера", *NEW)
    link, code = re.findall(r"https?://\S+#dgi_[\w-]{43}|\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", invited)
    run(people.person, "accept", "--link", link, "--code", code)
    run(people.person, "give-back", re.findall(r"grt_\w+", invited)[0])
    assert "возвращено" in run(people.parent, "list", "Вера")


def test_refusals_are_told(run: Run, people: People) -> None:
    """A wrong invitation, a child of nobody's and no rights end with what to do, and nothing is made."""
    wrong = ("--link", "#dgi_" + "a" * 43, "--code", "AAAA-AAAA")
    assert "invitation_refused" in run(people.person, "accept", *wrong, code=1)
    assert "child_unclear" in run(people.person, "list", code=1)
    told = run(people.parent, "invite", "Вера", "--called", "Нина", "--until", "2027-05-31", code=2)
    assert [word for word in RIGHTS.values() if word not in " ".join(told.split())] == []
    assert "Никому не открыто" in run(people.parent, "list", "Вера")


def test_every_right_state_and_kind_has_a_word() -> None:
    """A parent never reads the name of a constant."""
    assert (set(RIGHTS), set(STATES)) == (set(Right), set(GrantState))
    assert set(READ) == {CHILD, TELLING_ABSENCE, TICKING_HOMEWORK, *Kind}
