"""Subjects, in the full form and in the light one of the per-day tables."""

from zlib import crc32

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import LessonKind, Subject, World


def subject_wire(subject: Subject) -> Wire:
    """Return a subject with its area of knowledge as text."""
    number = wire_id(Space.SUBJECT, subject.id)
    return {
        "id": number,
        "id_str": str(number),
        "name": subject.name,
        "knowledgeArea": subject.area,
        "fgosSubjectId": subject.id,
    }


def light_subject(subject: Subject) -> Wire:
    """Return a subject with its area as a number: the form of schedules and recent marks."""
    return {
        "id": wire_id(Space.SUBJECT, subject.id),
        "name": subject.name,
        "knowledgeAreaId": crc32(subject.area.encode()) % 97 + 1,
    }


def journal_subjects(world: World, class_id: int) -> list[Subject]:
    """Return the subjects a class has a journal for: clubs are no part of this system."""
    return [one for one in world.subjects(class_id) if one.kind is not LessonKind.ADDITIONAL]
