"""Routes of the comparison with the class."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from diary_api.accounts.door import AccountManager
from diary_api.class_standing.schemas import ClassStandingAnswer, ClassStandingChoice
from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.school.asking import Asking, answers

router = APIRouter(prefix="/v1", tags=["children"])


@router.get(
    "/children/{child_id}/class-standing",
    summary="Read the child's place in the class",
    response_model=ClassStandingAnswer,
    responses=answers("class_standing_off"),
)
async def read_class_standing(gateway: Running, asking: Asking) -> Response:
    """Read where the child stands in the class by average, in all subjects together and in each.

    Refused until the child's parent turns it on, and always for anyone else.
    Of classmates nothing is told but how many there are and what they average.
    """
    return asking.give(await gateway.class_standings.read(asking.asked))


@router.put(
    "/children/{child_id}/class-standing",
    summary="Turn the comparison with the class on or off",
    responses=problems("not_signed_in", "scope_missing", "child_unknown", "invalid_input", "not_supported"),
)
async def choose_class_standing(
    child_id: str, choice: ClassStandingChoice, gateway: Running, caller: AccountManager
) -> ClassStandingChoice:
    """Turn the comparison of one child with the class on or off; each parent chooses for their own link."""
    return await gateway.class_standings.choose(caller.account_id, child_id, choice)
