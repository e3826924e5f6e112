"""The socket that a server listens on."""

from __future__ import annotations

import socket
import stat
from contextlib import suppress
from pathlib import Path

from diary_core.errors import Misconfigured

_ANYBODY = 0o666
"""A proxy runs as another user; the folder of the socket decides who comes near it."""


def at_address(host: str, port: int) -> socket.socket:
    """Take an address; the server listens there once it can answer.

    Raises:
        Misconfigured: It is taken, or not ours.
    """
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise Misconfigured(
            f"port {port} on {host} is taken, or not ours; choose another with --port",
            field="port",
        ) from None
    return _inherited(listening)


def in_file_system(path: Path) -> socket.socket:
    """Make a Unix socket; what a dead server left in its place goes.

    Raises:
        Misconfigured: Something else stands there, somebody listens there, or the folder is not ours.
    """
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.exists() and stat.S_ISSOCK(path.stat().st_mode) and not _answers(path):
            path.unlink()
        listening.bind(str(path))
        path.chmod(_ANYBODY)
    except OSError as error:
        listening.close()
        raise Misconfigured(f"{path} cannot be listened on ({error.strerror})", field="uds") from None
    return _inherited(listening)


def inherited(descriptor: int) -> socket.socket:
    """Take a socket that was opened before this process began, as by systemd, whose first one is 3.

    Raises:
        Misconfigured: There is no socket under this number.
    """
    try:
        listening = socket.socket(fileno=descriptor)
    except OSError as error:
        raise Misconfigured(f"descriptor {descriptor} is no socket ({error.strerror})", field="fd") from None
    return _inherited(listening)


def _inherited(listening: socket.socket) -> socket.socket:
    listening.set_inheritable(True)
    return listening


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe, suppress(OSError):
        probe.connect(str(path))
        return True
    return False
