"""The two invented families of the demo, and how each signs in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """A family of the sandbox."""

    title: str
    region: str
    method: str
    typed: Mapping[str, str]
    """What the parent types, by the name of the input."""


MOSCOW = Family(
    title="Москва, вход через страницу mos.ru",
    region="77",
    method="mos_ru",
    typed={"login": "moscow@example.test", "password": "sandbox-mos"},
)
ARKHANGELSK = Family(
    title="Архангельская область, Дневник.ру, вход по паролю",
    region="29",
    method="password",
    typed={"login": "obraztsova", "password": "sandbox-dnevnik"},
)
GATEWAY_PASSWORD = "три тихих воробья у метро"  # noqa: S105  of an account that lives as long as the demo
OPTIONS = {
    "DIARY_OPTIONS__mrko__initial_token": "SANDBOX-INITIAL-TOKEN",
    "DIARY_OPTIONS__mrko__software_statement": "e30.e30.c2FuZGJveA",
    "DIARY_OPTIONS__dnevnik_ru__client_id": "5a4d0b0c-0000-4000-8000-00000000d1a7",
    "DIARY_OPTIONS__dnevnik_ru__client_secret": "5a4d0b0c-0000-4000-8000-0000000c0de5",
}
"""Placeholders the sandbox publishes; they open nothing else."""
