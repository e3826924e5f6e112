"""Averages and forecasts in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from rich.console import Console, RenderableType
from tests.api.listening import a_family, listening
from tests.api.running import MovableClock, settings_for
from tests.api.tiny import YEAR, TinyTown, tiny_plugins
from tests.core.averages.marks import PHYSICS, QUARTER, mark

from diary_api.app import create_app
from diary_api.cli import main, marks_paper
from diary_core.averages import averages_of, forecast, future_marks
from diary_core.model import UNSUPPORTED, ClassStanding, DiaryAverage, Forecast, LessonsLeft, Mark, Subject

MATHS = Subject(id="1", name="Математика")
MARKS = [
    mark(0, "4", Decimal(1), subject=MATHS),
    mark(1, "3", Decimal(3), subject=MATHS),
    mark(2, "5", Decimal(2), subject=PHYSICS),
    mark(3, "4", Decimal(1), subject=PHYSICS),
]


PLACE = ClassStanding(
    subject=Subject(id="1", name="Математика"), place=3, class_size=26, class_average=Decimal("3.8162")
)


def drawn(drawing: RenderableType) -> str:
    paper = StringIO()
    Console(width=100, file=paper).print(drawing)
    return paper.getvalue()


def test_averages_are_a_table() -> None:
    """Ours next to the diary's, and what explains a difference; the rounding stands below."""
    music = Subject(id="7", name="Музыка")
    shown = [
        DiaryAverage(subject=MATHS, term_id="q1", value=Decimal("3.25"), rounds_up_from=Decimal("0.6")),
        DiaryAverage(subject=PHYSICS, term_id="q1", value=Decimal("4.50")),
        DiaryAverage(subject=music, term_id="q1", value=None),
    ]
    items = averages_of(MARKS, QUARTER, shown=shown)
    assert drawn(marks_paper.averages("Вера · 7-Б · 1 четверть", "tiny/town", items)) == snapshot("""\
╭───────────────── Вера · 7-Б · 1 четверть ─────────────────╮
│ Предмет     Средний  Выходит  Отметок        В дневнике   │
│ Математика     3,25        3        2            3,25 ✓   │
│ Музыка            —                 0                 —   │
│ Физика         4,67        5        2  4,50 ≠ без весов   │
│                                                           │
│ Округление вверх с 0,6 (так в дневнике).                  │
╰──────────────────────── tiny/town ────────────────────────╯
""")


def test_the_class_stands_beside_where_it_is_wanted() -> None:
    """A place and the mean of the class; a subject without a place has a dash, an unknown class a dot."""
    places = [
        ClassStanding(subject=None, place=7, class_size=26, class_average=Decimal("3.9427")),
        ClassStanding(subject=PHYSICS, place=2, class_size=UNSUPPORTED, class_average=UNSUPPORTED),
    ]
    items = averages_of(MARKS, QUARTER, shown=UNSUPPORTED)
    assert drawn(marks_paper.averages("Вера", "tiny/town", items, places)) == snapshot("""\
╭─────────────────────────────── Вера ────────────────────────────────╮
│                                                     Место   Класс   │
│ Предмет     Средний  Выходит  Отметок  В дневнике  за год  за год   │
│ Математика     3,25        3        2           ·       —       —   │
│ Физика         4,67        5        2           ·       2       ·   │
│                                                                     │
│ Округление вверх с 0,51 (по умолчанию).                             │
│ По всем предметам за год: место 7 из 26, в среднем по классу 3,94.  │
╰───────────────────────────── tiny/town ─────────────────────────────╯
""")


def test_averages_of_unknown_weights_are_marked() -> None:
    """A stopgap looks like one; a diary without averages of its own has a dot."""
    marks = [*MARKS[:1], mark(1, "3", UNSUPPORTED, subject=MATHS)]
    items = averages_of(marks, QUARTER, shown=UNSUPPORTED)
    assert drawn(marks_paper.averages("Вера", "tiny/town", items)) == snapshot("""\
╭─────────────────────── Вера ────────────────────────╮
│ Предмет     Средний  Выходит  Отметок  В дневнике   │
│ Математика    ~3,50        3        2           ·   │
│                                                     │
│ Округление вверх с 0,51 (по умолчанию).             │
│ ~ веса отметок неизвестны, это простое среднее      │
╰───────────────────── tiny/town ─────────────────────╯
""")


def test_a_term_without_marks_says_so() -> None:
    """No empty table."""
    assert "Отметок в этом периоде пока нет." in drawn(marks_paper.averages("Вера", "tiny/town", []))


def asked(marks: list[Mark], target: int, lessons: int | None) -> Forecast:
    found = averages_of(marks, QUARTER, shown=UNSUPPORTED)
    return forecast(
        found[0],
        target=Decimal(target),
        future=future_marks(found[0], found),
        lessons_left=None if lessons is None else LessonsLeft(count=lessons, source="timetable"),
    )


