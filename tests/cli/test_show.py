"""What a diary lists, in the terminal; and signing a week there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import StringIO

import pytest
from inline_snapshot import snapshot
from rich.console import Console
from tests.api.listening import a_family
from tests.api.test_readings import diary_reads
from tests.api.tiny import TinyTown

from diary_api.cli import main
from diary_api.cli.lists import VIEWS, What
from diary_core.model import (
    UNSUPPORTED,
    Address,
    Announcement,
    AttendanceCounts,
    AttendanceSummary,
    DayException,
    Event,
    MealEntry,
    Model,
    Remark,
    School,
    StudyPlan,
    StudyPlanSubject,
    Subject,
    SubjectAttendance,
    Teacher,
    Visit,
    WeekSignature,
)
from diary_core.people import PersonName

MATHS = Subject(id="1", name="Математика")
TODAY = date(2026, 11, 16)


def drawn(what: What, items: Sequence[Model]) -> str:
    paper = StringIO()
    Console(width=100, file=paper).print(VIEWS[what].drawing("Вера · 7-Б", "tiny/town", items))
    return paper.getvalue()


def test_days_of_a_vacation_are_one_line() -> None:
    """Days in a row of one kind and title; another title begins a new line, and a moved day says how."""
    vacation = [DayException(date=date(2026, 10, day), kind="vacation", title="Осенние") for day in (5, 6, 7)]
    others = [
        DayException(date=date(2026, 10, 8), kind="day_off", title=None),
        DayException(date=date(2026, 10, 17), kind="moved", title="За пятницу", follows_weekday=5),
    ]
    assert drawn(What.CALENDAR, [*vacation, *others]) == snapshot("""\
╭────────────── Вера · 7-Б · каникулы и праздники ───────────────╮
│ Дни                                                            │
│ пн 05.10 – ср 07.10  каникулы  Осенние                         │
│ чт 08.10             выходной                                  │
│ сб 17.10             перенос   За пятницу  по расписанию: пт   │
╰────────────────────────── tiny/town ───────────────────────────╯
""")


def test_what_is_not_known_is_a_dot() -> None:
    """Whom a remark is by, the diary may not tell; words that look like markup stay words."""
    items = [
        Remark(id="r", date=TODAY, subject=MATHS, lesson_id=None, text="[bold]Молодец[/]", author=UNSUPPORTED)
    ]
    assert drawn(What.REMARKS, items) == snapshot("""\
╭─────────── Вера · 7-Б · замечания ────────────╮
│ День      Предмет     Замечание         Кто   │
│ пн 16.11  Математика  [bold]Молодец[/]  ·     │
╰────────────────── tiny/town ──────────────────╯
""")


def test_signed_and_unsigned_weeks() -> None:
    """A tick and when it was given."""
    at = datetime(2026, 11, 15, 19, 30, tzinfo=UTC)
    items = [
        WeekSignature(week=date(2026, 11, 9), signed=True, signed_at=at),
        WeekSignature(week=TODAY, signed=False, signed_at=None),
    ]
    assert drawn(What.SIGNATURES, items) == snapshot("""\
╭─── Вера · 7-Б · подписи недель ────╮
│ Неделя с  Подписана  Когда         │
│ пн 09.11  ✓          15.11 19:30   │
│ пн 16.11  —                        │
╰──────────── tiny/town ─────────────╯
""")


def test_events_meals_and_passes() -> None:
    """A line each, with money in roubles."""
    event = Event(
        id="e",
        kind="meeting",
        title="Собрание",
        text="Повестка: разное.",
        date=TODAY,
        until=None,
        starts_at=datetime(2026, 11, 16, 18, 0, tzinfo=UTC),
        ends_at=None,
        place="Кабинет 12",
        address=None,
    )
    eaten = MealEntry(id="m", date=TODAY, amount=Decimal("-120.5"), kind="order", dishes=("Сырники", "Чай"))
    visit = Visit(date=TODAY, entered=time(8, 7), left=None, zone="Europe/Moscow", place="Учебная ул., 1")
    news = Announcement(id="n", title="Ярмарка", text=None, published_at=None, author="Школа")
    shown = [
        drawn(What.EVENTS, [event]),
        drawn(What.MEALS, [eaten]),
        drawn(What.VISITS, [visit]),
        drawn(What.ANNOUNCEMENTS, [news]),
    ]
    assert "".join(shown) == snapshot("""\
