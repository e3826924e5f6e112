"""Who lives in the town, and how they sign in."""

from __future__ import annotations

import re

import pytest

from diary_sandbox.world import (
    DNEVNIK_HOST,
    MOSCOW_HOST,
    REGION_HOST,
    LoginKind,
    LoginState,
    World,
)

from .towns import PERSONAS, SEEDS, persona_child, pupils, town


@pytest.fixture(scope="module")
def world() -> World:
    """A town of three hundred families."""
    return town(4, families=300)


def test_personas_are_the_same_in_every_town() -> None:
    """Names, ids, logins and passwords of the personas depend on neither seed nor size."""
    towns = [town(seed) for seed in SEEDS] + [town(1, families=200)]
    assert len({world.personas() for world in towns}) == 1
    for persona in towns[0].personas():
        seen = {
            tuple((c.id, c.person.name, c.class_id) for c in world.children_of(persona.parent_id))
            for world in towns
        }
        assert len(seen) == 1, persona.key


def test_every_persona_signs_in_by_its_logins(world: World) -> None:
    """Each login of a persona leads to that persona, whatever the case it is typed in."""
    for persona in world.personas():
        for login in persona.logins:
            found = world.login(login.kind, login.username.upper())
            assert found
            assert (found.parent_id, found.password, found.state) == (
                persona.parent_id,
                login.password,
                login.state,
            )
        for account in persona.mrko:
            found_account = world.mrko_account(account.login)
            assert found_account
            assert (found_account.parent_id, found_account.password) == (persona.parent_id, account.password)


def test_generated_parents_sign_in_too(world: World) -> None:
    """Any family's logins and МРКО accounts are found; city accounts by e-mail, phone and СНИЛС alike."""
    kinds: set[LoginKind] = set()
    for family_id in range(PERSONAS + 1, world.families() + 1):
        for parent_id in world.family(family_id).parent_ids:
            parent = world.parent(parent_id)
            for login in parent.logins:
                kinds.add(login.kind)
                assert world.login(login.kind, login.username) == login
                if login.kind is LoginKind.MOS_RU and parent.person.phone:
                    typed = [parent.person.phone, f"+7 {parent.person.phone}", f"8{parent.person.phone}"]
                    typed += [parent.person.snils] if parent.person.snils else []
                    assert [world.login(login.kind, name) for name in typed] == [login] * len(typed)
            for account in parent.mrko_accounts:
                assert account.login.isdigit()
                assert world.mrko_account(account.login) == account
    assert kinds == set(LoginKind)


@pytest.mark.parametrize("typed", ["", " ", "nobody@example.test", "0", "9" * 40, "7990000", "²³", "x" * 999])
def test_strange_logins_are_nobodys(world: World, typed: str) -> None:
    """What no one is called finds no one, and breaks nothing."""
    assert [world.login(kind, typed) for kind in LoginKind] == [None] * 3
    assert world.mrko_account(typed) is None


def test_login_states_of_personas(world: World) -> None:
    """The personas cover every way a sign-in can end, and the second factor."""
    logins = [login for persona in world.personas() for login in persona.logins]
    assert {login.state for login in logins} == set(LoginState)
    assert any(login.second_factor for login in logins)


def test_families_have_one_to_four_children(world: World) -> None:
    """All sizes occur, children oldest first, and some families use two systems or two schools."""
    sizes: set[int] = set()
    mixed_schools = mixed_systems = 0
    for family_id in range(1, world.families() + 1):
        children = [world.child(child_id) for child_id in world.family(family_id).child_ids]
        sizes.add(len(children))
        assert [child.family_id for child in children] == [family_id] * len(children)
        grades = [world.class_group(child.class_id).parallel for child in children]
        assert grades == sorted(grades, reverse=True)
        mixed_schools += len({child.school_id for child in children}) > 1
        mixed_systems += len({host for child in children for host in world.school(child.school_id).hosts}) > 1
    assert sizes == {1, 2, 3, 4}
    assert mixed_schools > 10
    assert mixed_systems > 5


def test_a_parent_sees_children_only_where_they_are(world: World) -> None:
    """On a host an adult sees exactly the children whose school it serves, and whose login they hold."""
    mother = next(p for p in world.personas() if p.key == "big_family").parent_id
    on = {
        host: [c.school_id for c in world.children_of(mother, host)]
        for host in (MOSCOW_HOST, REGION_HOST, DNEVNIK_HOST)
    }
    assert on == {MOSCOW_HOST: [8], REGION_HOST: [4], DNEVNIK_HOST: [7, 6]}
    assert len(world.children_of(mother)) == 4


