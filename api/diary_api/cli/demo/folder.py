"""The folder the demo keeps its files in, and what may be removed from it."""

from __future__ import annotations

from pathlib import Path

from diary_core.errors import Misconfigured

DATABASE, KEYS, GATEWAY_LOG, SANDBOX_LOG = "diary.db", "diary.keys", "gateway.log", "sandbox.log"
GOSUSLUGI_KEY, GOSUSLUGI_CERTIFICATE, GOSUSLUGI_TRUSTED = "gosuslugi-key.pem", "gosuslugi.pem", "esia.pem"
_OURS = frozenset(
    {
        DATABASE,
        f"{DATABASE}-wal",
        f"{DATABASE}-shm",
        KEYS,
        GATEWAY_LOG,
        SANDBOX_LOG,
        GOSUSLUGI_KEY,
        GOSUSLUGI_CERTIFICATE,
        GOSUSLUGI_TRUSTED,
    }
)


def empty(folder: Path) -> None:
    """Make the folder, and remove what an earlier demo left in it.

    A gateway that serves a real family keeps a database and a key ring of the same names,
    so only a folder with the log of a sandbox is taken for a demo's.

    Raises:
        Misconfigured: It holds anything no demo has made, or cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = {path.name: path for path in folder.iterdir()}
        if held and (SANDBOX_LOG not in held or not held.keys() <= _OURS):
            raise Misconfigured(
                f"the folder {str(folder)!r} holds what no demo has made; name another with --folder",
                field="folder",
            )
        for path in held.values():
            path.unlink()
    except OSError as error:
        raise Misconfigured(f"the folder {str(folder)!r} cannot be emptied", field="folder") from error
