"""The child's place in the class."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from typing_extensions import override

from diary_core.abilities import ReadsClassStanding
from diary_core.errors import NotPermitted
from diary_core.model import Answer, Missing, Unavailable
from diary_core.model import ClassStanding as Standing
from diary_core.side_calls import attempt_each
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.parse.class_standing import class_standings
from diary_mrko.session import Session
from diary_mrko.wire.rating import PupilRank


class ClassStanding(Session, ReadsClassStanding):
    """The rating of the class; it comes with every classmate's average, of which none is kept."""

    @override
    async def class_standing(self, enrolment_id: str) -> Answer[Standing]:
        """Return the places: one call for the child's own, then one for the class in each subject."""
        ref = ChildRef.read(enrolment_id)
        person_id = ref.registered()
        class_id = (await self.child(ref)).class_unit_id
        if class_id is None:
            raise NotPermitted("the diary names no class of the child")
        today = self.today()
        own = await self.read(enrolment_id, lambda client, _: client.rating.subjects(person_id, today))

        async def of_class(subject_id: str | None) -> Sequence[PupilRank]:
            async def call(client: MrkoClient, _: ChildRef) -> Sequence[PupilRank]:
                return await client.rating.of_class(person_id, class_id, today, subject_id=subject_id)

            return await self.read(enrolment_id, call)

        wanted = (None, *(item.subject_id for item in own))
        in_all, *in_each = await attempt_each([partial(of_class, subject_id) for subject_id in wanted])
        lost = next((one for one in (in_all, *in_each) if isinstance(one, Unavailable)), None)
        return self.answered(
            class_standings(person_id, in_all, zip(own, in_each, strict=True)),
            partial=[] if lost is None else [Missing(what="class", reason=lost.reason)],
        )
