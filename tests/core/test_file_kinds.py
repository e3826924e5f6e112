"""What a file is, is told by its first bytes."""

from __future__ import annotations

import io
import zipfile

import pytest

from diary_core.errors import AttachmentMistyped, AttachmentUnsafe, DiaryError
from diary_core.file_kinds import media_type

PDF = b"%PDF-1.7\n1 0 obj"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64)
OFFICE = "application/vnd.openxmlformats-officedocument"
PROGRAM = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0"


def _zip(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "invented")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("head", "name", "told"),
    [
        (PDF, "Карточка.pdf", "application/pdf"),
        (PDF, "Карточка", "application/pdf"),
        (PDF, "КАРТОЧКА.PDF", "application/pdf"),
        (PNG, "схема.png", "image/png"),
        (JPEG, "схема.png", "image/jpeg"),
        (JPEG, "фото от 12.09", "image/jpeg"),
        (_zip("[Content_Types].xml"), "план.docx", f"{OFFICE}.wordprocessingml.document"),
        (_zip("mimetype"), "план.odt", "application/vnd.oasis.opendocument.text"),
        (_zip("a.txt"), "всё.zip", "application/zip"),
        (_zip("project.json"), "игра.sb3", "application/zip"),
        (OLD_OFFICE, "план.doc", "application/msword"),
        (b"{\\rtf1\\ansi", "план.doc", "application/rtf"),
        ("Решить № 12".encode(), "задание.txt", "text/plain"),
        ("Решить № 12".encode("cp1251"), "задание.txt", "text/plain"),
        ("Решить № 12".encode("utf-16"), "задание.txt", "text/plain"),
        (b"\xef\xbb\xbfa;b", "таблица.csv", "text/csv"),
        (b"print('hello')", "урок.py", "text/plain"),
        (b"", "пусто.txt", "text/plain"),
        (b"ID3\x03\0", "слушать.mp3", "audio/mpeg"),
        (b"RIFF\0\0\0\0WAVEfmt ", "слушать.wav", "audio/wav"),
        (b"\0\0\0\x18ftypmp42", "урок.mp4", "video/mp4"),
        (b"\0\0\0\x18ftypheic", "фото.heic", "image/heic"),
    ],
)
def test_what_teachers_hand_out_has_a_type(head: bytes, name: str, told: str) -> None:
    """Documents, pictures, sound, films and archives pass, under the type of their content."""
    assert media_type(head, name) == told


@pytest.mark.parametrize(
    ("head", "name", "refused"),
    [
        (PROGRAM, "задание.pdf", AttachmentUnsafe),
        (PROGRAM, "задание", AttachmentUnsafe),
        (b"\x7fELF\x02\x01\x01", "задание.txt", AttachmentUnsafe),
        (b"#!/bin/sh\necho", "задание.txt", AttachmentUnsafe),
        (b"  <!DOCTYPE html><html>", "задание.txt", AttachmentUnsafe),
        (b"\xef\xbb\xbf<svg xmlns='x'>", "схема.png", AttachmentUnsafe),
        ("<html>".encode("utf-16"), "задание.txt", AttachmentUnsafe),
        (b"words\0and zeros", "задание.txt", AttachmentUnsafe),
        (b"RIFF\0\0\0\0ACON", "курсор.ani", AttachmentUnsafe),
        (b"@echo off", "задание.bat", AttachmentUnsafe),
        (_zip("META-INF/MANIFEST.MF"), "игра.jar", AttachmentUnsafe),
        (PDF, "задание.pdf.exe", AttachmentUnsafe),
        (PDF, "задание.exe. ", AttachmentUnsafe),
        (PDF, "схема.png", AttachmentMistyped),
        (b"words", "задание.pdf", AttachmentMistyped),
        (b"", "задание.pdf", AttachmentMistyped),
        (PNG, "план.docx", AttachmentMistyped),
        (OLD_OFFICE, "всё.zip", AttachmentMistyped),
    ],
)
def test_what_lies_or_runs_is_refused(head: bytes, name: str, refused: type[DiaryError]) -> None:
    """A name never lets anything through; it can only make things worse."""
    with pytest.raises(refused):
        media_type(head, name)
