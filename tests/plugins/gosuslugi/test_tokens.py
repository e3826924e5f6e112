"""A token is believed only when every rule holds; each attack fails at its own rule."""

from __future__ import annotations

import hmac
import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plugins.gosuslugi.parties import (
    CLIENT_ID,
    DATA,
    ISSUER,
    NOW,
    Party,
    access_claims,
    base64url,
    gost_token,
    header,
    id_claims,
    new_party,
    packed,
    rsa_certificate,
    rsa_token,
    sample,
)

from diary_core.errors import IdentityNotPersonal, IdentityUnproven, Misconfigured
from diary_gosuslugi.signing import new_key, read_certificate
from diary_gosuslugi.tokens import LONGEST, Algorithm, TokenRules, Verified, state_of, verify_tokens

Claims = dict[str, object]
TEST_ISSUER = "http://esia-portal1.test.gosuslugi.ru/"
THEN = datetime.fromtimestamp(1763800010, UTC)
"""When the published tokens were young."""


@pytest.fixture(scope="module")
def rules() -> TokenRules:
    """Those of a system that chose RS256, which is quick to check."""
    return TokenRules(ISSUER, CLIENT_ID, Algorithm.RS256, (read_certificate(rsa_certificate()),))


@pytest.fixture(scope="module")
def gost_rules(esia: Party) -> TokenRules:
    return TokenRules(ISSUER, CLIENT_ID, Algorithm.GOST, (esia.certificate,))


@pytest.fixture(scope="module")
def good() -> tuple[str, str]:
    """A pair that is believed."""
    return id_token(id_claims()), access_token(access_claims(scope="openid fullname snils"))


@pytest.fixture(scope="module")
def gost_good(esia: Party) -> tuple[str, str]:
    return (
        gost_token(header("id"), id_claims(), esia.key),
        gost_token(header("access"), access_claims(), esia.key),
    )


def id_token(claims: object, **more: object) -> str:
    return rsa_token({**header("id", "RS256"), **more}, claims)


def access_token(claims: object) -> str:
    return rsa_token(header("access", "RS256"), claims)


def refused(id_token: str, access_token: str, rules: TokenRules, now: datetime = NOW) -> str | None:
    """Where a pair fails."""
    with pytest.raises(IdentityUnproven) as error:
        verify_tokens(id_token, access_token, rules, now)
    assert error.value.__cause__ is None
    return error.value.field


def test_a_good_pair_is_believed(good: tuple[str, str], rules: TokenRules) -> None:
    """Subject, level and consents come out; scopes lose their suffix."""
    verified = verify_tokens(*good, rules, NOW)
    assert verified == Verified("1000999001", "PR", frozenset({"openid", "fullname", "snils"}))


def test_the_published_tokens_are_believed() -> None:
    """The tokens of the vectors verify by the published certificate, within its validity and their own."""
    vectors = json.loads((DATA / "gost_vectors.json").read_text("utf-8"))
    certificate = read_certificate(vectors["esia_sandbox_signer"]["certificate_pem"].encode())
    rules = TokenRules(TEST_ISSUER, CLIENT_ID, Algorithm.GOST, (certificate,))
    pair = vectors["jws_id_token"], vectors["jws_access_token"]
    with pytest.raises(Misconfigured, match="valid now"):  # it was made a year after the tokens
        verify_tokens(*pair, rules, THEN)
    older = replace(rules, trusted=(replace(certificate, since=THEN),))
    verified = verify_tokens(*pair, older, THEN)
    assert verified.subject == "1000999001"
    assert "kid_snils" in verified.scopes


def test_the_published_payloads_are_understood(rules: TokenRules) -> None:
    """Parent, adult and child are read with their levels."""
    trusting = replace(rules, issuer=TEST_ISSUER, trusted=(replace(rules.trusted[0], since=THEN),))
    levels: list[str | None] = []
    for name in ("confirmed_parent", "simplified_or_standard_adult", "child_account"):
        claims = sample("jwt_id_token")[name]["payload"]
        access = access_token({**access_claims(THEN, oid=claims["sub"]), "iss": TEST_ISSUER})
        levels.append(verify_tokens(id_token(claims), access, trusting, THEN).level)
    assert levels == ["PR", "P", "KD"]


