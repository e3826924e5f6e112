"""Everything the sandbox's control door can break, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from diary_sandbox.faults import Fault, FaultKind

HANG_S: Final = 60
"""Longer than any deadline of the gateway under test."""


@dataclass(frozen=True)
class Breakage:
    """One way in which every server of the town is broken at once."""

    faults: Sequence[Fault]
    gentle: bool = False
    """Whether what is asked still gets its right answer: slower, or at the second try."""
    ends_sessions: bool = False
    """Whether a diary may take it for the end of the parent's session, so that signing in again is due."""
    believed: bool = False
    """Whether a diary may really say so: that there is nothing. Then nothing is what is told."""
    in_short: bool = False
    """Whether the short run has it."""


def _status(status: int, *, retry_after: str | None = None) -> Fault:
    return Fault(FaultKind.STATUS, status=status, retry_after=retry_after)


def _one(kind: FaultKind) -> Breakage:
    return Breakage((Fault(kind),))


BREAKAGES: Final[Mapping[str, Breakage]] = {
    "late": Breakage((Fault(FaultKind.LATENCY, delay_s=0.05),), gentle=True),
    "too late": Breakage((Fault(FaultKind.LATENCY, delay_s=HANG_S),)),
    "400": Breakage((_status(400),)),
    "401": Breakage((_status(401),), ends_sessions=True),
    "403": Breakage((_status(403),), ends_sessions=True),
    "404": Breakage((_status(404),)),
    "418": Breakage((_status(418),)),
    "429": Breakage((_status(429, retry_after="1"),)),
    "429, without end": Breakage((_status(429, retry_after="86400"),)),
    "429, when is not told": Breakage((_status(429),)),
    "429, in no language": Breakage((_status(429, retry_after="завтра".encode().decode("latin-1")),)),
    "433": Breakage((_status(433),)),
    "500": Breakage((_status(500),)),
    "502": Breakage((_status(502),)),
    "503": Breakage((_status(503),), in_short=True),
    "503, for an hour": Breakage((_status(503, retry_after="3600"),)),
    "504": Breakage((_status(504),)),
    "302": Breakage((_status(302),)),
    "204": Breakage((_status(204),)),
    "a page": _one(FaultKind.HTML),
    "half a body": _one(FaultKind.TRUNCATED_JSON),
    "no JSON": _one(FaultKind.MALFORMED_JSON),
    "another JSON": Breakage(
        (Fault(FaultKind.STATUS, status=200, body='{"a": [1]}', content_type="application/json"),)
    ),
    "null": Breakage(
        (Fault(FaultKind.STATUS, status=200, body="null", content_type="application/json"),), believed=True
    ),
    "an empty list": Breakage(
        (Fault(FaultKind.STATUS, status=200, body="[]", content_type="application/json"),), believed=True
    ),
    "drops": Breakage((Fault(FaultKind.SLOW_DRIP, delay_s=0.05),), gentle=True),
    "drops without end": Breakage((Fault(FaultKind.SLOW_DRIP, delay_s=HANG_S),)),
    "cut": _one(FaultKind.DROP),
    "cut after the deed": _one(FaultKind.LOST_ANSWER),
    "nothing": _one(FaultKind.EMPTY),
    "endless blanks": Breakage((Fault(FaultKind.OVERSIZE, size=1_000_000),)),
    "padded": Breakage((Fault(FaultKind.PADDED, size=1_000_000),)),
    "a program": _one(FaultKind.DISGUISED),
    "session ran out": Breakage((Fault(FaultKind.EXPIRED_TOKEN),), ends_sessions=True),
    "session taken back": Breakage((Fault(FaultKind.REVOKED_TOKEN),), ends_sessions=True),
    "captcha": Breakage((Fault(FaultKind.CAPTCHA),), gentle=True),
    "second factor": Breakage((Fault(FaultKind.SECOND_FACTOR),), gentle=True),
    "not linked": Breakage((Fault(FaultKind.NOT_LINKED),), gentle=True),
    "no snils": Breakage((Fault(FaultKind.NO_SNILS),), gentle=True),
    "a source is missing": _one(FaultKind.PARTIAL),
    "every third is cut": Breakage((Fault(FaultKind.DROP, probability=0.33),)),
    "some of everything": Breakage(
        (
            Fault(FaultKind.LATENCY, delay_s=0.1, probability=0.2),
            Fault(FaultKind.DROP, probability=0.1),
            Fault(FaultKind.STATUS, status=503, probability=0.1),
            Fault(FaultKind.TRUNCATED_JSON, probability=0.1),
            Fault(FaultKind.HTML, probability=0.1),
        )
    ),
}
