"""The school."""

from __future__ import annotations

from typing_extensions import override

from diary_core.abilities import ReadsSchool
from diary_core.errors import ChildUnknown
from diary_core.model import Answer
from diary_core.model import School as Described
from diary_mrko.ids import ChildRef
from diary_mrko.parse.school import school
from diary_mrko.session import Session


class School(Session, ReadsSchool):
    """The school and the people of the child's class."""

    @override
    async def school(self, enrolment_id: str) -> Answer[Described]:
        """Return the school with the people of the child's class."""
        child = await self.child(ChildRef.read(enrolment_id))
        own, class_id = child.school, child.class_unit_id
        if own is None or class_id is None:
            raise ChildUnknown("the child is in no class", field="enrolment_id")
        info = await self.ask(lambda client: client.school(own.id, class_id, child.id))
        return self.answered([school(info, own.short_name, child.groups, self.zone)])
