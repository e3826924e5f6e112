"""Kinds of work, in the two shapes the wire has for them: embedded, and as a list of their own."""

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import ControlForm, School, WorkKind

# `kind` is an open set; the names are those seen, given out by what they seem to mean.
_KINDS = {
    WorkKind.CLASS_WORK: "DefaultNewLessonWork",
    WorkKind.ORAL: "CommonWork",
    WorkKind.HOMEWORK: "Homework",
    WorkKind.TEST: "LessonExamination",
    WorkKind.DICTATION: "LessonComposition",
    WorkKind.LABORATORY: "LaboratoryWork",
    WorkKind.CONTROL: "LessonTestWork",
    WorkKind.CORRECTION: "CommonWork",
    WorkKind.TERM: "PeriodMark",
    WorkKind.YEAR: "PeriodMark",
    WorkKind.EXAM: "Exam",
    WorkKind.FINAL: "PeriodFinalMark",
}
_ORDER = tuple(WorkKind)
_FINAL = frozenset({WorkKind.TERM, WorkKind.YEAR, WorkKind.EXAM, WorkKind.FINAL})


def kind_word(kind: WorkKind) -> str:
    """Return the wire's word for a kind of work."""
    return _KINDS[kind]


def work_type_id(form: ControlForm) -> int:
    """Return the number of a kind of work: it is a school's own, the same name has another elsewhere."""
    return wire_id(Space.WORK_TYPE, form.id)


def embedded_work_type(form: ControlForm) -> Wire:
    """Return a kind of work as schedules, recent marks and finals carry it."""
    final = form.kind in _FINAL
    return {
        "id": work_type_id(form),
        "schoolId": wire_id(Space.SCHOOL, form.school_id),
        "abbreviation": form.abbreviation,
        "name": form.name,
        "isFinal": final,
        "isImportant": is_control(form),
        "kindId": _kind_id(form),
        "kind": kind_word(form.kind),
    }


def listed_work_type(form: ControlForm) -> Wire:
    """Return a kind of work as `work-types/{school}` lists it.

    A school that weighs no marks still sends a weight; 1 for all is our reading of that.
    """
    number = work_type_id(form)
    return {
        "id": number,
        "id_str": str(number),
        "schoolId": wire_id(Space.SCHOOL, form.school_id),
        "kindId": _kind_id(form),
        "kind": kind_word(form.kind),
        "title": form.name,
        "abbr": form.abbreviation,
        "weight": 1 if form.weight is None else form.weight,
    }


def is_control(form: ControlForm) -> bool:
    """Say whether works of this kind are flagged important; finals are not, whatever the school thinks."""
    return form.important and form.kind not in _FINAL


def form_of_kind(school: School, kind: WorkKind) -> ControlForm:
    """Return a school's first kind of work of a sort.

    Raises:
        LookupError: The school has none.
    """
    for form in school.control_forms:
        if form.kind is kind:
            return form
    raise LookupError(f"school {school.id!r} has no {kind}")


def _kind_id(form: ControlForm) -> int:
    return _ORDER.index(form.kind) + 1
