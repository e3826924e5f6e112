"""For plugin authors: the contract suite, a diary opened without a gateway, and safe cassettes.

Install it with the extra: `diary-core[testing]`.
"""

from __future__ import annotations

import pytest

# Before the contract is imported: an installed module's failing assert shows no values otherwise.
pytest.register_assert_rewrite(
    f"{__name__}.ability_tests",
    f"{__name__}.absence_contract",
    f"{__name__}.contract",
    f"{__name__}.homework_contract",
    f"{__name__}.presence_contract",
    f"{__name__}.marks_contract",
    f"{__name__}.provider_contract",
    f"{__name__}.school_life_contract",
)

from diary_core.testing.cassettes import Allowed, cassette  # noqa: E402  as said above
from diary_core.testing.contract import DiaryContract  # noqa: E402  as above
from diary_core.testing.memory import MemoryStore, fixed_clock, open_diary  # noqa: E402  as above
from diary_core.testing.provider_contract import ProviderContract  # noqa: E402  as above

__all__ = [
    "Allowed",
    "DiaryContract",
    "MemoryStore",
    "ProviderContract",
    "cassette",
    "fixed_clock",
    "open_diary",
]
