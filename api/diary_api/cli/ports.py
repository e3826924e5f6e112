"""Ports the command line is about to use."""

from __future__ import annotations

import socket

from diary_core.errors import Misconfigured


def is_free(host: str, port: int) -> bool:
    """Tell whether nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def must_be_free(host: str, port: int, *, option: str = "--port") -> None:
    """Make sure that a port can be taken.

    Args:
        host: Address to listen on.
        port: Port to listen on.
        option: Names another port on the command line.

    Raises:
        Misconfigured: Somebody listens there already.
    """
    if not is_free(host, port):
        raise Misconfigured(f"port {port} on {host} is taken; choose another with {option}", field="port")
