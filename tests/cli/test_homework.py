"""Homework in the terminal: listed, ticked, and its files saved."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, date, datetime
from functools import partial
from io import StringIO
from pathlib import Path

import anyio
import httpx2
import pytest
from inline_snapshot import snapshot
from rich.console import Console
from tests.api.households import Household, running_households
from tests.api.running import on_a_socket

from diary_api.cli import homework_paper, main
from diary_api.cli.saving import save
from diary_core.model import UNSUPPORTED, Attachment, Homework, Subject
from diary_sandbox.faults import Fault, FaultKind

pytestmark = pytest.mark.anyio

TASK = Homework(
    id="143",
    subject=Subject(id="56", name="Алгебра"),
    due_on=date(2026, 9, 14),
    text="§ 3, № 112",
    required=False,
    done=True,
    minutes=30,
    edited_at=datetime(2026, 9, 12, 9, 5, tzinfo=UTC),
    attachments=(
        Attachment(id="88", name="Памятка.pdf", kind="file"),
        Attachment(id="77", name="Тест: степени", kind="digital"),
    ),
)
BARE = Homework(
    id="144",
    subject=Subject(id="41", name="История"),
    due_on=date(2026, 9, 15),
    text="§ 4",
    done=UNSUPPORTED,
    minutes=None,
)

Run = Callable[..., Awaitable[str]]


def inside_of(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def drawn(*items: Homework) -> str:
    paper = StringIO()
    Console(width=100, file=paper).print(
        homework_paper.homework("Вера · 7-Б", "tiny/town", items, nothing="На эти дни ничего не задано.")
    )
    return paper.getvalue()


def test_homework_is_a_table() -> None:
    """What is not known has a dot; ids that other commands take stand below."""
    assert drawn(TASK, BARE) == snapshot("""\
╭────────────────────── Вера · 7-Б ──────────────────────╮
│ Срок   Предмет  Задание               Минут  Сделано   │
│ 14.09  Алгебра  § 3, № 112               30     ✓      │
│                 по желанию                             │
│                 изменено 12.09 09:05                   │
│                 📎 Памятка.pdf  88                     │
│                 🔗 Тест: степени  77                   │
│                 143                                    │
│ 15.09  История  § 4                       —     ·      │
│                 144                                    │
╰────────────────────── tiny/town ───────────────────────╯
""")


def test_no_homework_says_so() -> None:
    """No empty table."""
    assert "На эти дни ничего не задано." in drawn()


@pytest.fixture(scope="module")
async def home(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Household]:
    """A family in Moscow."""
    async with running_households(tmp_path_factory.mktemp("cli")) as families:
        yield families["mesh"]


@pytest.fixture
async def run(
    home: Household, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Run]:
    """Run `diary homework` as the family's parent, and return what it printed."""
    key = home.parent.headers["Authorization"].removeprefix("Bearer ")
    monkeypatch.setenv("COLUMNS", "150")
    async with on_a_socket(home.gate) as url:
        monkeypatch.setenv("DIARY_TOKEN", key)
        monkeypatch.setenv("DIARY_URL", url)

        async def command(*words: str, code: int = 0) -> str:
            with pytest.raises(SystemExit) as ended:
                await anyio.to_thread.run_sync(partial(main, ["homework", *words]))
            printed = capsys.readouterr()
            assert ended.value.code == code, printed.err
            assert key not in printed.out + printed.err
            return printed.out + printed.err

        yield command


async def test_what_is_late_is_ticked_and_is_late_no_more(home: Household, run: Run) -> None:
    """The tick can be taken back."""
    first = home.child.person.name.first
    late = (await home.read("homework/overdue"))[0]
    assert late["id"] in await run("list", first, "--overdue")
    assert "Отмечено сделанным" in await run("done", late["id"], first)
    assert late["id"] not in await run("list", first, "--overdue")
    assert "снята" in await run("done", late["id"], first, "--undo")
    assert late["id"] in await run("list", first, "--overdue", "--since", late["due_on"])
    assert "homework_unknown" in await run("done", "999", first, code=1)


async def test_a_file_is_saved_whole_or_not_at_all(home: Household, run: Run, tmp_path: Path) -> None:
    """Under its own name, beside one of the same name; one that breaks off leaves nothing."""
    first = home.child.person.name.first
    span = {"since": "2026-09-01", "until": "2026-11-30"}
    task = next(one for one in await home.read("homework", **span) if one["attachments"])
    file = next(one for one in task["attachments"] if one["kind"] == "file")
    listed = await run("list", first, "--since", task["due_on"], "--subject", task["subject"]["id"])
    assert file["name"] in listed
    for _ in range(2):
        assert "Сохранено" in await run("fetch", task["id"], file["id"], first, "--into", str(tmp_path))
    path = f"homework/{task['id']}/attachments/{file['id']}"
    inside = (await home.ask(path)).content
    stem, _, ending = file["name"].rpartition(".")
    saved = inside_of(tmp_path)
    assert saved == {file["name"]: inside, f"{stem} (2).{ending}": inside}
    home.sandbox.faults.add(Fault(FaultKind.PADDED, path="/api/ej/attachments/*", size=26 * 1024 * 1024))
    broken = await run("fetch", task["id"], file["id"], first, "--into", str(tmp_path), code=1)
    assert "file_broken_off" in broken
    assert inside_of(tmp_path) == saved
    home.sandbox.faults.clear()


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename*=UTF-8''..%2F..%2F.bashrc", ".bashrc"),
        ("attachment; filename*=UTF-8''%2Fetc%2Fpasswd", "passwd"),
        ("attachment; filename*=UTF-8''C%3A%5CWindows%5Ca.txt", "a.txt"),
        ("attachment", "file"),
    ],
)
def test_a_file_never_leaves_its_folder(tmp_path: Path, header: str, name: str) -> None:
    """Whatever a gateway calls it."""
    answer = httpx2.Response(200, content=b"x", headers={"Content-Disposition": header})
    assert save(answer, tmp_path) == tmp_path / name
