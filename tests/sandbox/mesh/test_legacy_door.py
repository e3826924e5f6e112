"""The door of 2012 to 2017: saved accounts on the portal, МРКО by MD5 or token, pages of the old markup."""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest

from diary_sandbox.faults import Fault, FaultKind
from diary_sandbox.mesh.legacy import week
from diary_sandbox.world import LessonChange, LessonKind

if TYPE_CHECKING:
    import httpx2

    from diary_sandbox.world import Child

    from .conftest import Town

PORTAL = "https://pgu.mos.ru"
JOURNAL = f"{PORTAL}/ru/application/dogm/journal/"
SERVICES = f"{PORTAL}/dnevnik/services"
LOGIN, PASSWORD = "9900000101", "mrko-artem"

pytestmark = pytest.mark.anyio


def digest(password: str) -> str:
    """Return what МРКО takes for a password."""
    return hashlib.md5(password.encode()).hexdigest()


def artem(town: Town) -> Child:
    """Return the child whose account it is."""
    account = town.state.world.mrko_account(LOGIN)
    assert account
    return town.state.world.child(account.child_id)


async def portal_signed_in(town: Town, form: str = "2017") -> httpx2.AsyncClient:
    """Return a browser signed in to the portal, by either of the two forms."""
    browser = town.browser()
    if form == "2017":
        path = "/sps/j_security_check"
        data = {"j_username": "moscow@example.test", "j_password": "sandbox-mos", "accessType": "alias"}
    else:
        path = "/eaidit/eaiditweb/outerlogin.do"
        data = {"username": "moscow@example.test", "password": "sandbox-mos"}
    answer = await browser.post(f"{PORTAL}{path}", data=data)
    assert answer.status_code == 302
    return browser


async def mrko_signed_in(town: Town) -> httpx2.AsyncClient:
    """Return a browser signed in to МРКО."""
    browser = town.browser()
    answer = await browser.post(f"{SERVICES}/index.php", data={"login": LOGIN, "password": digest(PASSWORD)})
    assert "exit" in answer.text
    return browser


@pytest.mark.parametrize("form", ["2016", "2017"])
async def test_the_portal_takes_both_old_forms(town: Town, form: str) -> None:
    """Session cookies of the portal are set and the journal page lists the account names."""
    browser = await portal_signed_in(town, form)
    assert {"PD-ID", "PD-H-SESSION-ID", "Ltpatoken2"} <= set(browser.cookies)
    page = await browser.get(JOURNAL)
    assert "SANDBOX" in page.text
    for account in town.state.world.parent(town.state.world.personas()[0].parent_id).mrko_accounts:
        assert account.account_name in page.text
        assert account.login in page.text


async def test_the_portal_refuses_and_asks(town: Town) -> None:
    """A wrong pair shows the form again; without a session the journal shows it too."""
    browser = town.browser()
    data = {"j_username": "moscow@example.test", "j_password": "x"}
    answer = await browser.post(f"{PORTAL}/sps/j_security_check", data=data)
    assert "blockquote-danger" in answer.text
    assert "outerlogin_button" in (await browser.get(JOURNAL)).text
    assert (await browser.post(JOURNAL, data={"ajaxAction": "get_token"})).status_code == 302


async def test_the_storage_needs_the_signature_of_the_page(town: Town) -> None:
    """A nonce works once and with its own signature only; an unknown token opens nothing."""
    browser = await portal_signed_in(town)
    page = (await browser.get(JOURNAL)).text
    values = dict(re.findall(r'name="(system_id|nonce|timestamp|signature)" value="([^"]+)"', page))
    assert len(values) == 4
    wrong = await browser.post(f"{PORTAL}/data/token", data={**values, "signature": "0" * 40})
    assert wrong.status_code == 403
    assert (await browser.post(f"{PORTAL}/data/token", data=values)).status_code == 403
    page = (await browser.get(JOURNAL)).text
    values = dict(re.findall(r'name="(system_id|nonce|timestamp|signature)" value="([^"]+)"', page))
    token = (await browser.post(f"{PORTAL}/data/token", data=values)).json()["token"]
    listed = await browser.get(f"{PORTAL}/data/{token}/profile/me/E_DIARY/")
    assert [entry["COMMENT"] for entry in listed.json()["data"]] == ["Артём", "Варвара"]
    assert (await browser.get(f"{PORTAL}/data/{'0' * 32}/profile/me/E_DIARY/")).status_code == 403


