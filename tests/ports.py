"""Ports for programs that take several neighbouring ones."""

from __future__ import annotations

import os
import socket

_BLOCK = 50
"""Ports that are looked at together."""
_BLOCKS = range(20_000, 32_000, _BLOCK)


def free_ports(count: int) -> int:
    """Return the first of several neighbouring ports nobody uses; processes look far from each other."""
    begin = os.getpid() * 37 % len(_BLOCKS)  # 37 shares no divisor with their number
    for first in (*_BLOCKS[begin:], *_BLOCKS[:begin]):
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
