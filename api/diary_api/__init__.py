"""The unified API of diary-gateway: accounts, linked diaries, and one diary model over all of them."""

from __future__ import annotations
