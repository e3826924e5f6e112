"""The place of an invented child in its class, for the description of the API."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from pydantic import BaseModel

from diary_api.class_standing.schemas import ClassStandingChoice
from diary_api.school.examples import SUBJECT, said
from diary_core.model import ClassStanding

CLASS_STANDING: Final[Mapping[str, BaseModel]] = {
    "read_class_standing": said(
        *(
            ClassStanding(
                subject=subject,
                place=place,
                average=Decimal(average),
                class_size=26,
                class_average=Decimal(mean),
            )
            for subject, place, average, mean in (
                (None, 7, "4.12", "3.9427"),
                (SUBJECT, 3, "4.57", "3.8162"),
            )
        )
    ),
    "choose_class_standing": ClassStandingChoice(shown=True),
}
"""Good answers by the name of the operation."""
