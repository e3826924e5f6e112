"""An invented diary being linked, for the description of the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel

from diary_api.connections.schemas import Connection, PendingStep
from diary_api.connections.states import State
from diary_api.identities.matching import Tie
from diary_core.bilingual import Bilingual
from diary_core.sign_in import Ask, FormField

_AT = datetime(2026, 9, 16, 9, 0, tzinfo=UTC)
_FORM = Ask(
    fields=(
        FormField(name="login", label=Bilingual("Логин", "Login")),
        FormField(name="password", label=Bilingual("Пароль", "Password"), secret=True),
    )
)
BEGUN = Connection(
    id="con_b4tq6m2zk7f3w5xh7e2rj4n6pa",
    provider="dnevnik_ru",
    instance="arkhangelsk",
    title=Bilingual("Дневник.ру: Архангельская область", "Dnevnik.ru: Arkhangelsk Oblast"),
    region="29",
    method="password",
    state=State.AWAITING_USER,
    outcome=None,
    outcome_at=None,
    created_at=_AT,
    identity=Tie.UNPROVEN,
    pending=PendingStep(turn=1, expires_at=_AT + timedelta(minutes=10), step=_FORM),
)
"""A form waits to be filled in."""
ACTIVE = BEGUN.model_copy(update={"state": State.ACTIVE, "outcome": "ok", "outcome_at": _AT, "pending": None})
"""The diary can be read."""
LINKING: Mapping[str, BaseModel] = {
    "link_diary": BEGUN,
    "sign_in_again": BEGUN,
    "answer_step": ACTIVE,
    "show_connection": ACTIVE,
}
"""Good answers by the name of the operation."""
