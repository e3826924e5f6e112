"""People's names on the wire."""

from diary_sandbox.world import Name


def names(name: Name) -> dict[str, object]:
    """Return the three parts of a name."""
    return {"last_name": name.last, "first_name": name.first, "middle_name": name.middle}


def teacher_card(name: Name) -> dict[str, object]:
    """Return a teacher as lessons and marks show one: a person's card with everything personal empty."""
    return {**names(name), "birth_date": None, "sex": None, "user_id": None}


def short_name(name: Name) -> str:
    """Return `Кленова И. С.`."""
    initials = [f"{part[0]}." for part in (name.first, name.middle) if part]
    return " ".join([name.last, *initials])
