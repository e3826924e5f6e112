"""How terms and years ended."""

from __future__ import annotations

from diary_core.envelope import Envelope
from diary_mrko.wire.values import Id, Listed, MaybeDay, MaybeText, Wire


class ResultPeriod(Wire):
    """One term of a subject with its final mark."""

    name: MaybeText = None
    start_date: MaybeDay = None
    end_date: MaybeDay = None
    final_mark: MaybeText = None


class SubjectResults(Wire):
    """What a subject ended with."""

    id: Id | None = None
    name: MaybeText = None
    periods: Listed[ResultPeriod] = ()
    year_mark: MaybeText = None
    intermediate_attestation_mark: MaybeText = None
    training_camp_mark: MaybeText = None


class FinalMarks(Wire, Envelope):
    """Answer of `family/*/v1/final_marks/v2`."""

    subjects: Listed[SubjectResults] = ()