async def test_a_saved_account_opens_by_token_once(town: Town) -> None:
    """`get_token` gives a token that stands in for the password at МРКО, for one sign-in."""
    browser = await portal_signed_in(town)
    form = {
        "ajaxAction": "get_token",
        "ajaxModule": "DogmJournal",
        "data[login]": LOGIN,
        "data[pass]": PASSWORD,
    }
    answer = await browser.post(JOURNAL, data={**form, "data[pass]": "x"})
    assert answer.json() == {"data": {"params": {}}}
    token = (await browser.post(JOURNAL, data=form)).json()["data"]["params"]["token"]
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    first = await browser.post(f"{SERVICES}/index.php", data={"login": LOGIN, "password": token})
    assert "exit" in first.text
    again = await town.browser().post(f"{SERVICES}/index.php", data={"login": LOGIN, "password": token})
    assert "color:#ff0000" in again.text


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("given", [{"password": digest(PASSWORD)}, {"pass": PASSWORD}])
async def test_mrko_takes_the_md5_or_the_plain_password(
    town: Town, method: str, given: dict[str, str]
) -> None:
    """By query or form; success is a session cookie and a page with «exit», no redirect."""
    browser = town.browser()
    kwargs = {"params": {"login": LOGIN, **given}} if method == "GET" else {"data": {"login": LOGIN, **given}}
    answer = await browser.request(method, f"{SERVICES}/index.php", **kwargs)  # type: ignore[arg-type]  either
    assert (answer.status_code, "PHPSESSID" in answer.cookies) == (200, True)
    assert "exit" in answer.text


@pytest.mark.parametrize(
    "given",
    [
        {"login": LOGIN, "password": PASSWORD},
        {"login": LOGIN, "password": digest("x")},
        {"login": LOGIN, "password": digest(PASSWORD).upper()},
        {"login": LOGIN},
        {"login": "1", "password": digest(PASSWORD)},
        {"login": "moscow@example.test", "password": digest("sandbox-mos")},
    ],
)
async def test_a_wrong_pair_is_a_red_block_with_200(town: Town, given: dict[str, str]) -> None:
    """«Неправильный логин или пароль», and no session."""
    answer = await town.browser().post(f"{SERVICES}/index.php", data=given)
    assert answer.status_code == 200
    assert re.search(r'<div style="color:#ff0000[^>]*>Неправильный логин или пароль', answer.text)
    assert "PHPSESSID" not in answer.cookies


async def test_pages_need_a_session(town: Town) -> None:
    """Without one, after leaving, and two hours later: a redirect to the form."""
    browser = town.browser()
    pages = ("dnevnik.php?r=1&first=1", "rasp.php?m=4&day=1", "main.php")
    for page in pages:
        answer = await browser.get(f"{SERVICES}/{page}")
        assert answer.headers["location"] == "/dnevnik/services/index.php"
    browser = await mrko_signed_in(town)
    for page in pages:
        assert (await browser.get(f"{SERVICES}/{page}")).status_code == 200
    assert (await browser.get(f"{SERVICES}/main.php?exit=1")).status_code == 302
    assert (await browser.get(f"{SERVICES}/{pages[0]}")).status_code == 302
    browser = await mrko_signed_in(town)
    town.state.clock.advance(timedelta(hours=2))
    assert (await browser.get(f"{SERVICES}/{pages[0]}")).status_code == 302


def read_week(page: str) -> list[tuple[str, str, list[list[str]]]]:
    """Read a week page the way the old scrapers did: columns, dates, rows of five cells."""
    days: list[tuple[str, str, list[list[str]]]] = []
    for column in page.split('class="b-diary-week__column"')[1:]:
        on = re.search(r'class="b-diary-date">(\d\d\.\d\d)<', column)
        title = re.search(r'class="b-diary-week-head__title"><span>([А-Я]+)<', column)
        assert on
        assert title
        rows = [
            [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells(row)]
            for row in column.split('class="b-dl-table__list"')[1:]
        ]
        days.append((on[1], title[1], rows))
    return days


def cells(row: str) -> list[str]:
    """Return the five cells of a lesson row."""
    parts = row.split('<div class="b-dl-td_column">')[1:]
    return [part.split("</div>\n")[0] for part in parts]


