"""What every error carries: a stable code, who acts, when to retry, and two sentences for people."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import ClassVar

from diary_core.bilingual import Bilingual


class Actor(StrEnum):
    """Who can mend it."""

    PARENT = "parent"
    SCHOOL = "school"
    GATEWAY = "gateway"
    DIARY = "diary"
    DEVELOPER = "developer"


class Retry(StrEnum):
    """When the same call may be made again."""

    NEVER = "never"
    AFTER_REMEDY = "after_remedy"
    LATER = "later"


class DiaryError(Exception):
    """The root of every error the gateway raises to a caller.

    Args:
        detail: For developers and logs: lower case, no full stop, nothing personal.
        field: The parameter or the upstream field path at fault, when there is one.
        retry_after: How long to wait, when the other side has said so.
        because: Why, for the parent, where the title does not say it all.
    """

    code: ClassVar[str]
    title: ClassVar[Bilingual]
    remedy: ClassVar[Bilingual]
    actor: ClassVar[Actor]
    retry: ClassVar[Retry]

    def __init__(
        self,
        detail: str = "",
        *,
        field: str | None = None,
        retry_after: timedelta | None = None,
        because: Bilingual | None = None,
    ) -> None:
        super().__init__(detail or self.title.en)
        self.detail = detail
        self.field = field
        self.retry_after = retry_after
        self.because = because