def test_a_forecast_is_an_answer_in_words() -> None:
    """What is, what is needed, how many lessons are left, and the ways."""
    found = asked(MARKS[:2], 4, 10)
    assert drawn(marks_paper.forecast("Вера · Математика", "tiny/town", found)) == snapshot("""\
╭──────────────────── Вера · Математика ─────────────────────╮
│ Сейчас: 3,25, выходит 3. Для 4 нужен средний балл от 3,51. │
│ Осталось уроков: 10.                                       │
│ Округление вверх с 0,51 (по умолчанию).                    │
│                                                            │
│ Чтобы вышло 4, хватит:                                     │
│   «4», вес 3 → 3,57                                        │
│   «5», вес 1 → 3,60                                        │
│   «4» × 3, вес 1 → 3,57                                    │
╰──────────────────────── tiny/town ─────────────────────────╯
""")


@pytest.mark.parametrize(
    ("target", "lessons", "words"),
    [
        (3, 10, "3 уже выходит."),
        (5, 2, "5 в этом периоде уже не выйдет."),
        (5, None, "Сколько уроков осталось, дневник не говорит."),
    ],
)
def test_a_forecast_says_plainly_how_it_stands(target: int, lessons: int | None, words: str) -> None:
    """Reached, impossible, or not bounded by anything known."""
    assert words in drawn(marks_paper.forecast("Вера", "tiny/town", asked(MARKS[:2], target, lessons)))


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where a gateway listens, and the key of a family of two, as the commands read them."""
    clock = MovableClock()
    town = TinyTown(
        clock, places=[PLACE], marks=MARKS, terms=[YEAR, QUARTER.model_copy(update={"parent_id": "y"})]
    )
    folder = tmp_path_factory.mktemp("gateway")
    with listening(create_app(settings_for(folder), plugins=tiny_plugins(town), clock=clock)) as url:
        _, headers = a_family(url)
        yield {"DIARY_URL": url, "DIARY_TOKEN": headers["Authorization"].removeprefix("Bearer ")}


def run(
    gateway: dict[str, str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *arguments: str,
) -> tuple[int, str, str]:
    for name, value in {**gateway, "COLUMNS": "120"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("averages", "Вера"), ["Вера · 7-Б · 1 четверть", "Математика", "3,25", "Физика", "4,67"]),
        (("averages", "вера", "--term", "y"), ["2026/27"]),
        (("averages", "Вера", "--rounds-up-from", "0.25"), ["с 0,25 (как вы указали)"]),
        (("forecast", "математика", "4", "Вера"), ["Осталось уроков", "«4», вес 3 → 3,57"]),
        (("forecast", "1", "5", "Вера", "--lessons-left", "1"), ["5 в этом периоде уже не выйдет."]),
        (("forecast", "1", "4", "Вера", "--weight", "2"), ["«5», вес 2 → 3,83"]),
    ],
)
def test_the_commands_ask_the_gateway(
    gateway: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    words: list[str],
) -> None:
    """Each draws what it is told, and ends well."""
    code, out, err = run(gateway, tmp_path, monkeypatch, capsys, *arguments)
    assert (code, err) == (0, "")
    assert [word for word in words if word not in out] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("forecast", "Алхимия", "5", "Вера"), "Такого предмета в этом периоде нет (subject_unknown)"),
        (("averages", "Вера", "--term", "nope"), "Периоды и их id: diary show terms."),
        (("forecast", "1", "6", "Вера"), "target: marks go from 1 to 5 here"),
        (("averages", "Вера", "--token", "nope"), "передайте другой в переменной DIARY_TOKEN"),
    ],
)
def test_a_refusal_names_a_command_or_a_field_and_no_call(
    gateway: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    words: str,
) -> None:
    """Whoever sits at a terminal is told what to type there, in Russian wherever there are words for it."""
    code, _, err = run(gateway, tmp_path, monkeypatch, capsys, *arguments)
    assert (code, words in " ".join(err.split()), "/v1/" in err, "no such" in err) == (1, True, False, False)


def test_the_class_is_shown_once_it_is_turned_on(
    gateway: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Off by default, on for a child by a word, and off again."""
    asked = ("averages", "Лада", "--with-class")
    code, _, err = run(gateway, tmp_path, monkeypatch, capsys, *asked)
    assert (code, "class_standing_off" in err) == (1, True)
    code, out, _ = run(gateway, tmp_path, monkeypatch, capsys, "class-standing", "on", "Лада")
    assert (code, "Сравнение с классом включено: Лада" in out) == (0, True)
    code, out, _ = run(gateway, tmp_path, monkeypatch, capsys, *asked)
    assert (code, "3 из 26" in out, "3,82" in out) == (0, True, True)
    code, out, _ = run(gateway, tmp_path, monkeypatch, capsys, "class-standing", "off", "Лада")
    assert (code, "Сравнение с классом выключено: Лада" in out) == (0, True)
    assert run(gateway, tmp_path, monkeypatch, capsys, *asked)[0] == 1


def test_an_unknown_subject_is_told_in_the_gateways_words(
    gateway: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With the code, and where to look."""
    code, _, err = run(gateway, tmp_path, monkeypatch, capsys, "forecast", "Магия", "5", "Вера")
    assert code == 1
    assert "subject_unknown" in err
    assert "Такого предмета в этом периоде нет" in err