def test_the_certificate_fits_the_algorithm(
    good: tuple[str, str], rules: TokenRules, gost_good: tuple[str, str], gost_rules: TokenRules
) -> None:
    """With certificates of both kinds trusted, each system is served by the algorithm it has chosen."""
    both = (*rules.trusted, *gost_rules.trusted)
    assert verify_tokens(*good, replace(rules, trusted=both), NOW).level == "PR"
    assert verify_tokens(*gost_good, replace(gost_rules, trusted=both), NOW).level == "PR"
    assert refused(*good, replace(gost_rules, trusted=both)) == "id_token.alg"
    assert refused(*gost_good, replace(rules, trusted=both)) == "id_token.alg"


@pytest.mark.parametrize("algorithm", ["none", "None", "", "HS256", "rs256", "RS512", "GOST3410_2012_256"])
def test_any_other_algorithm_is_refused(algorithm: str, good: tuple[str, str], rules: TokenRules) -> None:
    """The algorithm is ours to choose, not the token's, even when the signature is right."""
    assert refused(id_token(id_claims(), alg=algorithm), good[1], rules) == "id_token.alg"


def test_an_unsigned_token_is_refused(good: tuple[str, str], rules: TokenRules) -> None:
    """`alg: none` with an empty signature, and the right algorithm with one, are no tokens."""
    for algorithm in ("none", "RS256"):
        unsigned = f"{packed(header('id', algorithm))}.{packed(id_claims())}."
        assert refused(unsigned, good[1], rules) == "id_token"


def test_a_certificate_is_no_shared_secret(good: tuple[str, str], rules: TokenRules) -> None:
    """An HMAC keyed with the public certificate, the classic switch, is refused under either name."""
    for algorithm in ("HS256", "RS256"):
        message = f"{packed(header('id', algorithm))}.{packed(id_claims())}"
        code = hmac.digest(rules.trusted[0].der, message.encode(), "sha256")
        fields = {"id_token.alg", "id_token.signature"}
        assert refused(f"{message}.{base64url(code)}", good[1], rules) in fields


def test_another_key_is_refused(gost_good: tuple[str, str], gost_rules: TokenRules) -> None:
    """A signature by a stranger, or zeros of the right length, are refused."""
    forged = gost_token(header("id"), id_claims(), new_key())
    zeros = f"{gost_good[0].rpartition('.')[0]}.{base64url(bytes(64))}"
    found = [refused(one, gost_good[1], gost_rules) for one in (forged, zeros)]
    assert found == ["id_token.signature"] * 2


def test_one_changed_claim_is_refused(good: tuple[str, str], rules: TokenRules) -> None:
    """The payload is under the signature."""
    head, _, signature = good[0].split(".")
    swapped = f"{head}.{packed(id_claims(oid=1000999002))}.{signature}"
    assert refused(swapped, good[1], rules) == "id_token.signature"


def test_swapped_tokens_are_refused(good: tuple[str, str], rules: TokenRules) -> None:
    """A code or an access token is no id token, and the other way round."""
    assert refused(good[1], good[0], rules) == "id_token.sbt"
    assert refused(good[0], good[0], rules) == "access_token.sbt"
    assert refused(id_token(id_claims(), sbt="authorization_code"), good[1], rules) == "id_token.sbt"


@pytest.mark.parametrize("more", [{"typ": "at+jwt"}, {"crit": ["exp"]}, {"sbt": None}, {"alg": None}])
def test_odd_headers_are_refused(more: Claims, good: tuple[str, str], rules: TokenRules) -> None:
    """Another type, extensions we do not understand, no kind, no algorithm."""
    assert refused(id_token(id_claims(), **more), good[1], rules) == "id_token.header"


def test_no_type_is_fine(good: tuple[str, str], rules: TokenRules) -> None:
    """`typ` may be absent."""
    bare = rsa_token({"sbt": "id", "alg": "RS256"}, id_claims())
    assert verify_tokens(bare, good[1], rules, NOW).subject == "1000999001"


@pytest.mark.parametrize(
    "issuer", [ISSUER.rstrip("/"), ISSUER.replace("http", "https"), TEST_ISSUER, f"{ISSUER}x", ""]
)
def test_another_issuer_is_refused(issuer: str, good: tuple[str, str], rules: TokenRules) -> None:
    """Exact to the last slash, and the test stand is not production."""
    assert refused(id_token({**id_claims(), "iss": issuer}), good[1], rules) == "id_token.iss"
    assert refused(good[0], access_token({**access_claims(), "iss": issuer}), rules) == "access_token.iss"


