"""What the gateway holds of an account can be taken along, and leaves nothing when it is erased."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from dirty_equals import IsStr
from inline_snapshot import snapshot
from sqlalchemy import func, select
from tests.api.grants.giving import trusted
from tests.api.running import PASSWORDS, LinkedFamily, RunningGateway
from tests.api.tiny import TinyTown

from diary_api.own_data.belongings import tables
from diary_api.retention import Retention
from diary_api.settings import RetentionTimes
from diary_api.storage.tables import Table
from diary_core.model import Day, known

pytestmark = pytest.mark.anyio


async def lived_in(gate: RunningGateway, town: TinyTown) -> LinkedFamily:
    """Link a family, read something, let something change, and give out a token."""
    family = await gate.family()
    await family.read("week")
    await family.read("marks", since="2026-09-14", until="2026-09-20")

    def without_marks(day: Day) -> Day:
        bare = tuple(lesson.model_copy(update={"marks": ()}) for lesson in day.lessons[:1])
        return day.model_copy(update={"lessons": (*bare, *day.lessons[1:])})

    town.edit = without_marks
    gate.clock.move(timedelta(minutes=10))
    await family.read("week")
    await family.parent.post("/v1/tokens", json={"name": "Kitchen screen", "scopes": ["diary:read"]})
    return family


async def rows(gate: RunningGateway) -> dict[str, int]:
    """Count everything in the database."""
    async with gate.gateway.storage.reading() as session:
        return {
            name: await session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Table.metadata.tables.items()
        }


def test_every_table_belongs_to_an_account_or_says_why_not() -> None:
    """A new table cannot be forgotten: references lead from it to its account."""
    assert set(Table.metadata.tables) - set(tables()) == {"meta"}


async def test_an_export_holds_all_of_it(tiny: RunningGateway, town: TinyTown) -> None:
    """Account, keys, links, children, answers and changes; and no secret."""
    family = await lived_in(tiny, town)
    answer = await family.parent.get("/v1/me/export")
    export = answer.json()
    lists = ("sessions", "tokens", "connections", "children", "answers", "changes")
    assert {name: len(export[name]) for name in lists} == snapshot(
        {"sessions": 1, "tokens": 1, "connections": 1, "children": 2, "answers": 2, "changes": 5}
    )
    assert [(one["kind"], len(one["answer"]["items"])) for one in export["answers"]] == snapshot(
        [("days", 7), ("marks", 15)]
    )
    planted = (*PASSWORDS.values(), "three quiet sparrows", "canary-access", "canary-refresh", "dgs_", "dgt_")
    assert [secret for secret in planted if secret in answer.text] == []


async def test_an_export_tells_of_grants_on_both_sides(tiny: RunningGateway) -> None:
    """The parent takes along whom she has let in, and the trusted person what she was let see; no secret."""
    nina = await trusted(tiny, await tiny.family())
    parents = (await nina.family.parent.get("/v1/me/export")).json()
    hers = (await nina.person.get("/v1/me/export")).json()
    given = {child_id: [one["id"] for one in grants] for child_id, grants in parents["grants"].items()}
    assert (given, parents["held_grants"]) == ({nina.child_id: [nina.grant_id]}, [])
    assert (hers["grants"], [one["id"] for one in hers["held_grants"]]) == ({}, [nina.grant_id])
    assert "code" not in parents["grants"][nina.child_id][0]


async def test_an_export_asks_no_diary(tiny: RunningGateway, town: TinyTown) -> None:
    """It can be had while the diary is down, and shows what is known."""
    family = await lived_in(tiny, town)
    town.calls.clear()
    assert (await family.parent.get("/v1/me/export")).status_code == 200
    assert (await family.parent.get("/v1/me/export/marks.csv")).status_code == 200
    assert town.calls == {}


async def test_marks_as_a_table(tiny: RunningGateway, town: TinyTown) -> None:
    """One line a mark, each once, though two answers hold it; Excel reads it, and runs nothing in it."""
    family = await lived_in(tiny, town)
    answer = await family.parent.get("/v1/me/export/marks.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="marks.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[:5] == ["Ребёнок", "Класс", "Дата", "Предмет", "Отметка"]
    assert lines[0][:6] == snapshot(["Воробьёва Вера", "7-Б", "2026-09-14", "Математика", "5", "5"])
    assert len(lines) == len({tuple(line) for line in lines}) == 15


async def test_no_cell_is_a_formula(tiny: RunningGateway, town: TinyTown) -> None:
    """What a teacher wrote stays text in a spreadsheet."""

    def tempting(day: Day) -> Day:
        lessons = tuple(
            lesson.model_copy(
                update={
                    "marks": tuple(
                        mark.model_copy(update={"comment": "=HYPERLINK(1)", "form": "@x"})
                        for mark in known(lesson.marks) or ()
                    )
                }
            )
            for lesson in day.lessons
        )
        return day.model_copy(update={"lessons": lessons})

    town.edit = tempting
    family = await tiny.family()
    await family.read("week")
    table = (await family.parent.get("/v1/me/export/marks.csv")).text
    cells = [cell for line in csv.reader(io.StringIO(table.lstrip("\ufeff"))) for cell in line]
    assert [cell for cell in cells if cell.startswith(("=", "@", "+", "-"))] == []
    assert "'=HYPERLINK(1)" in cells


async def test_an_erasure_leaves_nothing_and_says_what_it_took(tiny: RunningGateway, town: TinyTown) -> None:
    """The receipt counts what was there; nothing of it is left, and another family's things are."""
    other = await tiny.family("ivan")
    before = await rows(tiny)
    family = await lived_in(tiny, town)
    answer = await family.parent.delete("/v1/me")
    receipt = answer.json()
    assert receipt == {
        "account_id": IsStr(regex=r"acc_[a-z2-7]{26}"),
        "erased_at": "2026-09-16T09:10:00Z",
        "erased": snapshot(
            {
                "access_keys": 2,
                "account_events": 4,
                "accounts": 1,
                "answers": 2,
                "changes": 5,
                "children": 2,
                "connections": 1,
                "enrolments": 2,
                "seen_days": 7,
                "sign_ins": 1,
                "watches": 1,
            }
        ),
        "diaries_told": 1,
    }
    assert await rows(tiny) == before
    assert len(town.revoked) == 1
    assert (await family.parent.get("/v1/me")).json()["code"] == "not_signed_in"
    assert (await other.read("week")).status_code == 200


