"""Putting a file from a gateway into a folder of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final
from urllib.parse import unquote

import httpx2

_NAMED: Final = re.compile(r"filename\*=UTF-8''(\S+)")


def save(answer: httpx2.Response, folder: Path) -> Path:
    """Write a file while it arrives, under the name it came with; return where it is.

    A name that is taken gets a number. What does not come whole is taken away again.

    Raises:
        httpx2.HTTPError: It broke off.
        OSError: It cannot be written there.
    """
    path, file = _new(folder, _name(answer))
    try:
        with file:
            for piece in answer.iter_bytes():
                file.write(piece)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _name(answer: httpx2.Response) -> str:
    """Return the file's name without any folder."""
    told = _NAMED.search(answer.headers.get("content-disposition", ""))
    name = PurePosixPath(unquote(told[1]).replace("\\", "/")).name if told else ""
    return name or "file"


def _new(folder: Path, name: str) -> tuple[Path, BinaryIO]:
    for path in _places(folder, PurePosixPath(name)):
        try:
            return path, path.open("xb")
        except FileExistsError:
            continue
    raise AssertionError("there is always another number")


def _places(folder: Path, name: PurePosixPath) -> Iterator[Path]:
    yield folder / name
    for number in count(2):
        yield folder / f"{name.stem} ({number}){name.suffix}"