def test_another_audience_is_refused(good: tuple[str, str], rules: TokenRules) -> None:
    """A token given to another system does not sign in to ours; a list that holds ours does."""
    for audience in ("OTHER", ["OTHER"], []):
        assert refused(id_token({**id_claims(), "aud": audience}), good[1], rules) == "id_token.aud"
    among = id_token({**id_claims(), "aud": ["OTHER", CLIENT_ID]})
    assert verify_tokens(among, good[1], rules, NOW).subject == "1000999001"
    access = access_token({**access_claims(), "client_id": "OTHER"})
    assert refused(good[0], access, rules) == "access_token.client_id"


@pytest.mark.parametrize(
    ("late_s", "field"), [(10859, None), (10860, "id_token.exp"), (-60, None), (-61, "id_token.nbf")]
)
def test_times_hold_with_a_minute_of_skew(
    late_s: int, field: str | None, good: tuple[str, str], rules: TokenRules
) -> None:
    """Sixty seconds either way, not one more."""
    access = access_token({**access_claims(), "exp": 2**39})
    now = NOW + timedelta(seconds=late_s)
    if field is None:
        assert verify_tokens(good[0], access, rules, now)
    else:
        assert refused(good[0], access, rules, now) == field


@pytest.mark.parametrize(
    ("claims", "field"),
    [
        ({"exp": -59}, None),
        ({"exp": -60}, "access_token.exp"),
        ({"nbf": 60}, None),
        ({"nbf": 61}, "access_token.nbf"),
        ({"iat": 60}, None),
        ({"iat": 61}, "access_token.iat"),
    ],
)
def test_times_of_the_access_token_hold_as_well(
    claims: dict[str, int], field: str | None, good: tuple[str, str], rules: TokenRules
) -> None:
    """Each by itself, beside an id token that is good; in seconds from now."""
    second = int(NOW.timestamp())
    access = access_token({**access_claims(), **{name: second + off for name, off in claims.items()}})
    if field is None:
        assert verify_tokens(good[0], access, rules, NOW)
    else:
        assert refused(good[0], access, rules) == field


@pytest.mark.parametrize("claim", sorted(access_claims()))
@pytest.mark.parametrize("value", [None, True, -1, 1e30, [], {}])
def test_missing_and_retyped_claims_of_the_access_token_are_refused(
    claim: str, value: object, good: tuple[str, str], rules: TokenRules
) -> None:
    """Every claim is required there too."""
    changed = access_token({**access_claims(), claim: value})
    without = access_token({name: one for name, one in access_claims().items() if name != claim})
    assert {refused(good[0], one, rules) for one in (changed, without)} == {"access_token.payload"}


def test_a_token_from_the_future_is_refused(good: tuple[str, str], rules: TokenRules) -> None:
    """`iat` is looked at by itself."""
    ahead = int(NOW.timestamp()) + 61
    assert refused(id_token({**id_claims(), "iat": ahead}), good[1], rules) == "id_token.iat"


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat", "iss", "aud", "sub", "urn:esia:sbj"])
@pytest.mark.parametrize("value", [None, "1", True, -1, 1e30, [], {}])
def test_missing_and_retyped_claims_are_refused(
    claim: str, value: object, good: tuple[str, str], rules: TokenRules
) -> None:
    """Every claim is required and of its own type; only an id may be a string."""
    fields = {"id_token.payload", "id_token.iss", "id_token.aud", "id_token.sub"}
    assert refused(id_token({**id_claims(), claim: value}), good[1], rules) in fields
    without = {name: one for name, one in id_claims().items() if name != claim}
    assert refused(id_token(without), good[1], rules) == "id_token.payload"


def test_ids_may_be_strings(rules: TokenRules) -> None:
    """Numbers in captures, strings in some clients' models: one person either way."""
    pair = id_token(id_claims(oid="1000999001")), access_token(access_claims(oid=1000999001))
    assert verify_tokens(*pair, rules, NOW).subject == "1000999001"


def test_two_people_are_refused(good: tuple[str, str], rules: TokenRules) -> None:
    """`sub`, ЕСИА's own subject and that of the access token are one."""
    other = access_token(access_claims(oid=1000999002))
    assert refused(good[0], other, rules) == "id_token.sub"
    assert refused(id_token({**id_claims(), "sub": 1000999002}), good[1], rules) == "id_token.sub"


