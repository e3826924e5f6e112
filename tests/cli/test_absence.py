"""`diary absence`: a parent tells the school, looks how far it has come, and takes it back."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx2
import pytest
from tests.api.listening import a_family
from tests.api.tiny import TinyTown

from diary_api.absences.states import NoticeState
from diary_api.cli import main
from diary_api.cli.absence import STATES
from diary_api.cli.screen import screen
from diary_core.errors import RegionDown
from diary_core.model import NOT_LOADED, Day

Run = Callable[..., str]
ON = ("--on", "2026-09-17")


@pytest.fixture
def key(url: str, town: TinyTown) -> str:
    """The key of a parent whose diary takes notices."""
    _, headers = a_family(url)
    town.notices = {}
    return headers["Authorization"].removeprefix("Bearer ")


@pytest.fixture
def run(
    url: str,
    key: str,
    wide: None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Return a function that runs `diary absence` with that key, and gives what was printed."""
    monkeypatch.setenv("DIARY_TOKEN", key)

    def run(*arguments: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["absence", *arguments, "--url", url])
        printed = capsys.readouterr()
        assert ended.value.code == code, printed.err
        assert key not in printed.out + printed.err
        return " ".join((printed.out + printed.err).split())

    return run


def test_from_the_notice_to_its_withdrawal(run: Run, town: TinyTown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step is one command, told in Russian; ids are whole in a narrow terminal too."""
    told = run("notify", "Вера", *ON, "--lesson", "1", "--lesson", "3", "--reason", "3", "--comment", "Врач")
    assert "17.09.2026, уроков: 2: передано школе" in told
    notice_id = re.findall(r"ntc_\w+", told)[0]
    listed = run("list", "Вера", "--since", "2026-09-14")
    assert [word for word in ("уроков:", "Врач", "17.09.2026", "школе") if word not in listed] == []
    monkeypatch.setattr(screen, "_width", 80)
    assert notice_id in run("list", "Вера", "--since", "2026-09-14")
    assert "уроков: 2: отозвано" in run("withdraw", notice_id, "Вера")
    assert town.notices == {}


def test_lessons_go_by_the_bells_where_the_diary_does_not_number_them(run: Run, town: TinyTown) -> None:
    """МЭШ tells no numbers beside its lessons: the bells of the day do."""

    def unnumbered(day: Day) -> Day:
        return day.model_copy(
            update={"lessons": tuple(one.model_copy(update={"slot": NOT_LOADED}) for one in day.lessons)}
        )

    town.edit = unnumbered
    run("notify", "Вера", *ON, "--lesson", "2", "--reason", "3")
    assert [told.lesson_ids for told in town.told] == [("enrolment-of-vera-2026-09-17-2",)]
    assert "Уроки 17.09: 1, 2, 3, 4." in run("notify", "Вера", *ON, "--lesson", "9", "--reason", "3", code=1)


def test_what_waits_says_why(run: Run, town: TinyTown) -> None:
    """A parent reads that it is accepted, and that the gateway goes on by itself."""
    run("notify", "Вера", *ON, code=1)  # so that reasons are known
    town.trouble = RegionDown()
    told = run("notify", "Вера", *ON, "--until", "2026-09-18", "--reason", "1")
    assert told.count("принято, дневник пока не ответил (Дневник региона не отвечает)") == 2
    assert "Доставим сами" in told
    assert "region_down" in run("list", "Вера", "--since", "2026-09-14")


def test_refusals_are_told(run: Run, town: TinyTown) -> None:
    """No reason, no such lesson and a day that is over end with what to do, and nothing is told."""
    assert "3 – Семейные обстоятельства" in run("notify", "Вера", *ON, code=1)
    assert "Уроки 17.09: 1, 2, 3, 4." in run("notify", "Вера", *ON, "--lesson", "9", "--reason", "3", code=1)
    assert "absence_in_past" in run("notify", "Вера", "--on", "2026-09-15", "--reason", "3", code=1)
    assert "Уведомлений нет" in run("list", "Вера", "--since", "2026-09-14")
    assert town.told == []


def test_every_state_has_a_word() -> None:
    """A parent never reads the name of a constant."""
    assert set(STATES) == set(NoticeState)


def test_a_read_token_cannot_tell(run: Run, url: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telling the school is a right of its own, named in the refusal."""
    new, headers = {"name": "x", "scopes": ["diary:read"]}, {"Authorization": f"Bearer {key}"}
    token = httpx2.post(f"{url}/v1/tokens", json=new, headers=headers).json()["secret"]
    monkeypatch.setenv("DIARY_TOKEN", token)
    assert "diary:write" in run("notify", "Вера", *ON, "--reason", "3", code=1)
