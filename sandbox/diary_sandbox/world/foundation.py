"""What every question to the world is answered from: the generated town, the edits, the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from diary_sandbox.clock import Clock
from diary_sandbox.world import ids
from diary_sandbox.world.attendance import AbsenceNotice
from diary_sandbox.world.generate.archive import Archive
from diary_sandbox.world.generate.attendance import Attendance
from diary_sandbox.world.generate.comings import Comings
from diary_sandbox.world.generate.correspondence import Correspondence
from diary_sandbox.world.generate.homework import Homework
from diary_sandbox.world.generate.lessons import Lessons, week_of
from diary_sandbox.world.generate.marks import Marks
from diary_sandbox.world.generate.people import Census
from diary_sandbox.world.generate.places import Places
from diary_sandbox.world.generate.results import Results
from diary_sandbox.world.generate.roster import Roster
from diary_sandbox.world.generate.staff import Staff
from diary_sandbox.world.overlay import Overlay
from diary_sandbox.world.personas import FAMILIES
from diary_sandbox.world.year import AcademicYear


class Foundation:
    """The generated town under a clock, and what was edited in it."""

    def __init__(self, *, seed: int, families: int, year: int, clock: Clock) -> None:
        """Found a town; nothing but the seats of the families' children is made before it is asked for.

        Args:
            seed: Of everything invented.
            families: How many families live there, 1 to 10 000.
            year: Calendar year of its 1 September.
            clock: By which it is seen; moving it hides and reveals, and changes nothing.

        Raises:
            ValueError: The number of families is out of range.
        """
        if not 1 <= families <= 10_000:
            raise ValueError(f"a town has 1 to 10000 families, not {families!r}")
        self.seed = seed
        self.year = AcademicYear(year)
        self.clock = clock
        self._overlay = Overlay()
        self._notices_told: dict[int, list[AbsenceNotice]] = {}
        self._roster = roster = Roster(seed, families)
        personas = range(1, min(families, len(FAMILIES)) + 1)
        rich = frozenset(child for family in personas for child in roster.children(family))
        rich_classes = frozenset(ids.class_of(child) for child in rich)
        self._places = Places(seed, self.year, roster.school_ids)
        self._staff = Staff(seed, year, roster)
        self._census = Census(seed, year, roster)
        self._lessons = Lessons(seed, self._places, self._staff, rich_classes)
        self._attendance = Attendance(seed, self._lessons, self._census, rich)
        self._homework = Homework(seed, self._lessons, rich_classes)
        self._marks = Marks(seed, self._lessons, self._attendance, rich)
        self._results = Results(seed, self._places, self._lessons, self._staff, self._marks)
        self._archive = Archive(seed, self.year, self._places, staff=self._staff, marks=self._marks)
        self._comings = Comings(
            seed, self._lessons, self._attendance, rich, frozenset(roster.children(1)[:1])
        )
        self._correspondence = Correspondence(
            seed, self._lessons, self._attendance, census=self._census, staff=self._staff, rich=rich
        )

    @property
    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return self.clock.now(UTC)

    def forget_edits(self) -> None:
        """Bring the town back to what its seed made."""
        self._overlay.clear()
        self._notices_told.clear()

    def _weeks(self, since: date, until: date) -> range:
        """Return the weeks of a span, cut to the school year."""
        first, last = max(since, self.year.since), min(until, self.year.until)
        return range(week_of(first), week_of(last) + 1) if first <= last else range(0)

    def _local(self, class_id: int) -> datetime:
        """Return the present wall time of a class's school, its zone stripped to be compared with plans."""
        return self.now.astimezone(self._lessons.school(class_id).zone).replace(tzinfo=None)

    def _moment(self, class_id: int) -> datetime:
        """Return the present moment in the zone of a class's school."""
        return self.now.astimezone(self._lessons.school(class_id).zone)

    def _midnight(self, class_id: int, on: date) -> datetime:
        """Return the first moment of a day at a class's school."""
        return datetime.combine(on, time(0), tzinfo=self._lessons.school(class_id).zone)

    def _on(self, day: int) -> date:
        return self.year.since + timedelta(days=day)
