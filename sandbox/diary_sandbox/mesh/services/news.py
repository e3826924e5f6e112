"""The news service: what the schools of one's children have to say."""

from starlette.responses import Response

from diary_sandbox.mesh.aupd.refusals import bad_request, not_found
from diary_sandbox.mesh.calls import Call, Refusal, answer, as_number
from diary_sandbox.mesh.wire import news

MOST = 100
_USUAL = 20


def listed(call: Call) -> Response:
    """`GET /api/news/v2/news/users/v2?page&per_page[&name]`."""
    query = call.request.query_params
    page = call.number("page") if "page" in query else 1
    per_page = call.number("per_page") if "per_page" in query else _USUAL
    if page < 1 or not 1 <= per_page <= MOST:
        raise Refusal(bad_request(f"page counts from 1, per_page from 1 to {MOST}"))
    wanted = query.get("name", "").casefold()
    found = [one for one in news.news(call.world, call.children()) if wanted in one.title.casefold()]
    return answer(news.listed(call.world, found, page, per_page))


def told(call: Call) -> Response:
    """`GET /api/news/v2/news/{id}`."""
    number = as_number(call.request.path_params["id"], "id")
    for one in news.news(call.world, call.children()):
        if one.id == number:
            return answer(news.told(call.world, one))
    raise Refusal(not_found("Новость не найдена"))
