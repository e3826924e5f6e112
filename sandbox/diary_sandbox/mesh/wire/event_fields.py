"""The fields every event of the merged calendar has, whatever it is; most of them are null for most kinds."""

from datetime import date, time, tzinfo

from diary_sandbox.mesh.wire import times
from diary_sandbox.mesh.wire.variety import vary
from diary_sandbox.world import Child, World

_NULL_FIELDS = (
    "author_id",
    "title",
    "description",
    "is_all_day",
    "conference_link",
    "outdoor",
    "place",
    "place_latitude",
    "place_longitude",
    "created_at",
    "updated_at",
    "types",
    "author_name",
    "registration_start_at",
    "registration_end_at",
    "place_name",
    "comment",
    "need_document",
    "type",
    "format_name",
    "url",
    "subject_id",
    "subject_name",
    "room_name",
    "room_number",
    "replaced_teacher_id",
    "esz_field_id",
    "lesson_type",
    "course_lesson_type",
    "lesson_form",
    "lesson_education_type",
    "lesson_name",
    "lesson_theme",
    "activities",
    "link_to_join",
    "control",
    "group_id",
    "group_name",
    "address",
    "city_building_name",
    "absence_reason_id",
    "nonattendance_reason_id",
    "health_status",
    "student_count",
    "attendances",
    "journal_fill",
    "comment_count",
    "comments",
    "homework",
    "materials",
    "marks",
)


def empty_event(world: World, child: Child) -> dict[str, object]:
    """Return an event of a child's class with nothing said about itself yet."""
    group = world.class_group(child.class_id)
    building = next(
        house for house in world.school(child.school_id).buildings if house.id == group.building_id
    )
    nulls = dict.fromkeys(_NULL_FIELDS)
    return {
        **nulls,
        "replaced": False,
        "class_unit_ids": [group.id],
        "class_unit_name": group.name,
        "building_id": building.id,
        "building_name": building.name,
        "cancelled": False,
        "is_missed_lesson": False,
        "is_metagroup": False,
    }


def event_moment(child: Child, on: date, at: time, zone: tzinfo) -> str:
    """Return a moment: mostly with the offset, for some children in UTC, as one write-up has it."""
    return vary(child, "event times", times.with_offset, times.with_offset, times.utc)(on, at, zone)
