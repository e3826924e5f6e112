"""The one-time code of a second factor: six digits by text or mail, four by a phone call."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from diary_sandbox.state import Store

CODE_LIFE_S = 300
ATTEMPTS = 5

Medium = Literal["sms", "email", "flashCall", "totp"]
Verdict = Literal["right", "invalid_otp", "no_attempts", "expired"]


@dataclass
class OneTimeCode:
    """A code that was sent and is being waited for."""

    medium: Medium
    digits: str
    expires_at: datetime
    attempts_left: int = ATTEMPTS

    def check(self, answer: str, now: datetime) -> Verdict:
        """Judge an answer and count the attempt; a spent or stale code is never right."""
        if now >= self.expires_at:
            return "expired"
        if self.attempts_left == 0:
            return "no_attempts"
        if secrets.compare_digest(answer.strip().encode(), self.digits.encode()):
            return "right"
        self.attempts_left -= 1
        return "invalid_otp" if self.attempts_left else "no_attempts"

    def ttl_s(self, now: datetime) -> int:
        """Return how many seconds the code still lives."""
        return max(0, int((self.expires_at - now).total_seconds()))


def send_code(medium: Medium, store: Store, now: datetime) -> OneTimeCode:
    """Make a new code. Nothing is sent anywhere: the page shows it and says SANDBOX."""
    length = 4 if medium == "flashCall" else 6
    digits = store.secret(length, "0123456789")
    return OneTimeCode(medium, digits, now + timedelta(seconds=CODE_LIFE_S))
