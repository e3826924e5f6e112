"""A sentence in the two languages the gateway speaks."""

from __future__ import annotations

from typing import Literal

from pydantic.dataclasses import dataclass

Language = Literal["ru", "en"]


@dataclass(frozen=True)
class Bilingual:
    """One sentence said twice: Russian for parents, English for everybody else."""

    ru: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the sentence in one language."""
        return self.ru if language == "ru" else self.en
