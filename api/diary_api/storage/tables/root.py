"""The root of every table, and what the database says of itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from diary_api.storage.times import UtcDateTime


class Table(DeclarativeBase):
    """The root of every table."""

    metadata = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pk",
            "ix": "%(table_name)s_%(column_0_N_name)s",
            "uq": "%(table_name)s_%(column_0_N_name)s_once",
            "fk": "%(table_name)s_%(column_0_N_name)s_of",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads this name from the class
        datetime: UtcDateTime,
        bytes: LargeBinary,
        str: String(255),
    }


class MetaRow(Table):
    """Facts of the database itself, such as the probe that tells whether the key ring fits."""

    __tablename__ = "meta"

    name: Mapped[str] = mapped_column(primary_key=True)
    value_sealed: Mapped[bytes]
