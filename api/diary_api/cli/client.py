"""Talking to a running gateway over HTTP, as any parent's script would."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import httpx2
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from diary_api.cli.remedies import REMEDIES
from diary_api.cli.saving import save
from diary_api.school.schemas import DiaryAnswer
from diary_core.model import Day

ShapeT = TypeVar("ShapeT")
Query = Mapping[str, str | list[str]]
"""Parameters by name; a list is told one by one."""
UNREACHABLE = "gateway_unreachable"
"""The code of a problem that no gateway has sent."""


class Problem(BaseModel):
    """What the gateway says when it refuses."""

    model_config = ConfigDict(extra="ignore")

    code: str
    title: str
    reason: str | None = None
    detail: str | None = None
    remedy: str | None = None
    field: str | None = None


class Refused(Exception):
    """The gateway refused, or could not be reached."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


class Gateway:
    """One gateway and one key to it.

    Args:
        url: Where it listens; plain HTTP unless it says otherwise.
        key: Secret of a session or a token; None before signing in.
    """

    def __init__(self, url: str, key: str | None = None) -> None:
        url = url if "://" in url else f"http://{url}"
        self._http = httpx2.Client(base_url=url, timeout=30, headers={"Accept-Language": "ru"})
        if key:
            self.use(key)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def use(self, key: str) -> None:
        """Send a key with every later call."""
        self._http.headers["Authorization"] = f"Bearer {key}"

    def get(self, path: str, shape: type[ShapeT], query: Query | None = None) -> ShapeT:
        """Ask for something.

        Raises:
            Refused: With the gateway's own words.
        """
        return _read(self._send("GET", path, query=query), shape)

    def post(self, path: str, body: Mapping[str, object], shape: type[ShapeT]) -> ShapeT:
        """Send something.

        Raises:
            Refused: With the gateway's own words.
        """
        return _read(self._send("POST", path, body=body), shape)

    def put(self, path: str, shape: type[ShapeT], body: Mapping[str, object] | None = None) -> ShapeT:
        """Set something; without a body, what its address alone says.

        Raises:
            Refused: With the gateway's own words.
        """
        return _read(self._send("PUT", path, body=body), shape)

    def turn_on(self, path: str) -> None:
        """Set something that its address alone says and that gives no answer; `delete` takes it away.

        Raises:
            Refused: With the gateway's own words.
        """
        _succeeded(self._send("PUT", path))

    def download(self, path: str, folder: Path) -> Path:
        """Fetch a file into a folder and return where it is; it is there whole or not at all.

        Raises:
            Refused: With the gateway's own words, or it broke off, or cannot be written.
        """
        try:
            with self._http.stream("GET", path) as answer:
                if not answer.is_success:
                    answer.read()
                _succeeded(answer)
                return save(answer, folder)
        except httpx2.HTTPError as error:
            raise Refused(
                Problem(
                    code="file_broken_off",
                    title="Файл пришёл не целиком",
                    remedy="Попробуйте ещё раз; слишком большой файл откройте в самом дневнике.",
                )
            ) from error
        except OSError as error:
            raise Refused(
                Problem(code="file_unwritable", title=f"Файл не записать: {error.strerror}")
            ) from error

    def delete(self, path: str) -> None:
        """Take something away.

        Raises:
            Refused: With the gateway's own words.
        """
        _succeeded(self._send("DELETE", path))

    def take_back(self, path: str, shape: type[ShapeT]) -> ShapeT:
        """Take something away that stays to be seen, and return what became of it.

        Raises:
            Refused: With the gateway's own words.
        """
        return _read(self._send("DELETE", path), shape)

    def week(self, child_id: str, of: date | None) -> DiaryAnswer[Day]:
        """Return a child's week; this week unless a day of another one is given.

        Raises:
            Refused: With the gateway's own words.
        """
        return self.get(f"/v1/children/{child_id}/week", DiaryAnswer[Day], {"of": str(of)} if of else None)

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Mapping[str, object] | None = None,
    ) -> httpx2.Response:
        try:
            return self._http.request(method, path, params=query, json=body)
        except httpx2.HTTPError as error:
            raise Refused(
                Problem(
                    code=UNREACHABLE,
                    title=f"Шлюз не отвечает по адресу {self._http.base_url}",
                    remedy="Запустите его командой `diary serve` или укажите другой адрес в --url.",
                )
            ) from error


def _read(response: httpx2.Response, shape: type[ShapeT]) -> ShapeT:
    _succeeded(response)
    try:
        return TypeAdapter(shape).validate_json(response.content)
    except ValidationError as error:
        raise Refused(_unclear(response)) from error


def _succeeded(response: httpx2.Response) -> None:
    if response.is_success:
        return
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError as error:
        raise Refused(_unclear(response)) from error
    if problem.code in REMEDIES:
        problem = problem.model_copy(update={"detail": None, "remedy": REMEDIES[problem.code]})
    raise Refused(problem)


def _unclear(response: httpx2.Response) -> Problem:
    return Problem(
        code="unclear",
        title=f"Шлюз ответил непонятно (HTTP {response.status_code})",
        remedy="Проверьте адрес в --url: там должен отвечать шлюз той же версии, что и эта команда.",
    )
