"""The table of requests that were sent to diaries."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from diary_api.storage.tables import Table


class UpstreamCallsRow(Table):
    """How many requests were sent to a diary for one link on one day."""

    __tablename__ = "upstream_calls"

    connection_id: Mapped[str] = mapped_column(
        ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    """By Moscow's clock."""
    calls: Mapped[int]
