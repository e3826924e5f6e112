"""Files of homework."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from diary_core.abilities import FetchesAttachments
from diary_core.errors import AttachmentGone, AttachmentUnknown, HomeworkUnknown, NotFound, NotPermitted
from diary_core.http import FileStream
from diary_dnevnik_ru import parse, wire
from diary_dnevnik_ru.enrolment_id import Seat
from diary_dnevnik_ru.session import Session

_WORK: Final = re.compile(r"-?[0-9]{1,20}", re.ASCII)
_AROUND: Final = timedelta(days=7)
"""A lesson, and its homework with it, may have been moved from the day the work names."""


class Attachments(Session, FetchesAttachments):
    """Files by the link that the list of homework has."""

    async def attachment(self, enrolment_id: str, homework_id: str, attachment_id: str) -> FileStream:
        """Open a file: the work tells its day, the child's own list of that day whose it is and the link."""
        whose = await self.whose(enrolment_id)
        work, files = await self._listed(whose.seat, homework_id)
        if attachment_id not in work.files:
            raise AttachmentUnknown("the homework has no such attachment", field="attachment_id")
        file = files.get(attachment_id)
        if file is None or file.download_url is None:
            raise AttachmentGone("the diary gives no link to it", field="attachment_id")
        link, name = file.download_url, parse.file_name(file)
        return await self.ask(lambda client: client.open_file(link, name))

    async def _listed(self, seat: Seat, homework_id: str) -> tuple[wire.Work, dict[str, wire.File]]:
        """Return a homework of this very child, with the files of the days around it.

        Raises:
            HomeworkUnknown: The child has no such homework.
        """
        if not _WORK.fullmatch(homework_id):
            raise _unknown()
        try:
            due_on = (await self.look_up(lambda client: client.work(homework_id))).target_date
        except (NotFound, NotPermitted) as error:
            raise _unknown() from error
        if due_on is None:
            raise _unknown()
        listed = await self.ask(lambda client: client.homeworks(seat, due_on - _AROUND, due_on + _AROUND))
        work = next((one for one in listed.works if one.id == homework_id), None)
        if work is None:
            raise _unknown()
        return work, {file.id: file for file in listed.files}


def _unknown() -> HomeworkUnknown:
    return HomeworkUnknown("the child has no such homework", field="homework_id")
