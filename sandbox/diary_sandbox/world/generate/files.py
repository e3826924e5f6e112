"""Attached files with real bytes: a text, a one-page PDF, a small picture."""

from __future__ import annotations

import struct
import zlib

from diary_sandbox.world.homework import Attachment

_FILES = (
    ("Задание", "txt", "text/plain"),
    ("Карточка", "pdf", "application/pdf"),
    ("Схема", "png", "image/png"),
)


def attachment(task_id: int, place: int) -> Attachment:
    """Return the attachment of a task at a place, from 0 to 3."""
    number = task_id * 4 + place
    title, extension, content_type = _FILES[number % len(_FILES)]
    content = attachment_bytes(number)
    return Attachment(
        id=number, name=f"{title} {number % 97}.{extension}", content_type=content_type, size=len(content)
    )


def attachment_bytes(attachment_id: int) -> bytes:
    """Return the content of a generated attachment."""
    words = f"SANDBOX: invented attachment {attachment_id}"
    extension = _FILES[attachment_id % len(_FILES)][1]
    if extension == "txt":
        return f"{words}\nЗадание: решить пример {attachment_id % 90} + {attachment_id % 7}.\n".encode()
    return _pdf(words) if extension == "pdf" else _png(attachment_id)


def _pdf(words: str) -> bytes:
    drawing = f"BT /F1 14 Tf 40 160 Td ({words}) Tj ET".encode()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(drawing), drawing),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body = b"%PDF-1.4\n"
    offsets: list[int] = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj%b endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + head + table + end


def _png(number: int) -> bytes:
    shade = number % 256
    row = b"\x00" + b"".join(bytes((shade, 255 - shade, x * 16)) for x in range(16))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(row * 16, 0)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
