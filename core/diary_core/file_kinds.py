"""What a file is, told by its first bytes: neither its name nor what a server calls it decides.

The kinds are few and closed: what teachers hand out. Everything else is refused, so a kind nobody has
thought of never passes.
No library of signatures is asked for that reason: such a one knows every kind there is, guesses among
several, and holds a plain ZIP for any office file.
"""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, field
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from diary_core.errors import AttachmentMistyped, AttachmentUnsafe

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD_BYTES: Final = 2048
"""So much of a file is enough to tell its kind."""

_OOXML: Final = "application/vnd.openxmlformats-officedocument"
_ODF: Final = "application/vnd.oasis.opendocument"
_PACKED: Final = MappingProxyType(
    {
        "docx": f"{_OOXML}.wordprocessingml.document",
        "xlsx": f"{_OOXML}.spreadsheetml.sheet",
        "pptx": f"{_OOXML}.presentationml.presentation",
        "ppsx": f"{_OOXML}.presentationml.slideshow",
        "odt": f"{_ODF}.text",
        "ods": f"{_ODF}.spreadsheet",
        "odp": f"{_ODF}.presentation",
        "zip": "application/zip",
    }
)
"""Kinds that are all ZIP archives inside."""
_OLD_OFFICE: Final = MappingProxyType(
    {
        "doc": "application/msword",
        "xls": "application/vnd.ms-excel",
        "ppt": "application/vnd.ms-powerpoint",
        "pps": "application/vnd.ms-powerpoint",
    }
)
"""Kinds that are all the same container inside."""
_OFFICE: Final = frozenset({*_PACKED, *_OLD_OFFICE, "rtf"} - {"zip"})
"""Office programs open each other's files by any of these names, and save them so."""
_PICTURES: Final = frozenset({"bmp", "gif", "heic", "heif", "jpeg", "jpg", "png", "tif", "tiff", "webp"})
"""As with office files, any picture may bear the name of another."""
_FILM: Final = frozenset({"3gp", "m4a", "m4v", "mov", "mp4"})

_RUN: Final = """
    apk app bat cmd com cpl dll dmg exe hta htm html jar js jse lnk mht mhtml msi pif ps1 reg scr sh svg url
    vbe vbs wsf xhtml xml
"""
"""Names under which a computer runs a file or shows it as a page, whatever is inside."""
_MARKUP: Final = ("<!doctype", "<html", "<head", "<body", "<script", "<svg", "<?xml", "#!")
"""How a page or a script begins."""


@dataclass(frozen=True)
class _Kind:
    """One kind of file."""

    media_type: str
    names: frozenset[str]
    """Extensions it may bear."""
    by_name: Mapping[str, str] = field(default_factory=dict[str, str])
    """Types that only the extension tells apart."""


_TEXT: Final = _Kind("text/plain", frozenset({"csv", "md", "txt"}), {"csv": "text/csv"})
_ZIP: Final = _Kind("application/zip", _OFFICE | {"zip"}, _PACKED)
_MP3: Final = _Kind("audio/mpeg", frozenset({"mp3"}))
_BEGINNINGS: Final[tuple[tuple[bytes, _Kind], ...]] = (
    (b"%PDF-", _Kind("application/pdf", frozenset({"pdf"}))),
    (b"{\\rtf", _Kind("application/rtf", _OFFICE)),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _Kind("application/x-ole-storage", _OFFICE, _OLD_OFFICE)),
    (b"PK\x03\x04", _ZIP),
    (b"PK\x05\x06", _ZIP),
    (b"Rar!\x1a\x07", _Kind("application/vnd.rar", frozenset({"rar"}))),
    (b"7z\xbc\xaf\x27\x1c", _Kind("application/x-7z-compressed", frozenset({"7z"}))),
    (b"\x89PNG\r\n\x1a\n", _Kind("image/png", _PICTURES)),
    (b"\xff\xd8\xff", _Kind("image/jpeg", _PICTURES)),
    (b"GIF87a", _Kind("image/gif", _PICTURES)),
    (b"GIF89a", _Kind("image/gif", _PICTURES)),
    (b"II*\0", _Kind("image/tiff", _PICTURES)),
    (b"MM\0*", _Kind("image/tiff", _PICTURES)),
    (b"ID3", _MP3),
    (b"\xff\xfb", _MP3),
    (b"\xff\xf3", _MP3),
    (b"\xff\xf2", _MP3),
    (b"OggS", _Kind("application/ogg", frozenset({"oga", "ogg", "ogv", "opus"}))),
    (b"\x1a\x45\xdf\xa3", _Kind("video/webm", frozenset({"mkv", "webm"}))),
)
_RIFF: Final = MappingProxyType(
    {
        b"WEBP": _Kind("image/webp", _PICTURES),
        b"WAVE": _Kind("audio/wav", frozenset({"wav"})),
        b"AVI ": _Kind("video/x-msvideo", frozenset({"avi"})),
    }
)
_BRANDS: Final = MappingProxyType(
    {
        b"heic": _Kind("image/heic", _PICTURES),
        b"heix": _Kind("image/heic", _PICTURES),
        b"mif1": _Kind("image/heif", _PICTURES),
        b"M4A ": _Kind("audio/mp4", _FILM),
        b"qt  ": _Kind("video/quicktime", _FILM),
    }
)
_MP4: Final = _Kind("video/mp4", _FILM)
_BITMAP: Final = _Kind("image/bmp", _PICTURES)
_KINDS: Final = (
    *(kind for _, kind in _BEGINNINGS),
    *_RIFF.values(),
    *_BRANDS.values(),
    _MP4,
    _BITMAP,
    _TEXT,
)
_SPOKEN_FOR: Final = frozenset(name for kind in _KINDS for name in kind.names)


def media_type(head: bytes, name: str) -> str:
    """Return the media type of a file that may be passed on.

    Args:
        head: Its first `HEAD_BYTES`, or all of a shorter one.
        name: With the extension, if it has one; it can only make things worse.

    Raises:
        AttachmentMistyped: The name speaks of another kind than the content.
        AttachmentUnsafe: It runs, it is a page, or of no kind that is passed on.
    """
    extension = PurePath(name.strip().rstrip(".")).suffix.removeprefix(".").lower()
    if extension in _RUN.split():
        raise AttachmentUnsafe("by its name a computer would run or show it")
    kind = _kind(head)
    if kind is None:
        raise AttachmentUnsafe("by its content it is nothing that is passed on")
    if extension in _SPOKEN_FOR and extension not in kind.names:
        raise AttachmentMistyped(f"named {extension!r}, by its content {kind.media_type}")
    return kind.by_name.get(extension, kind.media_type)


def _kind(head: bytes) -> _Kind | None:
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], _MP4)
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return _BITMAP
    return _TEXT if _is_text(head) else None


def _is_text(head: bytes) -> bool:
    """Tell whether these are words: no control characters, and neither a page nor a script."""
    wide = head.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    words = head.decode("utf-16" if wide else "latin-1", "ignore").removeprefix("ï»¿")
    begins = words.lstrip().lower()
    return not begins.startswith(_MARKUP) and not any(_is_control(letter) for letter in words)


def _is_control(letter: str) -> bool:
    return letter < " " and letter not in "\t\n\f\r"