def test_the_twin_is_read_on_both_hosts(world: World) -> None:
    """The twin of record is the same child on either host."""
    twin = persona_child(world, "both_mother")
    mother = next(p for p in world.personas() if p.key == "both_mother").parent_id
    assert twin in world.children_of(mother, MOSCOW_HOST)
    assert twin in world.children_of(mother, DNEVNIK_HOST)


def test_accounts_without_a_diary_see_nobody(world: World) -> None:
    """No diary, no match, no СНИЛС: the family has children, the account reads none."""
    for persona in world.personas():
        if persona.key in ("no_diary", "not_matched", "no_snils"):
            assert world.family(persona.family_id).child_ids
            assert world.children_of(persona.parent_id) == ()


def test_a_trusted_person_is_no_legal_representative(world: World) -> None:
    """The nanny reads one child of two and represents nobody."""
    nanny = next(p for p in world.personas() if p.key == "trusted_nanny").parent_id
    assert [child.person.name.first for child in world.children_of(nanny)] == ["Варвара"]
    tie = next(g for g in world.guardians_of(world.children_of(nanny)[0].id) if g.parent_id == nanny)
    assert not tie.legal


def test_names_have_their_real_troubles(world: World) -> None:
    """«ё», double surnames, missing patronymics, missing СНИЛС and phones all occur."""
    people = [child.person for child in pupils(world)]
    assert any("ё" in person.name.full for person in people)
    assert any("-" in person.name.last for person in people)
    assert any(person.name.middle is None for person in people)
    assert any(person.snils is None for person in people)
    assert any(person.phone is None for person in people)
    assert any(person.phone for person in people)


def test_contacts_are_invented(world: World) -> None:
    """Mail goes nowhere, phones have ten digits, logins are unique."""
    people = [world.parent(p).person for f in range(1, 301) for p in world.family(f).parent_ids]
    people += [child.person for child in pupils(world)]
    assert [p.email for p in people if p.email and not p.email.endswith("@example.test")] == []
    assert [p.phone for p in people if p.phone and not re.fullmatch(r"99\d{8}", p.phone)] == []
    uuids = [person.uuid for person in people]
    assert len(set(uuids)) == len(uuids)


def test_people_are_found_by_person_id(world: World) -> None:
    """A person id finds its owner, among children and adults apart; any other finds nobody."""
    child, parent = next(pupils(world)), world.parent(world.family(3).parent_ids[0])
    assert world.child_by_uuid(child.person.uuid) == child
    assert world.parent_by_uuid(parent.person.uuid) == parent
    assert world.child_by_uuid(parent.person.uuid) is None
    assert world.parent_by_uuid(child.person.uuid) is None
    forged = "f" * 8 + child.person.uuid[8:]
    assert world.child_by_uuid(forged) is None


def test_ages_fit_grades(world: World) -> None:
    """A pupil of grade n is n + 5 to n + 8 years old on 1 September."""
    wrong = [
        (child.id, child.person.born)
        for child in pupils(world)
        for parallel in (world.class_group(child.class_id).parallel,)
        if not parallel + 5.5 <= (world.year.since - child.person.born).days / 365.25 <= parallel + 8
    ]
    assert wrong == []


def test_classes_are_full_and_fit(world: World) -> None:
    """Family children sit among classmates; no class is over its seats."""
    for school in world.schools():
        for group in world.classes(school.id):
            pupils_of = world.pupils(group.id)
            assert 18 <= len(pupils_of) <= 50
            assert {child.class_id for child in pupils_of} == {group.id}
            teacher = world.teacher(group.class_teacher_id)
            assert teacher.school_id == school.id


def test_unknown_ids_are_key_errors(world: World) -> None:
    """Every lookup of something the town has not says so."""
    lookups = (
        world.child,
        world.parent,
        world.family,
        world.teacher,
        world.class_group,
        world.school,
        world.subject,
        world.lesson,
        world.mark,
        world.term,
        world.control_form,
        world.study_group,
        world.attachment_bytes,
        world.pupils,
        world.classes,
        world.teachers,
    )
    for lookup in lookups:
        for number in (0, -1, 99_999_999_999):
            with pytest.raises(KeyError):
                lookup(number)
