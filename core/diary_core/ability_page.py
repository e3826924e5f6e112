"""The page of what each diary system can do: made from what plugins inherit, so it cannot promise more."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence

from diary_core import abilities
from diary_core.abilities import Ability, Diary, abilities_of
from diary_core.provider import Instance, InstanceStatus, Provider

_MARK = {InstanceStatus.ACTIVE: "", InstanceStatus.PARTIAL: " (single schools)"}

_UNTOLD = """\
The articles about the diaries promise a backpack's weight for each weekday, and the day's regime as one list.
No call or field of any diary is known to carry either, so there is no ability for them.
Each diary tells the parts of the regime it has, by these abilities:

- `ReadsDays`: lessons, extra-curricular hours and clubs;
- `ReadsBells` and `ReadsCalendar`: bells, vacations and days off;
- `ReadsEvents` and `ReadsMeals`: what else is on, and meals.\
"""


def ability_page(providers: Mapping[str, Provider], made: str) -> str:
    """Return the page of every ability by provider and instance, with the code it comes from.

    Args:
        providers: By slug.
        made: The line that says where the page comes from.
    """
    parts = [
        "# Abilities",
        made,
        "What a linked diary can do is what its class inherits; an account may be allowed less.\n"
        "`GET /v1/regions/{code}` tells the same before anyone signs in.\n"
        "What a system has not got is refused as `not_supported`, with the reason told here.",
        _table(
            ("ability", "what it gives", *providers),
            (
                (
                    f"`{ability.__name__}`",
                    _first_line(ability),
                    *("✓" if ability in abilities_of(one.diary) else "—" for one in providers.values()),
                )
                for ability in every_ability()
            ),
        ),
    ]
    parts += ["## What no diary tells", _UNTOLD]
    for slug, provider in providers.items():
        parts += [f"## {slug}: {provider.title.en}", *_provider(provider)]
    return "\n\n".join(parts) + "\n"


def every_ability() -> Sequence[type[Ability]]:
    """Return every ability there is, in the order of their module."""
    return [
        thing
        for thing in vars(abilities).values()
        if isinstance(thing, type) and issubclass(thing, Ability) and thing is not Ability
    ]


def _provider(provider: Provider) -> Iterator[str]:
    serving = [one for one in provider.instances() if one.status is not InstanceStatus.RETIRED]
    rows: list[tuple[str, str, str]] = []
    diaries: dict[type[Diary], None] = {}
    for instance in serving:
        doors = _doors(provider, instance)
        diaries |= dict.fromkeys(doors)
        told = "; ".join(
            f"`{diary.__name__}` by {', '.join(f'`{method}`' for method in methods)}"
            for diary, methods in doors.items()
        )
        rows.append((f"`{instance.slug}`{_MARK[instance.status]}", ", ".join(instance.regions), told))
    yield _table(("instance", "regions", "opens"), rows)
    for diary in diaries:
        yield f"`{diary.__name__}` can:"
        yield _table(
            ("ability", "calls", "from"), (_origin(diary, ability) for ability in abilities_of(diary))
        )
        if reasons := [
            (f"`{ability.__name__}`", diary.lacks[ability].en)
            for ability in every_ability()
            if ability in diary.lacks and ability not in abilities_of(diary)
        ]:
            yield f"`{diary.__name__}` cannot:"
            yield _table(("ability", "because"), reasons)


def _doors(provider: Provider, instance: Instance) -> Mapping[type[Diary], Sequence[str]]:
    """Return the diaries an instance opens, each with the ways in that open it."""
    found: dict[type[Diary], list[str]] = {}
    for method in provider.sign_in_methods(instance):
        found.setdefault(provider.diary_by(instance, method.slug), []).append(method.slug)
    return found


def _origin(diary: type[Diary], ability: type[Ability]) -> tuple[str, str, str]:
    calls = sorted(getattr(ability, "__abstractmethods__", ()))
    modules = dict.fromkeys(inspect.getmodule(getattr(diary, call)) for call in calls)
    files = (f"`{module.__name__}`" for module in modules if module is not None)
    return f"`{ability.__name__}`", ", ".join(f"`{call}`" for call in calls), ", ".join(files)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]
