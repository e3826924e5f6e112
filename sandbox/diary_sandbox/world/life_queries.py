"""Questions about notices, passes, meals, remarks, announcements, signatures; a family's writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from diary_sandbox.world import ids
from diary_sandbox.world.attendance import AbsenceNotice, AbsenceReason, Visit
from diary_sandbox.world.diary_queries import DiaryQueries
from diary_sandbox.world.homework import HomeworkTask, Tick
from diary_sandbox.world.places import MOSCOW_HOST
from diary_sandbox.world.school_life import (
    Announcement,
    MealAccount,
    MealEntry,
    Remark,
    WeekSignature,
)
from diary_sandbox.world.timeline import Timeline

_LUNCH_LIMIT = 40_000


class LifeQueries(DiaryQueries):
    """School life outside lessons, and what families write."""

    def absence_notices(self, child_id: int, since: date, until: date) -> tuple[AbsenceNotice, ...]:
        """Return the notices not withdrawn, by day and slot, whole days first."""
        base = (line for week in self._weeks(since, until) for line in self._notice_lines(child_id, week))
        merged = self._overlay.merged(AbsenceNotice, child_id, base, self.now)
        found = [notice for notice in merged if since <= notice.on <= until]
        found.sort(key=lambda notice: (notice.on, notice.slot or 0))
        return tuple(found)

    def notices_told(self, child_id: int) -> tuple[AbsenceNotice, ...]:
        """Return every notice told by hand, in order of telling, whatever became of it.

        A notice told twice stands here twice: the notices that stand do not tell such a one.
        """
        return tuple(self._notices_told.get(child_id, ()))

    def visits(self, child_id: int, since: date, until: date) -> tuple[Visit, ...]:
        """Return turnstile passes seen by now, in order; only schools on `school.mos.ru` have a turnstile."""
        child = self._census.child(child_id)
        if not self._places.school(child.school_id).served_by(MOSCOW_HOST):
            return ()
        local = self._local(child.class_id)
        today, clock = local.date(), local.time()
        found: list[Visit] = []
        for week in self._weeks(since, until):
            for visit in self._comings.visits((child_id, week)):
                if not since <= visit.on <= until or visit.on > today:
                    continue
                if visit.on < today:
                    found.append(visit)
                elif visit.came and visit.came <= clock:
                    inside = visit.left is None or visit.left > clock
                    found.append(replace(visit, left=None) if inside else visit)
        return tuple(found)

    def meal_account(self, child_id: int) -> MealAccount | None:
        """Return the meal account now; None where the school's meals are not on the wire."""
        child = self._census.child(child_id)
        if not self._places.school(child.school_id).served_by(MOSCOW_HOST):
            return None
        balance = sum(entry.amount for entry in self._comings.meals(child_id) if entry.at <= self.now)
        limit = _LUNCH_LIMIT if child_id % 3 == 0 else None
        return MealAccount(child_id, child.card, balance, day_limit=limit, alert_below=10_000)

    def meal_entries(self, child_id: int, since: date, until: date) -> tuple[MealEntry, ...]:
        """Return movements of the meal account by now, in order of time; empty as `meal_account` is None."""
        if self.meal_account(child_id) is None:
            return ()
        return tuple(
            entry
            for entry in self._comings.meals(child_id)
            if since <= entry.at.date() <= until and entry.at <= self.now
        )

    def remarks(self, child_id: int, since: date, until: date) -> tuple[Remark, ...]:
        """Return teachers' remarks entered by now, by day and lesson."""
        base = (
            ((remark.entered_at, remark),)
            for week in self._weeks(since, until)
            for remark in self._correspondence.remarks((child_id, week))
        )
        merged = self._overlay.merged(Remark, child_id, base, self.now)
        found = [remark for remark in merged if since <= remark.on <= until]
        found.sort(key=lambda remark: (remark.on, remark.lesson_id, remark.id))
        return tuple(found)

    def announcements(self, class_id: int, since: date, until: date) -> tuple[Announcement, ...]:
        """Return what was published for a class in a span (by day of publication), oldest first."""
        base = (
            ((announcement.published_at, announcement),)
            for week in self._weeks(since, until)
            for announcement in self._correspondence.announcements((class_id, week))
        )
        merged = self._overlay.merged(Announcement, ids.school_of(class_id), base, self.now)
        found = [
            announcement
            for announcement in merged
            if announcement.class_id in (None, class_id)
            and since <= announcement.published_at.date() <= until
        ]
        found.sort(key=lambda announcement: (announcement.published_at, announcement.id))
        return tuple(found)

    def signatures(self, child_id: int) -> tuple[WeekSignature, ...]:
        """Return the signed weeks, oldest first."""
        base: list[Timeline[WeekSignature]] = []
        monday = self.year.since - timedelta(days=self.year.since.weekday())
        while monday <= min(self.year.until, self.now.date()):
            if signature := self._correspondence.signature(child_id, monday):
                base.append(((signature.signed_at, signature),))
            monday += timedelta(days=7)
        found = list(self._overlay.merged(WeekSignature, child_id, base, self.now))
        found.sort(key=lambda signature: signature.week)
        return tuple(found)

    def tick_homework(self, child_id: int, task_id: int, *, done: bool) -> HomeworkTask:
        """Set the family's done flag and return the task.

        Raises:
            KeyError: The task is not this pupil's, or not given yet.
        """
        task = self.task(task_id, child_id)
        tick = Tick(task_id, done)
        self._overlay.amend(Tick, child_id, tick, thing_id=task_id, base=(), at=self.now)
        return replace(task, done=done)

    def notify_absence(
        self,
        child_id: int,
        parent_id: int,
        on: date,
        reason: AbsenceReason,
        *,
        slot: int | None = None,
        comment: str | None = None,
    ) -> AbsenceNotice:
        """Add an absence notice, or replace the one of the same day and slot.

        Whether the day is still ahead and the adult may speak for the child is the server's to check.

        Raises:
            KeyError: No such pupil, or the day is not of the school year.
        """
        self._census.child(child_id)
        if not self.year.since <= on <= self.year.until:
            raise KeyError(on)
        number = self._notice_id(child_id, on, slot)
        notice = AbsenceNotice(number, child_id, parent_id, on, slot, reason, comment, self.now)
        base = self._notice_line(child_id, on, number)
        self._overlay.amend(AbsenceNotice, child_id, notice, thing_id=number, base=base, at=self.now)
        self._notices_told.setdefault(child_id, []).append(notice)
        return notice

    def withdraw_notice(self, child_id: int, on: date, slot: int | None = None) -> bool:
        """Withdraw a notice; False when there was none."""
        if not any(notice.slot == slot for notice in self.absence_notices(child_id, on, on)):
            return False
        number = self._notice_id(child_id, on, slot)
        base = self._notice_line(child_id, on, number)
        self._overlay.amend(AbsenceNotice, child_id, None, thing_id=number, base=base, at=self.now)
        return True

    def sign_week(self, child_id: int, parent_id: int, week: date) -> WeekSignature:
        """Sign the week of a Monday; signing twice keeps the first.

        Raises:
            ValueError: The day is no Monday.
        """
        if week.weekday():
            raise ValueError(f"weeks are signed by their Monday, not {week!r}")
        for signature in self.signatures(child_id):
            if signature.week == week:
                return signature
        signature = WeekSignature(child_id, parent_id, week, self.now)
        self._overlay.amend(WeekSignature, child_id, signature, thing_id=signature.id, base=(), at=self.now)
        return signature

    def _notice_id(self, child_id: int, on: date, slot: int | None) -> int:
        return ids.cell_id(ids.CellKey(child_id, (on - self.year.since).days, slot or 0, 0))

    def _notice_lines(self, child_id: int, week: int) -> tuple[Timeline[AbsenceNotice], ...]:
        notices = self._attendance.notices(child_id, week)
        return tuple(((notice.created_at, notice),) for notice in notices)

    def _notice_line(self, child_id: int, on: date, number: int) -> Timeline[AbsenceNotice]:
        for week in self._weeks(on, on):
            for line in self._notice_lines(child_id, week):
                first = line[0][1]
                if first is not None and first.id == number:
                    return line
        return ()
