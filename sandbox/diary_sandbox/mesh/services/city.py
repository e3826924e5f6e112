"""What only Moscow has: turnstiles and meals."""

import json
from datetime import timedelta

from starlette.responses import Response

from diary_sandbox.mesh.aupd.refusals import bad_request
from diary_sandbox.mesh.calls import Call, Refusal, answer, as_number
from diary_sandbox.mesh.request_body import is_array, is_object
from diary_sandbox.mesh.wire import meals, turnstile
from diary_sandbox.world import Child

MOST_DAYS = 7
MOST_MEALS = 1000


def visit_durations(call: Call) -> Response:
    """`GET /api/pass/entrances/v1/visit_durations`: seven days at most."""
    child = call.person("personId")
    since, until = call.span()
    if until - since >= timedelta(days=MOST_DAYS):
        raise Refusal(bad_request("Период не может превышать 7 дней"))
    return answer(turnstile.visit_durations(call.world, child, since, until))


def pass_status(call: Call) -> Response:
    """`GET /api/pass/entrances/v1/status`."""
    call.text("personId")
    children = [call.own_person(uuid) for uuid in call.values("personId")]
    return answer(
        {
            "students": [
                {
                    "personId": child.person.uuid,
                    "isAtSchool": turnstile.at_school(call.world, child, call.today),
                }
                for child in children
            ]
        }
    )


def old_visits(call: Call) -> Response:
    """`GET fm/visits?contract_id&from&to`, the way of before 2025."""
    child = _by_card(call, call.text("contract_id"), "contract_id")
    return answer(turnstile.old_visits(call.world, child, *call.span()))


def old_status(call: Call) -> Response:
    """`GET fm/status?contract_ids`, the way of before 2025."""
    call.text("contract_ids")
    children = [_by_card(call, card, "contract_ids") for card in call.values("contract_ids")]
    students: list[dict[str, object]] = []
    for child in children:
        account = call.world.meal_account(child.id)
        students.append(
            {
                "contract_id": child.card,
                "balance": meals.money(child, account.balance) if account else None,
                "at_school": turnstile.at_school(call.world, child, call.today),
            }
        )
    return answer({"students": students})


def balances(call: Call) -> Response:
    """`GET /api/food/meals/v3/clients/balance?clientIds=[{"personId":…}]`."""
    asked = _json(call, "clientIds")
    if not is_array(asked):
        raise Refusal(bad_request("Parameter 'clientIds' must be a list"))
    children = [_client(call, entry, "clientIds") for entry in asked]
    return answer(meals.balances(call.world, children))


def orders(call: Call) -> Response:
    """`GET /api/food/meals/v3/orders?clientId&from&to[&limit&offset]`."""
    child = _client(call, _json(call, "clientId"), "clientId")
    return answer(meals.orders(call.world, child, *call.span(), _page(call)))


def transactions(call: Call) -> Response:
    """`GET /api/food/meals/v3/transactions?clientId&from&to&limit&offset`."""
    child = _client(call, _json(call, "clientId"), "clientId")
    return answer(meals.transactions(call.world, child, *call.span(), _page(call)))


def day_balance(call: Call) -> Response:
    """`GET fm/day-balance-info/v2?person_id&from&limit`: days back from `from`."""
    child = call.person("person_id")
    limit = call.number("limit") if "limit" in call.request.query_params else 40
    return answer(meals.day_balance(call.world, child, call.day_or("from", call.today), limit))


def old_day_balance(call: Call) -> Response:
    """`GET fm/day_balance_info?contract_id&first`, the way of before 2025."""
    child = _by_card(call, call.text("contract_id"), "contract_id")
    limit = call.number("first") if "first" in call.request.query_params else 40
    return answer(meals.old_day_balance(call.world, child, call.today, limit))


def _by_card(call: Call, card: str, name: str) -> Child:
    number = as_number(card, name)
    for child in call.children():
        if child.card == number:
            return child
    raise Refusal(bad_request(f"Parameter '{name}' is not a card of yours"))


def _json(call: Call, name: str) -> object:
    try:
        return json.loads(call.text(name))
    except (ValueError, RecursionError) as error:
        raise Refusal(bad_request(f"Parameter '{name}' must be JSON")) from error


def _client(call: Call, entry: object, name: str) -> Child:
    uuid = entry.get("personId") if is_object(entry) else None
    if not isinstance(uuid, str):
        raise Refusal(bad_request(f"Parameter '{name}' must hold personId"))
    return call.own_person(uuid)


def _page(call: Call) -> slice:
    query = call.request.query_params
    limit = call.number("limit") if "limit" in query else MOST_MEALS
    offset = call.number("offset") if "offset" in query else 0
    if limit > MOST_MEALS:
        raise Refusal(bad_request(f"limit must not exceed {MOST_MEALS}"))
    return slice(offset, offset + limit)
