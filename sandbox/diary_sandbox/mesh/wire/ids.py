"""Numbers of the wire; each id space has its own range, so that one never fits for another by chance."""

_PARENT_PROFILES = 6_000_000
_STUDENTS = 3_000_000
_USERS = 50_000_000
_PLAN_LESSONS = 800_000_000_000
_HOMEWORKS = 400_000_000_000
_STUDENT_STEP = 1_000_000
"""The world gives pupils numbers below this one."""


def profile_id(parent_id: int) -> int:
    """Return the ACL profile of an adult, the value of `Profile-Id`."""
    return _PARENT_PROFILES + parent_id


def student_id(child_id: int) -> int:
    """Return the ACL profile of a pupil, `student_id` of every call."""
    return _STUDENTS + child_id


def child_id(student_id: int) -> int:
    """Return the world's number of a pupil."""
    return student_id - _STUDENTS


def user_id(person_id: int) -> int:
    """Return the account number of a person inside the diary."""
    return _USERS + person_id


def plan_lesson_id(lesson_id: int) -> int:
    """Return the number of a lesson in the thematic plan; the timetable uses the world's own number."""
    return _PLAN_LESSONS + lesson_id


def homework_id(task_id: int) -> int:
    """Return the number of an assignment; its entry uses the world's own number."""
    return _HOMEWORKS + task_id


def entry_student_id(task_id: int, child_id: int) -> int:
    """Return the number of one pupil's instance of an entry, the key of the done flag."""
    return task_id * _STUDENT_STEP + child_id


def task_and_child(entry_student_id: int) -> tuple[int, int]:
    """Return the task and the pupil behind an instance of an entry."""
    return divmod(entry_student_id, _STUDENT_STEP)


def academic_year_id(start: int) -> int:
    """Return the number of a school year by its first calendar year: 2024 is 12."""
    return start - 2012


def calendar_id(start: int) -> int:
    """Return the number of a school year's calendar: 2024 is 52."""
    return start - 1972


def year_start(academic_year_id: int) -> int:
    """Return the first calendar year of a school year."""
    return academic_year_id + 2012
