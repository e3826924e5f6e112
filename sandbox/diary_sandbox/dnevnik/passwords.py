"""Checking a login and a password: right, wrong, locked out, or a first sign-in that must be finished."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

from diary_sandbox.state import SandboxState
from diary_sandbox.world import DNEVNIK_HOST, Login, LoginKind, LoginState

# The numbers behind "too many log-in tries" are not published; these are ours.
TRIES_BEFORE_CAPTCHA = 3
TRIES_BEFORE_LOCK = 5
LOCK_TIME = timedelta(minutes=15)


class Verdict(StrEnum):
    """What came of a try."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    LOCKED = "locked"
    FIRST_LOGIN = "first_login"
    """Right, but the temporary password must be replaced first."""
    NO_MEMBERSHIP = "no_membership"
    """Right, but no child of this parent is enrolled any more."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The outcome of one try."""

    verdict: Verdict
    login: Login | None
    """None when the verdict is WRONG or LOCKED."""


@dataclass(frozen=True, slots=True)
class _Tries:
    failed: int
    last_at: datetime


class Passwords:
    """The door that counts tries. Tries and replaced passwords are kept in the store."""

    def __init__(self, state: SandboxState) -> None:
        self._state = state
        self._tries = state.store.bucket("dnevnik.tries", _Tries)
        self._replaced = state.store.bucket("dnevnik.replaced_passwords", str)
        """User name → the password chosen when the account was activated."""

    def attempt(self, username: str, password: str) -> Attempt:
        """Try a login and a password, and count a failure."""
        key = username.strip().lower()
        login = self._state.world.login(LoginKind.DNEVNIK, username.strip())
        if self.failed(username) >= TRIES_BEFORE_LOCK or (login and login.state is LoginState.LOCKED):
            return Attempt(Verdict.LOCKED, None)
        if login is None or not compare_digest(self._password(login).encode(), password.encode()):
            self._tries[key] = _Tries(self.failed(username) + 1, self._state.clock.now())
            return Attempt(Verdict.WRONG, None)
        self._tries.pop(key, None)
        return Attempt(self._verdict(login), login)

    def failed(self, username: str) -> int:
        """Return how many tries in a row have failed; they are forgotten after `LOCK_TIME`."""
        tries = self._tries.get(username.strip().lower())
        if tries is None or self._state.clock.now() - tries.last_at >= LOCK_TIME:
            return 0
        return tries.failed

    def activate(self, login: Login, new_password: str) -> None:
        """Finish a first sign-in: the temporary password stops working."""
        self._replaced[login.username.lower()] = new_password

    def _password(self, login: Login) -> str:
        return self._replaced.get(login.username.lower(), login.password)

    def _verdict(self, login: Login) -> Verdict:
        if login.state is LoginState.ACTIVATION_NEEDED and login.username.lower() not in self._replaced:
            return Verdict.FIRST_LOGIN
        if not self._state.world.children_of(login.parent_id, DNEVNIK_HOST):
            return Verdict.NO_MEMBERSHIP
        return Verdict.ACCEPTED


def activation_problem(login: Login, *, email: str, phone: str, password: str, again: str) -> str | None:
    """Say what is wrong with the data a first sign-in is finished with, None when nothing is."""
    if "@" not in email or sum(letter.isdigit() for letter in phone) < 10:
        return "Укажите электронную почту и мобильный телефон: без них войти нельзя."
    if len(password) < 8 or password == login.password:
        return "Новый пароль должен быть не короче 8 знаков и отличаться от временного."
    return None if password == again else "Пароли не совпадают."
