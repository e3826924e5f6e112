"""The commands that show averages and forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import typer

from diary_api.class_standing.schemas import ClassStandingChoice
from diary_api.cli import marks_paper
from diary_api.cli.children import chosen_child, first_name, heading, note
from diary_api.cli.client import Gateway
from diary_api.cli.screen import screen
from diary_api.cli.signed_in import HERE, ChildWord, ChoosingToken, Token, Url, signed_in
from diary_api.school.schemas import DiaryAnswer
from diary_core.model import Average, ClassStanding, Forecast, Term

TermId = Annotated[str | None, typer.Option("--term", help="Id of a term; the present one by default.")]
UpFrom = Annotated[
    str | None,
    typer.Option("--rounds-up-from", help="Fraction from which the school rounds up, such as 0.6."),
]


_Query = dict[str, str | list[str]]


def averages(
    child: ChildWord = None,
    *,
    term: TermId = None,
    rounds_up_from: UpFrom = None,
    with_class: Annotated[
        bool, typer.Option("--with-class", help="And the place in the class, once you have turned that on.")
    ] = False,
    url: Url = HERE,
    token: Token = "",
) -> None:
    """Show a child's averages of a term, next to the diary's own."""
    with signed_in(url, token) as gateway:
        chosen = chosen_child(gateway, child)
        answer = gateway.get(
            f"/v1/children/{chosen.id}/averages", DiaryAnswer[Average], _within(term, rounds_up_from)
        )
        title = " · ".join((heading(chosen), *_title(gateway, chosen.id, answer.items)))
        places = _places(gateway, chosen.id) if with_class else None
        screen.print(marks_paper.averages(title, note(chosen, answer), answer.items, places))


def class_standing(
    shown: Annotated[
        Literal["on", "off"], typer.Argument(help="Whether to compare the child with the class.")
    ],
    child: ChildWord = None,
    *,
    url: Url = HERE,
    token: ChoosingToken = "",
) -> None:
    """Turn the comparison of a child with the class on or off; it is off until you turn it on."""
    with signed_in(url, token) as gateway:
        chosen = chosen_child(gateway, child)
        path = f"/v1/children/{chosen.id}/class-standing"
        choice = gateway.put(path, ClassStandingChoice, {"shown": shown == "on"})
    screen.print(f"Сравнение с классом {'включено' if choice.shown else 'выключено'}: {first_name(chosen)}")


def forecast(
    subject: Annotated[str, typer.Argument(help="Name or id of the subject.")],
    target: Annotated[int, typer.Argument(help="The wanted term mark.", min=1, max=100)],
    child: ChildWord = None,
    *,
    weights: Annotated[
        list[str] | None, typer.Option("--weight", help="Weight of future marks; those seen by default.")
    ] = None,
    lessons_left: Annotated[
        int | None, typer.Option(min=0, help="Marks that may come; the lessons in the timetable by default.")
    ] = None,
    term: TermId = None,
    rounds_up_from: UpFrom = None,
    url: Url = HERE,
    token: Token = "",
) -> None:
    """Show what is needed for a term mark: the cheapest sets of marks, or that it is impossible."""
    query: _Query = {"subject": subject, "target": str(target), "weights": weights or []}
    if lessons_left is not None:
        query["lessons_left"] = str(lessons_left)
    with signed_in(url, token) as gateway:
        chosen = chosen_child(gateway, child)
        answer = gateway.get(
            f"/v1/children/{chosen.id}/forecast",
            DiaryAnswer[Forecast],
            {**query, **_within(term, rounds_up_from)},
        )
        found = answer.items[0]
        title = " · ".join(
            (heading(chosen), found.average.subject.name, *_title(gateway, chosen.id, [found.average]))
        )
        screen.print(marks_paper.forecast(title, note(chosen, answer), found))


def _places(gateway: Gateway, child_id: str) -> Sequence[ClassStanding]:
    return gateway.get(f"/v1/children/{child_id}/class-standing", DiaryAnswer[ClassStanding]).items


def _within(term: str | None, rounds_up_from: str | None) -> _Query:
    given = {"term": term, "rounds_up_from": rounds_up_from}
    return {name: value for name, value in given.items() if value is not None}


def _title(gateway: Gateway, child_id: str, averages: Sequence[Average]) -> list[str]:
    """Return what the term of averages is called."""
    wanted = {average.term_id for average in averages}
    terms = gateway.get(f"/v1/children/{child_id}/terms", DiaryAnswer[Term]).items if wanted else ()
    return [term.title for term in terms if term.id in wanted]