async def test_what_is_old_is_forgotten(tiny: RunningGateway, town: TinyTown) -> None:
    """Answers and changes go when they are older than the settings allow; younger ones stay."""
    family = await lived_in(tiny, town)
    keep = RetentionTimes(answers=timedelta(days=2), changes=timedelta(days=1))
    settings = tiny.gateway.settings.model_copy(update={"retention": keep})
    retention = Retention(tiny.gateway.storage, settings, tiny.clock)
    tiny.clock.move(timedelta(hours=20))
    await retention.sweep()
    export = (await family.parent.get("/v1/me/export")).json()
    assert (len(export["answers"]), len(export["changes"])) == (2, 5)
    tiny.clock.move(timedelta(hours=20))
    await retention.sweep()
    export = (await family.parent.get("/v1/me/export")).json()
    assert (len(export["answers"]), len(export["changes"])) == (2, 0)
    tiny.clock.move(timedelta(hours=20))
    await retention.sweep()
    assert (await family.parent.get("/v1/me/export")).json()["answers"] == []


@pytest.mark.parametrize("path", ["/v1/me/export", "/v1/me/export/marks.csv"])
async def test_only_the_owner_takes_it_along(tiny: RunningGateway, path: str) -> None:
    """A stranger and a token with less than the whole account get nothing."""
    family = await tiny.family()
    token = await family.parent.post("/v1/tokens", json={"name": "x", "scopes": ["diary:read"]})
    narrow = tiny.another_client(Authorization=f"Bearer {token.json()['secret']}")
    assert (await narrow.get(path)).json()["code"] == "scope_missing"
    assert (await tiny.client.get(path)).json()["code"] == "not_signed_in"
