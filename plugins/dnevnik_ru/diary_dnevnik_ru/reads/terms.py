"""How the school cuts its year."""

from __future__ import annotations

from diary_core.abilities import ReadsTerms
from diary_core.model import Answer, Term
from diary_dnevnik_ru import parse
from diary_dnevnik_ru.session import Session


class Terms(Session, ReadsTerms):
    """Terms of the class."""

    async def terms(self, enrolment_id: str) -> Answer[Term]:
        """Return the terms of the class, by first day."""
        whose = await self.whose(enrolment_id)
        return self.answered(
            parse.year_terms(await self.ask(lambda client: client.reporting_periods(whose.seat)))
        )
