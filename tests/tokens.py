"""How signed tokens begin, to look for them where none may stand."""

from __future__ import annotations

from typing import Final

TOKENS_BEGIN: Final = ("eyJ2ZXIi", "eyJhbGci")
"""Of `{"ver"` at Gosuslugi and `{"alg"` elsewhere; fewer letters would be met by chance in random ids."""
