"""What is asked about averages, and what comes back."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from diary_api.school.schemas import DiaryAnswer
from diary_api.school.term_choice import TermId
from diary_core.model import Average, Forecast, Progress, WhatIf

SubjectWord = Annotated[str, Field(min_length=1, max_length=200)]
UpFrom = Annotated[
    Annotated[Decimal, Field(gt=0, le=1, max_digits=5, decimal_places=4)] | None,
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 1}),
]
"""A fraction from which is rounded up, if one is given."""
MarkValue = Annotated[
    Decimal,
    Field(ge=1, le=100, max_digits=5, decimal_places=2),
    WithJsonSchema({"type": "number", "minimum": 1, "maximum": 100}),
]
"""The number of a future mark."""
Weight = Annotated[
    Decimal,
    Field(gt=0, le=1000, max_digits=8, decimal_places=4),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 1000}),
]
"""What a future mark weighs."""


class AverageAnswer(DiaryAnswer[Average]):
    """Averages."""


class ProgressAnswer(DiaryAnswer[Progress]):
    """How averages came about."""


class ForecastAnswer(DiaryAnswer[Forecast]):
    """A forecast."""


class WhatIfAnswer(DiaryAnswer[WhatIf]):
    """An average that may be."""


class _Body(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True
    )


class ThoughtOfMark(_Body):
    """A mark that may be given."""

    value: MarkValue = Field(examples=[5])
    weight: Weight | None = Field(default=None, examples=[2])
    """Needed where marks are weighed, refused where they are not."""
    count: int = Field(default=1, ge=1, le=100)
    """How many such marks."""


class WhatIfAsked(_Body):
    """Marks to be thought of."""

    subject: SubjectWord = Field(examples=["Алгебра"])
    """Id of a subject, or its name in any letters."""
    term: TermId | None = None
    """Id of a term; the present one unless given."""
    rounds_up_from: UpFrom = None
    """The fraction from which the school rounds up, when you know better than the diary."""
    marks: tuple[ThoughtOfMark, ...] = Field(min_length=1, max_length=50)
