"""Ports for programs that take several neighbouring ones."""

from __future__ import annotations

import os
import socket


def free_ports(count: int) -> int:
    """Return the first of several neighbouring ports nobody uses; two processes look in different places."""
    for first in range(20_000 + os.getpid() % 200 * 50, 32_000, 50):
        probes = [socket.socket() for _ in range(count)]
        try:
            for offset, probe in enumerate(probes):
                probe.bind(("127.0.0.1", first + offset))
        except OSError:
            continue
        else:
            return first
        finally:
            for probe in probes:
                probe.close()
    raise AssertionError("no free ports")
