"""Telling systemd, or whoever started this process, that it does what it is there for."""

from __future__ import annotations

import os
import socket


def tell_ready() -> None:
    """Tell the one who started this process that it serves, where he wants to be told.

    Source: sd_notify(3), "READY=1".
    """
    if address := os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
            door.connect(address.replace("@", "\0", 1) if address.startswith("@") else address)
            door.sendall(b"READY=1")
