"""Questions about schools, classes and the school year."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date

from diary_sandbox.world import ids
from diary_sandbox.world.foundation import Foundation
from diary_sandbox.world.places import Bell, ClassGroup, ControlForm, LessonKind, School, StudyGroup, Subject
from diary_sandbox.world.school_life import PlannedSubject, StudyPlan
from diary_sandbox.world.words.subjects import SUBJECTS
from diary_sandbox.world.year import CalendarDay, Holiday, MovedDay, Term, Vacation


class PlacesQueries(Foundation):
    """Schools, classes, subjects, terms and days. Unknown ids raise `KeyError`."""

    def schools(self, host: str | None = None) -> tuple[School, ...]:
        """Return the schools, all or those one upstream host serves, by id."""
        found = (self._places.school(school_id) for school_id in self._places.school_ids)
        return tuple(school for school in found if host is None or school.served_by(host))

    def school(self, school_id: int) -> School:
        """Return a school."""
        return self._places.school(school_id)

    def classes(self, school_id: int) -> tuple[ClassGroup, ...]:
        """Return the classes of a school, by parallel and letter."""
        self._places.school(school_id)
        return self._staff.classes(school_id)

    def class_group(self, class_id: int) -> ClassGroup:
        """Return a class."""
        return self._staff.class_group(class_id)

    def study_groups(self, child_id: int) -> tuple[StudyGroup, ...]:
        """Return the groups a pupil learns in, by subject: whole classes, own subgroups, own clubs."""
        child = self._census.child(child_id)
        return tuple(
            group
            for group in self._staff.groups(child.class_id)
            if group.subgroup in (None, child.subgroup)
            and (not _club(group) or self._in_club(child_id, group.subject_id))
        )

    def class_study_groups(self, class_id: int) -> tuple[StudyGroup, ...]:
        """Return all groups of a class, subgroups and clubs included."""
        return self._staff.groups(class_id)

    def study_group(self, group_id: int) -> StudyGroup:
        """Return a study group."""
        class_id, _, _ = ids.group_key(group_id)
        for group in self._staff.groups(class_id):
            if group.id == group_id:
                return group
        raise KeyError(group_id)

    def subject(self, subject_id: int) -> Subject:
        """Return a subject."""
        return SUBJECTS[subject_id]

    def subjects(self, class_id: int) -> tuple[Subject, ...]:
        """Return the subjects a class is taught, extra-curricular ones and clubs included, by id."""
        return tuple(
            SUBJECTS[number] for number in sorted({g.subject_id for g in self._staff.groups(class_id)})
        )

    def control_form(self, control_form_id: int) -> ControlForm:
        """Return a kind of work."""
        for form in self.school(control_form_id // 100).control_forms:
            if form.id == control_form_id:
                return form
        raise KeyError(control_form_id)

    def bells(self, school_id: int, on: date) -> tuple[Bell, ...]:
        """Return the bells of one day, by slot."""
        return self._places.bells(school_id, on)

    def terms(self, class_id: int) -> tuple[Term, ...]:
        """Return the terms that hold for a class in order of time, the year last."""
        school_id, parallel, _ = ids.class_key(class_id)
        return self._places.calendar(school_id).terms(parallel)

    def term(self, term_id: int) -> Term:
        """Return a term."""
        for term in self._places.calendar(term_id // 1000).all_terms():
            if term.id == term_id:
                return term
        raise KeyError(term_id)

    def vacations(self, school_id: int) -> tuple[Vacation, ...]:
        """Return the vacations of a school, in order of time."""
        return self._places.calendar(school_id).vacations

    def holidays(self) -> tuple[Holiday, ...]:
        """Return the public holidays of the year, in order of time."""
        return self._places.year_calendar.holidays

    def moved_days(self) -> tuple[MovedDay, ...]:
        """Return the moved days of the year, in order of time."""
        return self._places.year_calendar.moved_days

    def days(self, school_id: int, since: date, until: date) -> tuple[CalendarDay, ...]:
        """Return every day of a span; days outside the school year are left out."""
        days = self._places.calendar(school_id).days
        return tuple(day for on, day in days.items() if since <= on <= until)

    def study_plan(self, class_id: int) -> StudyPlan:
        """Return the study plan of a class."""
        group = self.class_group(class_id)
        times = self._lessons.timetable(class_id).times
        today = (self._local(class_id).date() - self.year.since).days
        return StudyPlan(
            id=class_id,
            class_id=class_id,
            title=f"Учебный план, {group.parallel} класс",
            profile=group.profile,
            subjects=tuple(
                PlannedSubject(
                    subject_id=subject_id,
                    hours_a_week=hours,
                    total_hours=len(times[subject_id]),
                    passed_hours=bisect_left(times[subject_id], (today, 0)),
                )
                for subject_id, hours in sorted(self._staff.hours(class_id).items())
            ),
        )

    def _in_club(self, child_id: int, subject_id: int) -> bool:
        """Say whether a pupil goes to a club: about one in four does to each."""
        return (child_id * 7 + subject_id * 3) % 4 == 0


def _club(group: StudyGroup) -> bool:
    return SUBJECTS[group.subject_id].kind is LessonKind.ADDITIONAL
