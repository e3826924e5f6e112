"""The parent's context: children in schools and classes."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from diary_core.model import Enrolment, known
from diary_dnevnik_ru import parse, wire
from diary_dnevnik_ru.enrolment_id import Seat

from .bodies import NO_ANSWER, read, sample


def told(one: Enrolment) -> tuple[str, str, str, str, int | None, str]:
    name, school, group = known(one.child.name), known(one.school), known(one.group)
    assert name is not None
    assert school is not None
    assert group is not None
    return one.id, name.first, school.name, group.name, group.parallel, one.role


def test_the_family_of_the_sample() -> None:
    """Each child comes with the school and class its ids point at in the parent's tables."""
    found = parse.enrolments(read(wire.Context, sample("01")), "Europe/Moscow")
    assert [told(one) for one in found] == snapshot(
        [
            ("1000990001011.1990000000000000501.1000990000001", "Иван", "МБОУ СОШ № 999", "5А", 5, "parent"),
            ("1000990001012.1990000000000000801.1000990000001", "Дарья", "МБОУ СОШ № 999", "8Б", 8, "parent"),
        ]
    )
    assert Seat.read(found[0].id) == Seat("1000990001011", "1990000000000000501", "1000990000001")


CONTEXT: dict[str, object] = {
    "userId": 1,
    "personId": 2,
    "roles": ["EduParent"],
    "children": [{"personId": 3, "firstName": "Яна", "lastName": "Лунина", "groupIds": [8]}],
    "schools": [{"id": 9, "name": "Школа", "groupIds": [8]}],
    "eduGroups": [{"id": 8, "type": "Group", "name": "5А", "parallel": 5}],
}


def test_a_school_is_found_by_the_class_it_lists() -> None:
    """A child without school ids is placed by its class."""
    (found,) = parse.enrolments(read(wire.Context, CONTEXT), "Europe/Moscow")
    assert told(found) == ("3.8.9", "Яна", "Школа", "5А", 5, "parent")


NO_CLASS: list[dict[str, object]] = [
    {"children": []},
    {"children": None},
    {"children": ["3", 4]},
    {"children": [{"personId": 3, "groupIds": []}]},
    {"eduGroups": [{"id": 8, "type": "Subgroup", "name": "5А (англ. 1)"}]},
]


@pytest.mark.parametrize("change", NO_CLASS)
def test_a_child_without_a_class_has_no_enrolment(change: dict[str, object]) -> None:
    """Subgroups are no classes, and bare ids (as one app types them) name no class."""
    assert parse.enrolments(read(wire.Context, {**CONTEXT, **change}), "Europe/Moscow") == ()


def test_a_pupil_reads_the_own_diary() -> None:
    """A pupil's own ids stand in the context itself."""
    own = {"roles": ["EduStudent"], "children": [], "firstName": "Яна", "lastName": "Лунина"}
    context = read(wire.Context, {**CONTEXT, **own, "groupIds": [8], "schoolIds": [9]})
    assert [(one.id, one.role) for one in parse.enrolments(context, "Europe/Moscow")] == [("2.8.9", "self")]


def test_what_is_named_nowhere_is_a_gap() -> None:
    """A name is never made up: a nameless child, a class or a school missing from the tables."""
    change = {
        "children": [{"personId": 3, "schoolIds": [9], "groupIds": [8]}],
        "schools": None,
        "eduGroups": None,
    }
    (found,) = parse.enrolments(read(wire.Context, {**CONTEXT, **change}), "Europe/Moscow")
    assert (found.id, found.child.name, found.school, found.group) == ("3.8.9", *(NO_ANSWER,) * 3)
