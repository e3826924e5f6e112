"""Files of homework: what they are, and the link their bytes are behind."""

from datetime import datetime
from pathlib import PurePath

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.moments import naive_utc
from diary_sandbox.dnevnik.render.people import short_name
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import Attachment, Teacher

_GROUPS = {"image": "Image", "audio": "Audio", "video": "Video"}


def file_wire(attachment: Attachment, teacher: Teacher, uploaded_at: datetime, url: str) -> Wire:
    """Return a file.

    Args:
        attachment: What it is; the wire cuts the extension off the name and gives it as `type`.
        teacher: Who put it there.
        uploaded_at: Aware.
        url: Where the bytes are; whoever holds the link may read them.
    """
    number = wire_id(Space.FILE, attachment.id)
    name = PurePath(attachment.name)
    kind = attachment.content_type.partition("/")[0]
    user_id = wire_id(Space.TEACHER_USER, teacher.id)
    person_id = wire_id(Space.TEACHER_PERSON, teacher.id)
    return {
        "id": number,
        "id_str": str(number),
        "name": name.stem,
        "typeGroup": _GROUPS.get(kind, "Document"),
        "type": name.suffix.removeprefix(".").capitalize(),
        "pageUrl": url,
        "downloadUrl": url,
        "user": {
            "id": user_id,
            "id_str": str(user_id),
            "personId": person_id,
            "personId_str": str(person_id),
            "name": short_name(teacher.person),
            "shortName": short_name(teacher.person),
        },
        "size": attachment.size,
        "vote": 0,
        "uploadedDate": naive_utc(uploaded_at),
        "storageType": "Local",
    }
