"""For plugin authors: the contract suite, a diary opened without a gateway, and safe cassettes.

Install it with the extra: `diary-core[testing]`.
"""

from __future__ import annotations

from diary_core.testing.cassettes import Allowed, cassette
from diary_core.testing.contract import DiaryContract
from diary_core.testing.memory import MemoryStore, fixed_clock, open_diary
from diary_core.testing.provider_contract import ProviderContract

__all__ = [
    "Allowed",
    "DiaryContract",
    "MemoryStore",
    "ProviderContract",
    "cassette",
    "fixed_clock",
    "open_diary",
]
