"""The rating of a class: places by the mean of the year's marks; ties share a place."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from diary_sandbox.mesh.wire.averages import rounded, tally
from diary_sandbox.world import Child, Mark, World

_WEEK = timedelta(days=7)


def rank_class(
    world: World, class_id: int, on: date, subject_id: int | None = None
) -> list[dict[str, object]]:
    """Return `GET …/rank/class`: every pupil with a mean, by place; classmates have ids and no names."""
    now, before = _means(world, class_id, on, subject_id), _means(world, class_id, on - _WEEK, subject_id)
    places, old_places = _places(now), _places(before)
    return [
        {
            "personId": world.child(child_id).person.uuid,
            "rank": _rank(now[child_id], place, old_places.get(child_id)),
            "previousRank": {
                "averageMarkFive": float(before[child_id]),
                "rankPlace": old_places[child_id],
            }
            if child_id in before
            else None,
            "imageId": child_id % 40 + 1,
        }
        for child_id, place in sorted(places.items(), key=lambda entry: entry[1])
    ]


def rank_short(world: World, child: Child, since: date, until: date) -> list[dict[str, object]]:
    """Return `GET …/rank/rankShort`: the place on each day of a span, days without one left out."""
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    marks = world.class_marks(child.class_id, world.year.since, until)
    found: list[dict[str, object]] = []
    for on in days:
        place = _places(_means_of([mark for mark in marks if mark.on <= on])).get(child.id)
        if place is not None:
            found.append({"date": on.isoformat(), "rankPlace": place})
    return found


def rank_subjects(world: World, child: Child, on: date) -> list[dict[str, object]]:
    """Return `GET …/rank/subjects`: the place in each subject with marks."""
    marks = world.class_marks(child.class_id, world.year.since, on)
    found: list[dict[str, object]] = []
    for subject in world.subjects(child.class_id):
        of_subject = [mark for mark in marks if mark.subject_id == subject.id]
        means = _means_of(of_subject)
        old = _places(_means_of([mark for mark in of_subject if mark.on <= on - _WEEK]))
        if child.id in means:
            rank = _rank(means[child.id], _places(means)[child.id], old.get(child.id))
            found.append({"subjectId": subject.id, "subjectName": subject.name, "rank": rank})
    return found


def _means(world: World, class_id: int, on: date, subject_id: int | None) -> dict[int, Decimal]:
    marks = world.class_marks(class_id, world.year.since, on)
    return _means_of([mark for mark in marks if subject_id is None or mark.subject_id == subject_id])


def _means_of(marks: Sequence[Mark]) -> dict[int, Decimal]:
    by_child: dict[int, list[Mark]] = {}
    for mark in marks:
        by_child.setdefault(mark.child_id, []).append(mark)
    means = {child_id: tally(own).mean for child_id, own in by_child.items()}
    return {child_id: rounded(mean) for child_id, mean in means.items() if mean is not None}


def _places(means: Mapping[int, Decimal]) -> dict[int, int]:
    order = sorted(means.values(), reverse=True)
    return {child_id: order.index(mean) + 1 for child_id, mean in means.items()}


def _rank(mean: Decimal, place: int, old_place: int | None) -> dict[str, object]:
    """Return a place with where it moved; the words are assumed, the real ones are not known."""
    moved = "stable" if old_place is None or old_place == place else "up" if place < old_place else "down"
    return {"averageMarkFive": float(mean), "rankPlace": place, "rankStatus": moved, "trend": moved}