def test_an_organisation_is_no_person(good: tuple[str, str], rules: TokenRules) -> None:
    """Only accounts of people sign in."""
    subject: Claims = {"urn:esia:sbj:oid": 1000999001, "urn:esia:sbj:typ": "L"}
    company = id_token({**id_claims(), "urn:esia:sbj": subject})
    with pytest.raises(IdentityNotPersonal):
        verify_tokens(company, good[1], rules, NOW)


def test_old_and_new_certificates_are_tried(
    gost_good: tuple[str, str], gost_rules: TokenRules, tmp_path: Path
) -> None:
    """While ЕСИА rotates its key, tokens of either certificate are believed."""
    newer = new_party(tmp_path, name="NEWER")
    both = replace(gost_rules, trusted=(newer.certificate, *gost_rules.trusted))
    token = gost_token(header("id"), id_claims(), newer.key)
    assert verify_tokens(*gost_good, both, NOW).level == "PR"
    assert verify_tokens(token, gost_good[1], both, NOW).level == "PR"


def test_the_named_certificate_decides(good: tuple[str, str], rules: TokenRules) -> None:
    """With `x5t#St256` only that certificate counts, in either case; an unknown one counts nothing."""
    named = id_token(id_claims(), **{"x5t#St256": rules.trusted[0].hash.lower()})
    unknown = id_token(id_claims(), **{"x5t#St256": "0" * 64})
    assert verify_tokens(named, good[1], rules, NOW).level == "PR"
    assert refused(unknown, good[1], rules) == "id_token.signature"


def test_certificates_out_of_their_time_are_not_used(
    good: tuple[str, str], rules: TokenRules, esia: Party
) -> None:
    """The operator is told to refresh them; the parent is not told that the token is forged."""
    past = replace(rules.trusted[0], until=NOW - timedelta(seconds=1))
    future = replace(rules.trusted[0], since=NOW + timedelta(seconds=1))
    with pytest.raises(Misconfigured) as error:
        verify_tokens(*good, replace(rules, trusted=(past, future, esia.certificate)), NOW)
    assert error.value.field == "trusted_certificates"


def test_a_code_says_which_sign_in_it_answers() -> None:
    """As the published code does; text that is no token, or tells no state, says nothing."""
    code = sample("jwt_authorization_code")
    written = f"{packed(code['header'])}.{packed(code['payload'])}.c2ln"
    silent = f"{packed(code['header'])}.{packed({})}.c2ln"
    assert state_of(written) == "3c0f2a9e-6b1d-4f57-9a3e-1d2c4b6a8f90"
    assert [state_of(one) for one in (silent, "a.b.c", "eyJ.~.x", "plain", "")] == [None] * 5


def test_too_long_a_token_is_refused_unread(good: tuple[str, str], rules: TokenRules) -> None:
    """8192 characters, and no more."""
    assert refused(id_token({**id_claims(), "x": "x" * LONGEST}), good[1], rules) == "id_token"


@pytest.mark.parametrize("added", ["=", "\n", ".x", " "])
def test_only_the_compact_form_is_read(added: str, good: tuple[str, str], rules: TokenRules) -> None:
    """Padding, line ends, spaces and a fourth part make another text, not the same token."""
    assert refused(good[0] + added, good[1], rules) == "id_token"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
changes = st.dictionaries(st.sampled_from(sorted(id_claims())), json_values, max_size=3)


@given(payload=json_values, changed=changes)
def test_a_signed_oddity_is_a_typed_error(
    payload: object, changed: Claims, good: tuple[str, str], rules: TokenRules
) -> None:
    """Whatever a rightly signed token holds, it is believed or refused; nothing else happens."""
    for claims in (payload, {**id_claims(), **changed}):
        with suppress(IdentityUnproven):
            assert verify_tokens(id_token(claims), good[1], rules, NOW).subject == "1000999001"


@given(token=st.text(max_size=60) | st.binary(max_size=60).map(base64url))
def test_a_stray_text_is_a_typed_error(token: str, good: tuple[str, str], rules: TokenRules) -> None:
    """Whatever stands where a token should is refused."""
    for stray in (token, f"{token}.{token}.{token}", f"{packed(header('id', 'RS256'))}.{token}.{token}"):
        assert refused(stray, good[1], rules)
