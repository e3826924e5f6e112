"""The МРКО diary: login with an MD5, the week page of 2015 to 2017, marks, timetable, captcha."""

from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from diary_sandbox.faults import FaultKind
from diary_sandbox.mesh.legacy import week
from diary_sandbox.mesh.legacy.door import DIARY_COOKIE, SESSION_LIFE, Door
from diary_sandbox.mesh.pages import page
from diary_sandbox.world import Child

INDEX = "/dnevnik/services/index.php"
WRONG_PAIR = "Неправильный логин или пароль"
_CAPTCHA_COOKIE = "captcha"


async def sign_in(door: Door, request: Request) -> Response:
    """`GET` or `POST services/index.php`: `login`, `password` (MD5 or a portal token), perhaps `pass`.

    Success is a session cookie and a page with a link to leave («exit»); failure is 200 with a red block.
    Without a login it is the form, and, with `captcha_code_field`, the answer to a captcha.
    """
    form = await request.form()
    given = {**request.query_params, **{key: str(value) for key, value in form.items()}}
    key = request.cookies.get(_CAPTCHA_COOKIE, "")
    if door.captcha_stands(key) and not door.solved(key, given.get("captcha_code_field", "")):
        return _captcha(key)
    if not given.get("login"):
        return page("mrko_login.html", title="Электронный дневник", action=INDEX)
    if door.state.faults.asked(FaultKind.CAPTCHA, door.host, given["login"]):
        new_key = door.state.store.secret(16)
        door.captcha(new_key)
        return _captcha(new_key)
    account = door.judge(given["login"], given.get("password", ""), given.get("pass"))
    if account is None:
        return page("mrko_login.html", title="Электронный дневник", action=INDEX, red=WRONG_PAIR)
    response = page("mrko_main.html", title="Электронный дневник")
    response.set_cookie(DIARY_COOKIE, door.open_diary(account), max_age=int(SESSION_LIFE.total_seconds()))
    return response


async def captcha_picture(door: Door, request: Request) -> Response:
    """`GET services/secpic.php`: the picture of a captcha."""
    key = request.cookies.get(_CAPTCHA_COOKIE, "")
    if not door.captcha_stands(key):
        return Response(status_code=404)
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40">'
        f'<text x="10" y="30" font-size="28">{door.captcha(key)}</text></svg>'
    )
    return Response(picture, media_type="image/svg+xml")


async def diary(door: Door, request: Request) -> Response:
    """`GET services/dnevnik.php`: `r=1` is a week (`next` is any day of it), `r=3` all marks by subject."""
    child = _child(door, request)
    if child is None:
        return RedirectResponse(INDEX, status_code=302)
    world = door.state.world
    today = door.state.clock.today()
    match request.query_params.get("r", "1"):
        case "1":
            monday = _monday(request.query_params.get("next"), today)
            return page("mrko_week.html", title="Дневник", days=week.days(world, child, monday), child=child)
        case "3":
            return page("mrko_marks.html", title="Все отметки", rows=week.marks(world, child, today))
        case _:
            return HTMLResponse("", status_code=404)


async def timetable(door: Door, request: Request) -> Response:
    """`GET services/rasp.php?m=4&day=1`: the present week's timetable with teachers."""
    child = _child(door, request)
    if child is None:
        return RedirectResponse(INDEX, status_code=302)
    monday = _monday(None, door.state.clock.today())
    return page("mrko_timetable.html", title="Расписание", days=week.days(door.state.world, child, monday))


async def main(door: Door, request: Request) -> Response:
    """`GET services/main.php?exit=1`: sign out; without `exit` the front page."""
    cookie = request.cookies.get(DIARY_COOKIE)
    if request.query_params.get("exit") == "1":
        door.close_diary(cookie)
    elif door.diary_child(cookie) is not None:
        return page("mrko_main.html", title="Электронный дневник")
    return RedirectResponse(INDEX, status_code=302)


def _child(door: Door, request: Request) -> Child | None:
    child_id = door.diary_child(request.cookies.get(DIARY_COOKIE))
    return None if child_id is None else door.state.world.child(child_id)


def _monday(wanted: str | None, today: date) -> date:
    """Return the Monday of a wanted day; of today when the day is absent or makes no sense."""
    try:
        on = date.fromisoformat(wanted) if wanted else today
    except ValueError:
        on = today
    return on - timedelta(days=on.weekday())


def _captcha(key: str) -> Response:
    response = page("mrko_captcha.html", title="Проверка", action=INDEX)
    response.set_cookie(_CAPTCHA_COOKIE, key)
    return response
