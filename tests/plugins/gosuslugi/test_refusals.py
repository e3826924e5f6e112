"""Each published code of a refusal tells the parent, or the operator, what to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from tests.plugins.gosuslugi.parties import sample

from diary_core.errors import DiaryError, IdentityServiceChanged, Misconfigured
from diary_gosuslugi.options import Options
from diary_gosuslugi.refusals import CODES, KEYWORDS, refusal

PUBLISHED = {
    f"{number:06}"
    for number in (
        *(7002, 7003, 7004, 7005, 7006, 7007, 7008, 7009, 7011, 7012, 7013, 7014, 7015, 7019, 7023, 7038),
        *(7039, 7040, 7046, 7053, 7055, 7060, 7061, 7062, 7194, 8010),
        *(36700, 36701, 36702, 36703, 36704, 36705, 36706, 36707, 36716, 36726, 36727),
    )
}


def test_every_published_code_is_known() -> None:
    """The table has the published codes and no other."""
    assert CODES.keys() == PUBLISHED


def test_what_each_code_becomes() -> None:
    """By error code of ours."""
    found: dict[str, list[str]] = {}
    for code in sorted(CODES):
        error = refusal("access_denied", f"ESIA-{code}: OAuthErrorEnum.something")
        found.setdefault(error.code, []).append(code)
    assert found == snapshot(
        {
            "misconfigured": [
                "007002",
                "007005",
                "007006",
                "007013",
                "007015",
                "007019",
                "007023",
                "007053",
                "007194",
                "008010",
            ],
            "identity_service_changed": [
                "007003",
                "007009",
                "007012",
                "007014",
                "007038",
                "007039",
                "007040",
                "007060",
                "007061",
                "036700",
                "036701",
                "036702",
                "036703",
                "036704",
                "036705",
                "036706",
                "036707",
                "036716",
                "036726",
                "036727",
            ],
            "consent_refused": ["007004"],
            "identity_service_down": ["007007", "007008"],
            "code_expired": ["007011"],
            "second_factor_missing": ["007046"],
            "identity_too_weak": ["007055"],
            "identity_not_personal": ["007062"],
        }
    )


def test_what_each_keyword_becomes() -> None:
    """Without a code, or with one nobody knows, the word of RFC 6749 decides."""
    by_word = {word: refusal(word, "ESIA-999999: new").code for word in (*KEYWORDS, "brand_new")}
    assert by_word == snapshot(
        {
            "access_denied": "sign_in_rejected",
            "invalid_client": "misconfigured",
            "invalid_grant": "code_expired",
            "invalid_request": "identity_service_changed",
            "invalid_scope": "misconfigured",
            "server_error": "identity_service_down",
            "temporarily_unavailable": "identity_service_down",
            "unauthorized_client": "misconfigured",
            "unsupported_grant_type": "identity_service_changed",
            "unsupported_response_type": "identity_service_changed",
            "brand_new": "sign_in_rejected",
        }
    )
    assert {word: refusal(word, None).code for word in by_word} == by_word


def test_the_published_callbacks_and_answers() -> None:
    """The samples of refusals are understood."""
    queries = {name: one["query"] for name, one in sample("callback").items() if name != "_note"}
    bodies = {name: one["body"] for name, one in sample("error_token").items() if name != "_note"}
    found = {
        name: refusal(one["error"], one["error_description"]).code
        for name, one in (queries | bodies).items()
        if "error_description" in one
    }
    assert found == snapshot(
        {
            "user_declined": "consent_refused",
            "bad_client_secret": "misconfigured",
            "client_not_allowed": "misconfigured",
            "scope_not_granted_to_system": "misconfigured",
            "unconfirmed_account_filtered": "identity_too_weak",
            "missing_parameter": "identity_service_changed",
            "bad_code": "code_expired",
            "bad_signature": "misconfigured",
        }
    )


def test_a_wrong_setting_is_named() -> None:
    """Whatever the operator must mend names the option, the clock, or the gateway's own address."""
    known = {*Options.model_fields, "clock", "public_url"}
    fields = {code: meaning.field for code, meaning in CODES.items() if meaning.error is Misconfigured}
    assert {code: field for code, field in fields.items() if field not in known} == {}


def test_whoever_can_mend_is_told_how() -> None:
    """Advice stands with what the operator or the plugin's author can mend, and with nothing else."""
    ours = {Misconfigured, IdentityServiceChanged}
    meanings = {**CODES, **KEYWORDS}
    assert [name for name, one in meanings.items() if (one.error in ours) != (one.mend is not None)] == []


@pytest.mark.parametrize("description", ["ESIA-007004", "ESIA-007004:", "ESIA-007004: сам отказался"])
def test_only_the_number_counts(description: str) -> None:
    """The text after it may be anything, or nothing."""
    assert refusal("access_denied", description).code == "consent_refused"


@pytest.mark.parametrize(
    "description", ["", None, "esia-007004", "see ESIA-007004", "ESIA-07004", "ESIA-٠٠٧٠٠٤"]
)
def test_another_form_is_no_code(description: str | None) -> None:
    """The number stands in front, in digits; otherwise the keyword decides."""
    assert refusal("access_denied", description).code == "sign_in_rejected"


@given(error=st.none() | st.text(max_size=40), description=st.none() | st.text(max_size=40))
def test_a_refusal_is_never_repeated(error: str | None, description: str | None) -> None:
    """Whatever came, a typed error comes out, and it quotes nothing but the number."""
    canary = "СНИЛС 112-233-445 95"
    refused = refusal(error, f"{description}{canary}")
    assert isinstance(refused, DiaryError)
    assert canary not in f"{refused!r} {refused.detail} {refused.field}"
