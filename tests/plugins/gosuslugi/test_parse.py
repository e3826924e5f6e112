"""What ЕСИА tells becomes an identity, however loosely it is told; nothing is invented."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from tests.plugins.gosuslugi.parties import sample

from diary_core.identity import AccountLevel, Fact, Identity
from diary_core.people import PersonName, Snils
from diary_gosuslugi import wire
from diary_gosuslugi.parse import SCOPES, Told, account_level, birth_date, identity, person_name, scopes_of
from diary_gosuslugi.tokens import Verified

EVERY_SCOPE = frozenset({"openid", *(scope for scopes in SCOPES.values() for scope in scopes)})
ALL = frozenset(Fact)


def person(**changes: object) -> wire.Person:
    return wire.Person.model_validate({**sample("prns_parent_confirmed"), **changes})


def documents(kind: str, status: str) -> tuple[wire.Document, ...]:
    return (wire.Document.model_validate({"type": kind, "vrfStu": status}),)


def verified(level: str | None = "PR", scopes: frozenset[str] = EVERY_SCOPE) -> Verified:
    return Verified("1000999001", level, scopes)


PASSPORT = documents("RF_PASSPORT", "VERIFIED")
UNVERIFIED = documents("RF_PASSPORT", "NOT_VERIFIED")
LICENCE = documents("RF_DRIVING_LICENSE", "VERIFIED")


def test_an_absent_patronymic_is_none() -> None:
    """The key is simply not there."""
    name = person_name(wire.Person.model_validate(sample("prns_simplified_no_snils")))
    assert name == PersonName(last="Образцов", first="Пётр", middle=None)


def test_the_simplified_sample() -> None:
    """No СНИЛС and no birth date: the service has none, so nothing is missing but what is closed to us."""
    told = Told(wire.Person.model_validate(sample("prns_simplified_no_snils")))
    asked = {Fact.NAME, Fact.BIRTH_DATE, Fact.SNILS}
    found = identity(verified("P"), asked, told)
    assert (found.birth_date, found.snils, found.missing) == (None, None, frozenset())
    assert found.level is AccountLevel.SIMPLIFIED


def test_the_child_sample() -> None:
    """A child's own account is a child's by the token, and by the page where the token is old."""
    told = Told(wire.Person.model_validate(sample("prns_child_under_14")))
    assert account_level(verified("KD"), told) is AccountLevel.CHILD
    assert account_level(verified(None), told) is AccountLevel.CHILD
    assert account_level(verified("P"), told) is AccountLevel.CHILD
    assert identity(verified("KD"), ALL, told).snils == Snils("000-000-702 23")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (True, AccountLevel.CHILD),
        ("true", AccountLevel.CHILD),
        (False, AccountLevel.UNKNOWN),
        ("false", AccountLevel.UNKNOWN),
        (None, AccountLevel.UNKNOWN),
        ("yes", AccountLevel.UNKNOWN),
        (1, AccountLevel.UNKNOWN),
    ],
)
def test_an_account_made_by_a_parent(written: object, expected: AccountLevel) -> None:
    """Only a plain yes counts, as a truth value or its word."""
    assert account_level(verified(None), Told(person(kidAccCreatedByParent=written))) is expected


@pytest.mark.parametrize(
    ("level", "told", "scopes", "expected"),
    [
        ("PR", Told(person()), EVERY_SCOPE, AccountLevel.CONFIRMED),
        ("PR", Told(), EVERY_SCOPE, AccountLevel.CONFIRMED),
        ("P", Told(person(), documents=PASSPORT), EVERY_SCOPE, AccountLevel.STANDARD),
        ("P", Told(person(), documents=UNVERIFIED), EVERY_SCOPE, AccountLevel.SIMPLIFIED),
        ("P", Told(person(), documents=LICENCE), EVERY_SCOPE, AccountLevel.SIMPLIFIED),
        ("P", Told(person(), documents=()), EVERY_SCOPE, AccountLevel.SIMPLIFIED),
        ("P", Told(person()), EVERY_SCOPE, AccountLevel.UNKNOWN),
        ("P", Told(person(snils=None), documents=PASSPORT), EVERY_SCOPE, AccountLevel.SIMPLIFIED),
        ("P", Told(person(snils=None), documents=PASSPORT), frozenset({"id_doc"}), AccountLevel.UNKNOWN),
        ("P", Told(documents=PASSPORT), EVERY_SCOPE, AccountLevel.UNKNOWN),
        (None, Told(person(), documents=PASSPORT), EVERY_SCOPE, AccountLevel.UNKNOWN),
        ("AL", Told(person(), documents=PASSPORT), EVERY_SCOPE, AccountLevel.UNKNOWN),
    ],
)
def test_account_levels(
    level: str | None, told: Told, scopes: frozenset[str], expected: AccountLevel
) -> None:
    """The token's word; `P` is told apart by СНИЛС and a verified passport, and never guessed."""
    assert account_level(verified(level, scopes), told) is expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("14.03.1988", date(1988, 3, 14)),
        ("29.02.2012", date(2012, 2, 29)),
        ("30.02.2012", None),
        ("1988-03-14", None),
        ("14.3.1988", None),
        ("14.03.0088", None),
        ("١٤.٠٣.١٩٨٨", None),
        (" 14.03.1988", None),
        ("", None),
        (None, None),
    ],
)
def test_birth_dates(written: str | None, expected: date | None) -> None:
    """`DD.MM.YYYY` of a living person, or nothing."""
    assert birth_date(written) == expected


