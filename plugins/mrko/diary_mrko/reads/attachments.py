"""Files of homework."""

from __future__ import annotations

from typing_extensions import override

from diary_core.abilities import FetchesAttachments
from diary_core.errors import AttachmentGone, AttachmentNotAFile, AttachmentUnknown
from diary_core.http import FileStream
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.one_homework import find_homework
from diary_mrko.parse.homework import file_link, is_file, material_id, material_name
from diary_mrko.session import Session


class Attachments(Session, FetchesAttachments):
    """Files by the link that the list of homework has, opened with the parent's own token."""

    @override
    async def attachment(self, enrolment_id: str, homework_id: str, attachment_id: str) -> FileStream:
        """Open a file; digital tasks are pages of the city's library and have no bytes."""

        async def open_file(client: MrkoClient, child: ChildRef) -> FileStream:
            item = await find_homework(client, child, homework_id, self.today())
            material = next((one for one in item.materials if material_id(one) == attachment_id), None)
            if material is None:
                raise AttachmentUnknown("the homework has no such attachment", field="attachment_id")
            if not is_file(material):
                raise AttachmentNotAFile("a digital task", field="attachment_id")
            link = file_link(material)
            if link is None:
                raise AttachmentGone("the diary gives no link to it", field="attachment_id")
            return await client.open_file(link, material_name(material))

        return await self.read(enrolment_id, open_file)