╭──────────────── Вера · 7-Б · собрания и мероприятия ────────────────╮
│ Когда                     Что       Где         Подробности         │
│ пн 16.11 18:00  собрание  Собрание  Кабинет 12  Повестка: разное.   │
╰───────────────────────────── tiny/town ─────────────────────────────╯
╭─────────── Вера · 7-Б · питание ───────────╮
│ День             Сумма      Блюда          │
│ пн 16.11  заказ  −120,50 ₽  Сырники, Чай   │
╰──────────────── tiny/town ─────────────────╯
╭── Вера · 7-Б · проходы через турникет ───╮
│ День      Вход   Выход  Где              │
│ пн 16.11  08:07  —      Учебная ул., 1   │
╰─────────────── tiny/town ────────────────╯
╭─── Вера · 7-Б · объявления ────╮
│ Когда  Кто    О чём    Текст   │
│        Школа  Ярмарка          │
╰────────── tiny/town ───────────╯
""")


def test_the_school_its_plan_and_the_sum_of_absences() -> None:
    """What is known of the school, a line for each thing; hours held and planned; lessons missed."""
    teacher = PersonName(last="Кленова", first="Ирина", middle="Сергеевна")
    school = School(
        id="s",
        name="Школа № 9999",
        zone="Europe/Moscow",
        phone="9990000100",
        hours=UNSUPPORTED,
        addresses=(Address(text="Учебная ул., 1", name="Корпус 1", own=True),),
        class_teachers=(Teacher(id=None, name=teacher),),
        teachers=(Teacher(id=None, name=teacher, subjects=("Алгебра", "Геометрия")),),
    )
    hours = StudyPlanSubject(
        subject=MATHS, hours_total=136, hours_passed=7, hours_a_week_least=3, hours_a_week_most=4
    )
    plan = StudyPlan(
        id="p", title="План", profile="Технологический", form=None, hours_total=136, subjects=(hours,)
    )
    counts = AttendanceCounts(absent=3, excused=2, unexcused=1, unknown=0, late=1, other=0, whole_days=0)
    missed = AttendanceSummary(
        since=date(2026, 9, 1),
        until=TODAY,
        total=counts,
        days=2,
        subjects=(SubjectAttendance(subject=MATHS, counts=counts),),
    )
    shown = [
        drawn(What.SCHOOL, [school]),
        drawn(What.STUDY_PLAN, [plan]),
        drawn(What.ATTENDANCE_SUMMARY, [missed]),
    ]
    assert "".join(shown) == snapshot("""\
╭───────────────────── Вера · 7-Б · школа ─────────────────────╮
│                        Школа № 9999                          │
│ Директор               ·                                     │
│ Телефон                9990000100                            │
│ Почта                  ·                                     │
│ Сайт                   ·                                     │
│ Часы работы            ·                                     │
│ Район                  ·                                     │
│ Корпус 1               Учебная ул., 1 (здесь уроки класса)   │
│ Классный руководитель  Кленова Ирина Сергеевна               │
│ Алгебра, Геометрия     Кленова Ирина Сергеевна               │
╰───────────────────────── tiny/town ──────────────────────────╯
╭─────────────── Вера · 7-Б · учебный план ───────────────╮
│ Предмет                 Прошло часов  Всего  В неделю   │
│ План · Технологический                136               │
│ Математика              7             136    3–4        │
╰─────────────────────── tiny/town ───────────────────────╯
╭─────────────── Вера · 7-Б · сводка пропусков ────────────────╮
│                      Пропущено  По уважительной  Опозданий   │
│ вт 01.09 – пн 16.11  3          2                1           │
│ Математика           3          2                1           │
╰───────────────────────── tiny/town ──────────────────────────╯
""")


def test_nothing_is_said_in_words() -> None:
    """No empty table."""
    assert [what for what in What if "Ничего нет." not in drawn(what, [])] == []


def test_every_reading_is_shown_by_a_command() -> None:
    """What `show` does not know has a command of its own, is no table, or is asked for one at a time."""
    of_their_own = {"averages", "forecast", "week", "days", "absence-notices/reasons"}
    to_plot = {"progress"}
    one_at_a_time = {"marks/{mark_id}", "threads/{thread_id}/messages"}
    reads = {path.removeprefix("/v1/children/{child_id}/") for path in diary_reads()}
    assert reads == {*What, *of_their_own, *to_plot, *one_at_a_time}


@pytest.mark.parametrize(
    ("since", "until", "span"),
    [
        (None, None, (date(2026, 11, 3), TODAY)),
        (date(2026, 9, 1), None, (date(2026, 9, 1), TODAY)),
        (None, date(2026, 10, 1), (date(2026, 10, 1), date(2026, 10, 1))),
        (date(2026, 12, 1), None, (date(2026, 12, 1), date(2026, 12, 1))),
    ],
)
def test_days_that_are_not_given_are_around_today(
    since: date | None, until: date | None, span: tuple[date, date]
) -> None:
    """A span never ends before it begins because half of it was given."""
    asked = VIEWS[What.REMARKS].span(TODAY, since, until)
    assert asked == {"since": str(span[0]), "until": str(span[1])}
    assert VIEWS[What.SCHOOL].span(TODAY, since, until) == {}


Run = Callable[..., str]


@pytest.fixture
def run(url: str, town: TinyTown, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command for a linked family, and gives what was printed."""
    town.signed = {}
    _, headers = a_family(url)
    monkeypatch.setenv("DIARY_TOKEN", headers["Authorization"].removeprefix("Bearer "))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--url", url])
        printed = capsys.readouterr()
        assert ended.value.code == code, printed.err
        return " ".join((printed.out + printed.err).split())

    return run


def test_the_commands_ask_the_gateway(run: Run, town: TinyTown) -> None:
    """What the diary has is drawn, a signed week is shown so; what it has not is refused in words."""
    week = ("--since", "2026-09-14", "--until", "2026-09-20")
    assert "Вера · 7-Б · отметки" in run("show", "marks", "Вера", *week)
    assert "Школа Воробьёва" in run("show", "school", "вера")
    assert "пн 07.09 —" in run("show", "signatures", "Вера", "--since", "2026-09-07")
    assert "Вера: неделя с 07.09.2026 подписана." in run("sign", "Вера", "--of", "2026-09-10")
    assert list(town.signed or ()) == [date(2026, 9, 7)]
    assert "пн 07.09 ✓" in run("show", "signatures", "Вера", "--since", "2026-09-07")
    refused = run("show", "visits", "Вера", code=1)
    assert [words for words in ("not_supported", "diary regions") if words not in refused] == []
    assert "ReadsVisits" not in refused
    assert "week_ahead" in run("sign", "Вера", "--of", "2099-01-01", code=1)
