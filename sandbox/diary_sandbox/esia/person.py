"""A person as `/rs/prns` writes them: only what was granted is there.

Source: captures of 2023-2025; the fields of a child's card are assembled, none was captured.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha1

from diary_sandbox.esia.accounts import Account, Level, short_sex
from diary_sandbox.esia.scopes import DOCUMENT_SCOPES
from diary_sandbox.world import Child, Person

Wire = dict[str, object]


def person_wire(account: Account, scopes: frozenset[str], *, updated_on: int, snils: bool) -> Wire:
    """Return the person resource.

    Args:
        account: Whose.
        scopes: Granted.
        updated_on: Seconds since the epoch.
        snils: False leaves the СНИЛС out whatever was granted.
    """
    person = account.person
    known = account.level is not Level.SIMPLIFIED
    wire: Wire = {"stateFacts": ["EntityRoot"], **_named(person, scopes, "")}
    if known and "inn" in scopes:
        wire["inn"] = f"99{person.id:010d}"
    if known and "birthplace" in scopes:
        wire["birthPlace"] = "г Выдуманск"
    if not snils:
        wire.pop("snils", None)
    wire["trusted"] = account.trusted
    if known and scopes & {"id_doc", "citizenship"}:
        wire["citizenship"] = "RUS"
    wire |= {
        "updatedOn": updated_on,
        "rfgUOperatorCheck": False,
        "status": "REGISTERED",
        "verifying": False,
        "containsUpCfmCode": False,
        "kidAccCreatedByParent": account.is_kid,
    }
    if known:
        wire["rIdDoc"] = _document_id(person)
    if "self_employed" in scopes:
        wire["selfEmployed"] = {"confirmed": False}
    return tagged(wire)


def contacts(account: Account, scopes: frozenset[str]) -> list[Wire] | None:
    """Return the contacts that were granted, None when none was."""
    person, every = account.person, "contacts" in scopes
    if not (every or scopes & {"mobile", "email"}):
        return None
    found: list[Wire] = []
    if person.phone and (every or "mobile" in scopes):
        found.append(_contact(person, 1, "MBT", _phone(person.phone)))
    if person.email and (every or "email" in scopes):
        found.append(_contact(person, 2, "EML", person.email))
    if every and account.trusted:
        found.append(_contact(person, 3, "PHN", _phone(f"000{person.id % 10**7:07d}"), "NOT_VERIFIED"))
    return found


def documents(account: Account, scopes: frozenset[str]) -> list[Wire] | None:
    """Return the documents that were granted, None when none was."""
    kinds = {kind for scope in scopes & set(DOCUMENT_SCOPES) for kind in DOCUMENT_SCOPES[scope]}
    if not kinds:
        return None
    held = [_birth_certificate(account.person)] if account.is_kid else _adult_documents(account)
    return [one for one in held if one["type"] in kinds]


def addresses(account: Account, scopes: frozenset[str]) -> list[Wire] | None:
    """Return the addresses, None when they were not granted."""
    if "addresses" not in scopes:
        return None
    return [_address(account.person, 1, "PLV"), _address(account.person, 2, "PRG")]


def kids(account: Account, scopes: frozenset[str]) -> list[Wire] | None:
    """Return the cards of the children, None when nothing about them was granted."""
    if not any(scope.startswith("kid_") for scope in scopes):
        return None
    return [_kid(child, scopes) for child in account.kids]


def nothing(scope: str, scopes: frozenset[str]) -> list[Wire] | None:
    """Return an empty collection, None when its scope was not granted."""
    return [] if scope in scopes else None


def collection(elements: Sequence[object]) -> Wire:
    """Return the envelope of a collection."""
    return tagged({"stateFacts": ["hasSize"], "size": len(elements), "elements": list(elements)})


def tagged(wire: Mapping[str, object]) -> Wire:
    """Return an object with its `eTag`: 40 upper-case hex digits that change with the content."""
    digest = sha1(json.dumps(wire, sort_keys=True, ensure_ascii=False).encode(), usedforsecurity=False)
    return {**wire, "eTag": digest.hexdigest().upper()}


def _named(person: Person, scopes: frozenset[str], prefix: str) -> Wire:
    wire: Wire = {}
    if f"{prefix}fullname" in scopes:
        wire |= {"firstName": person.name.first, "lastName": person.name.last}
        if person.name.middle:
            wire["middleName"] = person.name.middle
    if f"{prefix}birthdate" in scopes:
        wire["birthDate"] = f"{person.born:%d.%m.%Y}"
    if f"{prefix}gender" in scopes:
        wire["gender"] = short_sex(person.sex)
    if f"{prefix}snils" in scopes and person.snils:
        wire["snils"] = person.snils
    return wire


def _kid(child: Child, scopes: frozenset[str]) -> Wire:
    person = child.person
    wire: Wire = {"stateFacts": ["EntityRoot"], "id": 900_000_000 + person.id}
    wire |= _named(person, scopes, "kid_")
    if "kid_inn" in scopes:
        wire["inn"] = f"98{person.id:010d}"
    wire |= {"trusted": True, "updatedOn": 1_763_700_200}
    if "kid_birth_cert_doc" in scopes:
        wire["documents"] = collection([_birth_certificate(person)])
    return tagged(wire)


def _adult_documents(account: Account) -> list[Wire]:
    if account.level is Level.SIMPLIFIED:
        return []
    person = account.person
    passport = {
        **_document(person, 1, "RF_PASSPORT", person.born + timedelta(days=365 * 14 + 30)),
        "issueId": "000000",
        "issuedBy": "ВЫДУМАННЫЙ ОТДЕЛ",
    }
    licence = {
        **_document(person, 2, "RF_DRIVING_LICENSE", person.born + timedelta(days=365 * 20)),
        "vrfStu": "NOT_VERIFIED",
    }
    return [tagged(passport), *([tagged(licence)] if account.trusted else [])]


def _birth_certificate(person: Person) -> Wire:
    issued = person.born + timedelta(days=13)
    return tagged(
        {
            **_document(person, 1, "RF_BRTH_CERT", issued),
            "series": "I-АА",
            "issuedBy": "ВЫДУМАННЫЙ ЗАГС",
            "actNo": f"{person.id % 1000}",
            "actDate": f"{issued:%d.%m.%Y}",
        }
    )


def _document(person: Person, place: int, kind: str, issued: date) -> Wire:
    return {
        "stateFacts": ["EntityRoot"],
        "id": _document_id(person) + place - 1,
        "type": kind,
        "vrfStu": "VERIFIED",
        "series": "0000",
        "number": f"{person.id % 10**6:06d}",
        "issueDate": f"{issued:%d.%m.%Y}",
    }


def _document_id(person: Person) -> int:
    return 700_000_000 + person.id * 10


def _contact(person: Person, place: int, kind: str, value: str, status: str = "VERIFIED") -> Wire:
    number = 800_000_000 + person.id * 10 + place
    return tagged(
        {"stateFacts": ["Identifiable"], "id": number, "type": kind, "vrfStu": status, "value": value}
    )


def _phone(digits: str) -> str:
    return f"+7({digits[:3]}){digits[3:]}"


def _address(person: Person, place: int, kind: str) -> Wire:
    return tagged(
        {
            "stateFacts": ["Identifiable"],
            "id": 600_000_000 + person.id * 10 + place,
            "type": kind,
            "addressStr": "г Выдуманск, ул Примерная",
            "fiasCode": "00000000-0000-4000-8000-000000000001",
            "flat": str(person.id % 90 + 1),
            "countryId": "RUS",
            "house": "1",
            "zipCode": "000000",
            "city": "Выдуманск",
            "street": "Примерная",
            "region": "Выдуманная область",
        }
    )
