"""The error tree tells who acts, when to try again, and what to do, in two languages, under stable codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from diary_core import errors
from diary_core.errors import (
    Actor,
    DiaryError,
    LoginRequired,
    RegionBusy,
    RegionChanged,
    Retry,
    TellUs,
    TryLater,
)

CODES = """
    absence_in_past absence_notice_unknown absence_overlaps absence_reason_unknown absence_refused
    absence_unconfirmed account_exists account_not_linked activation_required attachment_elsewhere
    attachment_gone attachment_mistyped attachment_not_a_file attachment_too_large attachment_unknown
    attachment_unsafe birth_date_wrong captcha_required child_left_school child_unknown
    class_standing_off code_expired conflict connection_revoked connection_unknown consent_refused
    contacts_missing disabled_by_school gateway_busy grant_unknown grant_widened homework_unknown
    identity_mismatch identity_not_personal identity_service_changed identity_service_down
    identity_taken identity_too_weak identity_unproven instance_retired instance_unknown invalid_input
    invitation_refused lesson_unknown login_required mark_unknown method_unknown misconfigured
    names_close no_diary_account not_enough_data not_found not_permitted not_signed_in not_supported
    own_invitation owner_unproven parent_must_act password_change_required plugin_broken
    provider_unknown region_busy region_changed region_down region_maintenance region_not_served
    region_resting region_slow region_unknown right_missing scale_unknown scope_missing
    second_factor_missing second_factor_required sign_in_expired sign_in_locked sign_in_mismatch
    sign_in_rejected span_reversed span_too_long subject_unknown term_unknown token_refused
    too_many_requests unexpected week_ahead wrong_code wrong_credentials wrong_sign_in year_unknown
"""


def _tree(root: type[DiaryError] = DiaryError) -> Iterator[type[DiaryError]]:
    for kind in root.__subclasses__():
        if kind.__module__.startswith("diary_core."):
            yield kind
            yield from _tree(kind)


ALL = sorted(set(_tree()), key=lambda kind: kind.__name__)
CODED = [kind for kind in ALL if hasattr(kind, "code")]


def test_codes_are_stable() -> None:
    """Clients switch on these: a code may be added, none may ever vanish or change."""
    assert sorted(kind.code for kind in CODED) == CODES.split()
    assert len(CODED) >= 25


def test_codes_are_unique_words() -> None:
    """One code, one error; lower case with underscores, as the class is called."""
    assert len({kind.code for kind in CODED}) == len(CODED)
    snake = {kind: re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower() for kind in CODED}
    assert [kind.__name__ for kind in CODED if kind.code != snake[kind]] == []


@pytest.mark.parametrize("kind", CODED, ids=lambda kind: kind.code)
def test_an_error_says_all_it_must(kind: type[DiaryError]) -> None:
    """Who acts, when to retry, and a title and a remedy in Russian and in English."""
    assert isinstance(kind.actor, Actor)
    assert isinstance(kind.retry, Retry)
    for sentence in (kind.title, kind.remedy):
        assert re.search("[а-яё]", sentence.ru)
        assert re.search("[a-z]", sentence.en)
        assert not re.search("[а-яё]", sentence.en)
    assert kind.remedy.ru.endswith(".")
    assert kind.remedy.en.endswith(".")
    assert not kind.title.ru.endswith(".")
    assert not kind.title.en.endswith(".")


def test_every_error_can_be_raised_bare() -> None:
    """With nothing said, an error says its title."""
    assert [kind.__name__ for kind in CODED if str(kind()) != kind.title.en] == []


def test_an_error_without_a_code_only_sorts_others() -> None:
    """Every branch of the tree that is never raised itself has errors below it."""
    branches = [kind for kind in ALL if kind not in CODED]
    assert [kind.__name__ for kind in branches if not kind.__subclasses__()] == []
    assert {kind.__name__ for kind in DiaryError.__subclasses__()} >= {kind.__name__ for kind in branches}


def test_the_tree_is_drawn_as_it_is() -> None:
    """The picture at the top of the package names every branch and no other."""
    drawn = re.findall(r"^[├└]── (\w+)", errors.__doc__ or "", re.MULTILINE)
    assert sorted(drawn) == sorted(kind.__name__ for kind in DiaryError.__subclasses__())


def test_every_error_is_reachable_from_the_package() -> None:
    """A caller imports from `diary_core.errors` and nowhere deeper."""
    assert [kind.__name__ for kind in ALL if getattr(errors, kind.__name__, None) is not kind] == []
    assert sorted(errors.__all__) == sorted(
        [*(kind.__name__ for kind in ALL), "Actor", "DiaryError", "Retry"]
    )


def test_retry_rules_fit_the_branches() -> None:
    """What to try later says so, and what to report is never tried again."""
    assert {kind.retry for kind in CODED if issubclass(kind, TryLater)} == {Retry.LATER}
    assert {kind.retry for kind in CODED if issubclass(kind, TellUs)} == {Retry.NEVER}


def test_an_error_keeps_what_it_was_told() -> None:
    """The detail, the field and the wait are there for logs and for the API."""
    error = RegionChanged("unexpected shape", field="payload.[].marks")
    assert (str(error), error.detail, error.field) == (
        "unexpected shape",
        "unexpected shape",
        "payload.[].marks",
    )
    assert RegionBusy(retry_after=timedelta(seconds=7)).retry_after == timedelta(seconds=7)
    assert LoginRequired().title.in_language("ru") == "Дневник завершил сеанс"
    assert LoginRequired().title.in_language("en") == "The diary has ended the session"
