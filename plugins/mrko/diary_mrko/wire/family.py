"""The family profile and the school behind it."""

from __future__ import annotations

from diary_core.envelope import Envelope
from diary_mrko.wire.values import Flag, Id, Listed, MaybeDay, MaybeText, Wire


class Adult(Wire):
    """The signed-in person: `profile` of the family profile."""

    id: Id
    type: MaybeText = None
    last_name: MaybeText = None
    first_name: MaybeText = None
    middle_name: MaybeText = None
    birth_date: MaybeDay = None
    snils: MaybeText = None


class ChildSchool(Wire):
    """The school of a child, in short."""

    id: Id
    name: MaybeText = None
    short_name: MaybeText = None
    principal: MaybeText = None
    phone: MaybeText = None


class ChildGroup(Wire):
    """A study group of a child; a fake one is of no subject."""

    id: Id
    name: MaybeText = None
    is_fake: Flag = False


class FamilyChild(Wire):
    """A child of the family profile; contacts and trusted persons are left behind."""

    id: Id
    contingent_guid: MaybeText = None
    last_name: MaybeText = None
    first_name: MaybeText = None
    middle_name: MaybeText = None
    birth_date: MaybeDay = None
    school: ChildSchool | None = None
    class_name: MaybeText = None
    class_level_id: int | None = None
    class_unit_id: Id | None = None
    class_uid: MaybeText = None
    enrollment_date: MaybeDay = None
    is_legal_representative: bool | None = None
    parallel_curriculum_id: Id | None = None
    groups: Listed[ChildGroup] = ()


class FamilyProfile(Wire, Envelope):
    """Answer of `family/*/v1/profile`."""

    profile: Adult | None = None
    children: Listed[FamilyChild] = ()


class StaffMember(Wire):
    """A teacher as the school page names one: no id, no contacts."""

    last_name: MaybeText = None
    first_name: MaybeText = None
    middle_name: MaybeText = None
    subject_names: Listed[str] = ()


class SchoolAddress(Wire):
    """The official address."""

    county: MaybeText = None
    district: MaybeText = None
    address: MaybeText = None


class Branch(Wire):
    """One house of the school."""

    name: MaybeText = None
    address: MaybeText = None
    is_main_building: Flag = False
    is_student_building: bool | None = None


class SchoolInfo(Wire):
    """Answer of `family/*/v1/school_info`."""

    id: Id
    name: MaybeText = None
    principal: MaybeText = None
    phone: MaybeText = None
    email: MaybeText = None
    website_link: MaybeText = None
    address: SchoolAddress | None = None
    classroom_teachers: Listed[StaffMember] = ()
    teachers: Listed[StaffMember] = ()
    branches: Listed[Branch] = ()
