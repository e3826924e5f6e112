"""The one way out: a client per server, with every limit and every translation inside.

The client is a plain `httpx2.AsyncClient`; what it may do is decided by the layers of its transport.
A call goes down the list and its answer comes back up:

    Aside       whoever counts the requests under way does not count this one meanwhile
    Refusals    statuses that mean trouble become errors of the tree
    Journal     one log line a call: no query, no ids, no headers, no bodies; tells the observer
    AllowList   the hosts of the instance and no others
    Deadline    for the whole call, and by what is left of the time of whoever asks
    Retries     of GET and HEAD, on connection trouble and 502, 503, 504
    Bulkhead    so many calls at once, so many in line, and no more
    Breaker     leaves a failing host alone for a while
    Bucket      our politeness: so many calls a second, and a pause when the host asks for one
    Deadline    for one attempt
    Body        reads it whole, unpacked, within bounds; network trouble becomes errors of the tree

Below them stands `httpx2.AsyncHTTPTransport`, whose `handle_async_request` is what vcrpy replaces.
So a cassette holds what went over the wire, packed as it was, and a replayed call passes every layer
as a real one does; a base transport of another class would not be recorded.
A file goes the same way, but its body is not read whole: it flows through them while it arrives (`download`).
Nobody else builds a client, retries or sleeps.
"""

from __future__ import annotations

from diary_core.http import aside, deadline
from diary_core.http.circuits import Circuits, Outcome, OwnCircuits, Rest
from diary_core.http.client import open_client
from diary_core.http.download import FileStream, download
from diary_core.http.limits import DoorLimits
from diary_core.http.observer import Call, Observe
from diary_core.http.reading import read
from diary_core.http.statuses import refuse
from diary_core.http.turns import OwnTurns, Pace, Turns

__all__ = [
    "Call",
    "Circuits",
    "DoorLimits",
    "FileStream",
    "Observe",
    "Outcome",
    "OwnCircuits",
    "OwnTurns",
    "Pace",
    "Rest",
    "Turns",
    "aside",
    "deadline",
    "download",
    "open_client",
    "read",
    "refuse",
]
