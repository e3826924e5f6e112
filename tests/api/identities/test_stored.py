"""A later word of the identity service replaces an earlier one, and never costs what it left untold."""

from __future__ import annotations

from datetime import date

import pytest

from diary_api.identities.stored import StoredIdentity
from diary_core.identity import AccountLevel, Fact
from diary_core.people import PersonName

KNOWN = StoredIdentity(
    name=PersonName(last="Ким", first="Анна", middle=None),
    birth_date=date(1990, 2, 3),
    snils_digits="11223344595",
    level=AccountLevel.STANDARD,
)
NOTHING = StoredIdentity(name=None, birth_date=None, snils_digits=None, level=AccountLevel.UNKNOWN)


def test_what_is_untold_stays() -> None:
    """All that is missing is as it was told."""
    assert NOTHING.after(KNOWN, set(Fact)) == KNOWN


def test_what_is_told_counts() -> None:
    """Another name, another СНИЛС, and that there is none any more."""
    told = KNOWN.model_copy(update={"name": PersonName(last="Ли", first="Анна", middle=None)})
    assert told.after(KNOWN, set()) == told
    gone = KNOWN.model_copy(update={"snils_digits": None})
    assert gone.after(KNOWN, {Fact.NAME, Fact.BIRTH_DATE}) == gone


@pytest.mark.parametrize(
    ("now", "earlier", "kept"),
    [
        (AccountLevel.UNKNOWN, AccountLevel.STANDARD, AccountLevel.STANDARD),
        (AccountLevel.UNKNOWN, AccountLevel.CHILD, AccountLevel.CHILD),
        (AccountLevel.UNKNOWN, AccountLevel.CONFIRMED, AccountLevel.UNKNOWN),
        (AccountLevel.SIMPLIFIED, AccountLevel.CONFIRMED, AccountLevel.SIMPLIFIED),
        (AccountLevel.CONFIRMED, AccountLevel.SIMPLIFIED, AccountLevel.CONFIRMED),
    ],
)
def test_a_level_is_never_better_than_told(
    now: AccountLevel, earlier: AccountLevel, kept: AccountLevel
) -> None:
    """A level told now counts; a confirmed one is told by every token, so its silence takes it back."""
    after = KNOWN.model_copy(update={"level": now}).after(
        KNOWN.model_copy(update={"level": earlier}), {Fact.SNILS}
    )
    assert after.level is kept