@pytest.mark.parametrize("day", ["2026-11-10", "2026-11-15", "2026-11-09"])
async def test_the_week_page_is_the_week_of_the_world(town: Town, day: str) -> None:
    """Any day of the week asks for it; six columns with five cells a lesson, free slots without a subject."""
    browser = await mrko_signed_in(town)
    page = await browser.get(f"{SERVICES}/dnevnik.php?r=1&first=1&next={day}")
    days = read_week(page.text)
    assert [title for _, title, _ in days] == list(week.WEEKDAYS)
    assert [on for on, _, _ in days] == ["09.11", "10.11", "11.11", "12.11", "13.11", "14.11"]
    world, child = town.state.world, artem(town)
    for shift, (_, _, rows) in enumerate(days):
        on = date(2026, 11, 9) + timedelta(days=shift)
        assert len(rows) >= week.SLOTS
        assert all(len(row) == 5 for row in rows)
        truth = {
            str(lesson.half.slot): lesson
            for lesson in world.lessons(child.id, on, on)
            if lesson.kind is LessonKind.REGULAR and lesson.change is not LessonChange.CANCELLED
        }
        assert {row[0] for row in rows if row[1]} == truth.keys()
        marks = world.marks(child.id, on, on)
        tasks = world.homework(child.id, on, on)
        for number, subject, homework, shown, _ in (row for row in rows if row[1]):
            lesson = truth[number]
            assert subject == world.subject(lesson.subject_id).name
            own = [mark.display for mark in marks if mark.lesson_id == lesson.id]
            assert shown in (" ".join(own), "Н" if not own else "")
            texts = [task.text for task in tasks if task.due_lesson_id == lesson.id]
            assert homework == "; ".join(texts)


async def test_the_week_page_marks_absences(town: Town) -> None:
    """A missed lesson without a mark has «Н» in the mark cell."""
    world, child = town.state.world, artem(town)
    missed = world.absence_days(child.id, world.year.since, town.state.clock.today())[-1]
    browser = await mrko_signed_in(town)
    page = await browser.get(f"{SERVICES}/dnevnik.php?r=1&next={missed.on}")
    column = next(rows for on, _, rows in read_week(page.text) if on == f"{missed.on:%d.%m}")
    assert "Н" in [row[3] for row in column]


async def test_a_senseless_day_is_the_present_week(town: Town) -> None:
    """The old site was forgiving."""
    browser = await mrko_signed_in(town)
    for query in ("", "&next=", "&next=soon"):
        page = await browser.get(f"{SERVICES}/dnevnik.php?r=1{query}")
        assert read_week(page.text)[0][0] == "09.11"


async def test_all_marks_and_the_timetable(town: Town) -> None:
    """`table.data` with one row a subject and a span a mark; `table#busynessTable` with teachers."""
    browser = await mrko_signed_in(town)
    page = (await browser.get(f"{SERVICES}/dnevnik.php?r=3")).text
    assert '<table class="data">' in page
    world, child = town.state.world, artem(town)
    marks = list(world.marks(child.id, world.year.since, town.state.clock.today()))
    assert len(re.findall(r"<td>.*</td>", page)) == len(
        [s for s in world.subjects(child.class_id) if s.marked]
    )
    assert len(re.findall(r"<span>", page)) == len(marks)
    timetable = (await browser.get(f"{SERVICES}/rasp.php?m=4&day=1")).text
    assert '<table id="busynessTable">' in timetable
    lesson = world.lessons(child.id, date(2026, 11, 10), date(2026, 11, 10))[0]
    assert world.teacher(lesson.half.teacher_id).person.name.last in timetable
    assert (await browser.get(f"{SERVICES}/dnevnik.php?r=2")).status_code == 404


async def test_a_captcha_may_stand_in_the_way(town: Town) -> None:
    """By the fault: a picture, `captcha_code_field`, and then the password is looked at."""
    town.state.faults.add(Fault(kind=FaultKind.CAPTCHA, host="mrko.mos.ru", count=1))
    browser = town.browser()
    pair = {"login": LOGIN, "password": digest(PASSWORD)}
    page = await browser.post(f"{SERVICES}/index.php", data=pair)
    assert "secpic.php" in page.text
    picture = await browser.get(f"{SERVICES}/secpic.php")
    symbols = re.search(r">(\d{5})<", picture.text)
    assert symbols
    assert picture.headers["content-type"].startswith("image/")
    wrong = await browser.post(f"{SERVICES}/index.php", data={**pair, "captcha_code_field": "1"})
    assert "secpic.php" in wrong.text
    right = await browser.post(f"{SERVICES}/index.php", data={"captcha_code_field": symbols[1]})
    assert "secpic.php" not in right.text
    assert "exit" in (await browser.post(f"{SERVICES}/index.php", data=pair)).text
    assert (await town.browser().get(f"{SERVICES}/secpic.php")).status_code == 404


async def test_homework_is_shown_as_text(town: Town) -> None:
    """Nothing a teacher wrote becomes markup."""
    child = artem(town)
    world = town.state.world
    days = week.days(world, child, date(2026, 11, 9))
    browser = await mrko_signed_in(town)
    page = (await browser.get(f"{SERVICES}/dnevnik.php?r=1")).text
    texts = [row.homework for day in days for row in day.rows if row.homework]
    assert texts
    assert all(text.replace("&", "&amp;").replace("<", "&lt;")[:10] in page for text in texts)