def test_what_cannot_be_read_is_missing() -> None:
    """An impossible СНИЛС or date is not the same as none: it is named, and never passed on."""
    told = Told(person(snils="112-233-445 96", birthDate="31.02.1988", lastName="-"))
    found = identity(verified(), {Fact.NAME, Fact.SNILS, Fact.BIRTH_DATE}, told)
    assert (found.name, found.snils, found.birth_date) == (None, None, None)
    assert found.missing == {Fact.NAME, Fact.SNILS, Fact.BIRTH_DATE}


def test_a_child_without_a_name_is_left_out() -> None:
    """The card of a child we may not name says nothing, and the gap is told."""
    cards = tuple(map(wire.Child.model_validate, [*sample("kids")["elements"], {"birthDate": "01.01.2020"}]))
    found = identity(verified(), {Fact.CHILDREN}, Told(person(), children=cards))
    assert [child.name.first for child in found.children] == ["Фёдор", "Мария"]
    assert found.missing == {Fact.CHILDREN}


def test_only_verified_contacts_count() -> None:
    """An address nobody has proven is not the person's."""
    cards = [one for one in sample("ctts")["elements"] if one["vrfStu"] != "VERIFIED"]
    contacts = tuple(map(wire.Contact.model_validate, cards))
    found = identity(verified(), {Fact.CONTACTS}, Told(person(), contacts=contacts))
    assert (found.email, found.phone, found.missing) == (None, None, frozenset())


def test_scopes_have_a_fixed_order() -> None:
    """The same facts ask for the same text, whatever order they came in; `openid` always leads."""
    assert scopes_of([Fact.SNILS, Fact.NAME], None) == "openid fullname snils"
    assert scopes_of([Fact.NAME, Fact.SNILS], None) == "openid fullname snils"
    assert scopes_of([], None) == "openid"
    assert scopes_of(ALL, {"openid", "snils", "vehicles"}) == "openid snils"
    assert set(scopes_of(ALL, None).split()) == EVERY_SCOPE


def test_every_fact_has_its_scopes() -> None:
    """A fact without a scope could never be asked."""
    assert SCOPES.keys() == ALL


def test_an_identity_shows_no_contact() -> None:
    """Its repr holds neither e-mail, phone nor СНИЛС."""
    contacts = tuple(map(wire.Contact.model_validate, sample("ctts")["elements"]))
    shown = repr(identity(verified(), ALL, Told(person(), contacts=contacts)))
    assert [secret for secret in ("example.org", "0000701", "000-000-701") if secret in shown] == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def bodies(draw: st.DrawFn, name: str, keys: tuple[str, ...]) -> dict[str, object]:
    """A published body with some of its keys retyped, emptied, or gone."""
    body: dict[str, object] = {**sample(name), **draw(st.dictionaries(st.sampled_from(keys), json_values))}
    gone = draw(st.sets(st.sampled_from(keys)))
    return {key: value for key, value in body.items() if key not in gone}


people = bodies("prns_parent_confirmed", ("firstName", "lastName", "middleName", "birthDate", "snils"))
collections = bodies("kids", ("elements", "size", "stateFacts"))
tokens = bodies("token_response", ("access_token", "id_token", "state", "expires_in", "refresh_token"))


@given(body=people, level=st.sampled_from(["PR", "P", "KD", None, "?"]))
def test_any_person_is_an_identity(body: Mapping[str, object], level: str | None) -> None:
    """A person's fields may be missing, null, retyped or dirty: an identity comes out, gaps named."""
    told = Told(wire.Person.model_validate(body))
    found = identity(verified(level), {Fact.NAME, Fact.SNILS, Fact.BIRTH_DATE}, told)
    assert isinstance(found, Identity)
    assert (found.name is None) == (Fact.NAME in found.missing)


@given(text=st.text(max_size=40), more=json_values)
def test_any_child_is_a_child_or_left_out(text: str, more: object) -> None:
    """The same for a child's card."""
    cards = (
        wire.Child.model_validate({"firstName": text, "lastName": more, "snils": text, "birthDate": more}),
        wire.Child.model_validate({"firstName": more, "lastName": text, "birthDate": text}),
    )
    found = identity(verified(), {Fact.CHILDREN}, Told(person(), children=cards))
    assert len(found.children) + 2 * (Fact.CHILDREN in found.missing) >= 2


@given(collection=collections, answer=tokens, anything=json_values)
def test_envelopes_are_read_or_refused(
    collection: Mapping[str, object], answer: Mapping[str, object], anything: object
) -> None:
    """Only a validation error may come of a strange body, and it never shows what was in it."""
    shapes: tuple[type[BaseModel], ...] = (wire.Collection[wire.Child], wire.TokenAnswer, wire.TokenRefusal)
    for shape in shapes:
        for body in (collection, answer, anything):
            with suppress(ValidationError):
                assert shape.model_validate(body).model_fields_set <= set(shape.model_fields)


def test_a_broken_answer_hides_its_tokens() -> None:
    """The error of a token answer without a state holds no token."""
    with pytest.raises(ValidationError) as error:
        wire.TokenAnswer.model_validate({"access_token": "a-canary", "id_token": "a-canary", "expires_in": 1})
    assert "canary" not in str(error.value)
