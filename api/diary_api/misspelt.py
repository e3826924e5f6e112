"""Names in the environment that were meant for settings and are none: they would be passed over unseen."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

import structlog

from diary_api.settings import Settings

log = structlog.stdlib.get_logger()

_OURS: Final = "DIARY"
"""What a name begins with that may be meant for us; a setting has a line behind it."""
_ALIKE: Final = 0.8
"""Less alike are names that somebody else reads, such as a plugin."""


def warn_of_misspelt(environment: Mapping[str, str]) -> None:
    """Log every name that is nearly that of a setting."""
    for name, meant in misspelt(environment).items():
        log.warning("there is no such setting: it is ignored", setting=name, meant=meant)


def misspelt(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return the names that are nearly those of settings, and what was probably meant."""
    known = {f"{_OURS}_{name.upper()}" for name in Settings.model_fields}
    given = {name: name.upper().partition("__")[0] for name in environment}
    return {
        name: near[0]
        for name, setting in given.items()
        if setting.startswith(_OURS) and setting not in known
        if (near := get_close_matches(setting, known, n=1, cutoff=_ALIKE))
    }
