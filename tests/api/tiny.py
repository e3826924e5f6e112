"""A diary system of the tests' own: every kind of step, single-use renewals, and trouble on demand."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Literal

import pluggy
from pydantic import SecretStr

from diary_core import hookspecs
from diary_core.abilities import (
    Diary,
    NotifiesAbsence,
    ReadsAverages,
    ReadsBells,
    ReadsClassStanding,
    ReadsDays,
    ReadsHomework,
    ReadsMarks,
    ReadsSchool,
    ReadsTerms,
    SignsWeeks,
)
from diary_core.bilingual import Bilingual
from diary_core.credentials import CredentialKeeper, Credentials
from diary_core.errors import (
    AbsenceNoticeUnknown,
    ChildUnknown,
    ConsentRefused,
    DiaryError,
    LoginRequired,
    NotEnoughData,
    WrongCode,
    WrongCredentials,
)
from diary_core.model import (
    UNSUPPORTED,
    AbsenceNotice,
    AbsenceReason,
    Answer,
    Child,
    ClassGroup,
    ClassStanding,
    Day,
    DiaryAverage,
    Enrolment,
    Homework,
    LessonSlot,
    Mark,
    Missing,
    NewAbsenceNotice,
    OfferedReason,
    School,
    Source,
    Term,
    WeekSignature,
    known,
)
from diary_core.people import PersonName
from diary_core.plugins import Plugins
from diary_core.provider import Channel, Instance, InstanceStatus, Provider
from diary_core.sign_in import (
    Ask,
    Callback,
    Choose,
    EnterCode,
    FormField,
    Option,
    Person,
    Redirect,
    Reply,
    SignedIn,
    SignInMethod,
    Step,
)
from diary_example import town as example
from tests.api.running import PASSWORDS

ZONE = "Asia/Novosibirsk"
SCHOOL = School(id="s1", name="Школа Воробьёва", zone=ZONE)
LOGIN_FIELD = FormField(name="login", label=Bilingual("Логин", "Login"))
PASSWORD_FIELD = FormField(name="password", label=Bilingual("Пароль", "Password"), secret=True)


def a_child(key: str, first: str, *, group: str = "7-Б", enrolment: str | None = None) -> Enrolment:
    return Enrolment(
        id=enrolment or f"enrolment-of-{key}",
        child=Child(id=key, name=PersonName(last="Воробьёва", first=first)),
        school=SCHOOL,
        group=ClassGroup(id=f"class-{group}", name=group, parallel=int(group[0])),
        role="parent",
    )


REASONS = {"1": "Болезнь", "3": "Семейные обстоятельства"}
YEAR = Term(
    id="y",
    parent_id=None,
    kind="year",
    number=None,
    title="2026/27",
    since=date(2026, 9, 1),
    until=date(2027, 5, 31),
)


@dataclass
class TinyTown:
    """What the system knows, and what the tests do to it."""

    now: Callable[[], datetime]
    passwords: dict[str, str] = field(default_factory=lambda: dict(PASSWORDS))
    children: dict[str, list[Enrolment]] = field(
        default_factory=lambda: {
            "olga": [a_child("vera", "Вера"), a_child("lada", "Лада", group="3-А")],
            "ivan": [a_child("petya", "Пётр")],
        }
    )
    lifetime: timedelta = timedelta(hours=1)
    trouble: DiaryError | Exception | None = None
    """Raised by every call while it is set."""
    troubles: dict[str, DiaryError] = field(default_factory=dict[str, DiaryError])
    """Raised by the calls of these names."""
    terms: list[Term] = field(default_factory=lambda: [YEAR])
    marks: list[Mark] | None = None
    """Those of the week over and over unless set."""
    averages: list[DiaryAverage] | None = None
    """While it is set, the diary can tell averages of its own."""
    places: list[ClassStanding] | None = None
    """While it is set, the diary ranks the class."""
    notices: dict[str, AbsenceNotice] | None = None
    """While it is set, the diary takes notices of absence; those that stand, by day and lesson."""
    signed: dict[date, datetime] | None = None
    """While it is set, the diary takes signatures of weeks; those that stand, by Monday."""
    told: list[NewAbsenceNotice] = field(default_factory=list[NewAbsenceNotice])
    """Every notice that has reached the school, whatever became of it."""
    lost: dict[str, DiaryError] = field(default_factory=dict[str, DiaryError])
    """Raised by the calls of these names once they have done their work."""
    broken_for: dict[str, DiaryError] = field(default_factory=dict[str, DiaryError])
    """Raised by every call of one login while it is there."""
    lacking: tuple[Missing, ...] = ()
    """Parts the week lacks while it is set."""
    held: asyncio.Event | None = None
    """While it is set and not done, every diary call waits for it."""
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once a call waits."""
    edit: Callable[[Day], Day] = field(default=lambda day: day)
    """What the school has changed since."""
    calls: Counter[str] = field(default_factory=Counter[str])
    access: dict[str, str] = field(default_factory=dict[str, str])
    refresh: dict[str, str] = field(default_factory=dict[str, str])
    codes: dict[str, str] = field(default_factory=dict[str, str])
    """Authorization codes of the redirect, by code."""
    revoked: list[str] = field(default_factory=list[str])
    people: dict[str, Person] = field(default_factory=dict[str, Person])
    """Who stands behind a login, where the system tells it."""
    _numbers: count[int] = field(default_factory=lambda: count(1))

    async def called(self, name: str) -> None:
        self.calls[name] += 1
        if self.held is not None:
            self.waits.set()
            await self.held.wait()
        if trouble := self.trouble or self.troubles.get(name):
            raise trouble

    def admit(self, login: str) -> Credentials:
        number = next(self._numbers)
        access, refresh = f"canary-access-{number}", f"canary-refresh-{number}"
        self.access[access], self.refresh[refresh] = login, login
        return Credentials(
            secrets={"access": SecretStr(access), "refresh": SecretStr(refresh)},
            facts={"profile": f"canary-profile-{login}"},
            expires_at=self.now() + self.lifetime,
        )

    def stand(
        self, notice: NewAbsenceNotice, lesson_id: str | None, told_by: Literal["self", "other"] = "self"
    ) -> None:
        """Let a notice stand, in the place of one of the same day and lesson."""
        assert self.notices is not None
        name = f"{notice.date}.{lesson_id or 'day'}"
        self.notices[name] = AbsenceNotice(
            id=name,
            date=notice.date,
            lesson_id=lesson_id,
            reason=AbsenceReason(code=notice.reason_code, title=REASONS[notice.reason_code]),
            comment=notice.comment,
            told_by=told_by,
            created_at=UNSUPPORTED,
        )

    def consent(self, login: str) -> str:
        """Press «yes» on the page the redirect shows, and return the code it gives."""
        code = f"canary-code-{next(self._numbers)}"
        self.codes[code] = login
        return code


class NarrowDiary(Diary, ReadsDays, ReadsMarks, ReadsHomework):
    """What the narrow door shows."""

    def __init__(self, source: Source, channel: Channel, keeper: CredentialKeeper, town: TinyTown) -> None:
        super().__init__(source, channel.now)
        self._keeper = keeper
        self._town = town

    async def enrolments(self) -> Answer[Enrolment]:
        return self.answered(self._town.children[await self._login("enrolments")])

    async def days(self, enrolment_id: str, since: date, until: date) -> Answer[Day]:
        days = await self._days("days", enrolment_id, since, until)
        return self.answered(days, partial=self._town.lacking)

    async def marks(self, enrolment_id: str, since: date, until: date) -> Answer[Mark]:
        days = await self._days("marks", enrolment_id, since, until)
        if self._town.marks is not None:
            return self.answered([mark for mark in self._town.marks if since <= mark.date <= until])
        return self.answered(
            [mark for day in days for lesson in day.lessons for mark in known(lesson.marks) or ()]
        )

    async def homework(self, enrolment_id: str, since: date, until: date) -> Answer[Homework]:
        days = await self._days("homework", enrolment_id, since, until)
        return self.answered(
            [task for day in days for lesson in day.lessons for task in known(lesson.homework) or ()]
        )

    async def _days(self, call: str, enrolment_id: str, since: date, until: date) -> Sequence[Day]:
        await self._mine(call, enrolment_id)
        return [self._town.edit(day) for day in example.days(enrolment_id, since, until)]

    async def _mine(self, call: str, enrolment_id: str) -> None:
        login = await self._login(call)
        if enrolment_id not in {enrolment.id for enrolment in self._town.children[login]}:
            raise ChildUnknown("no such enrolment", field="enrolment_id")

    async def _login(self, call: str) -> str:
        async def ask(credentials: Credentials) -> str:
            await self._town.called(call)
            try:
                login = self._town.access[credentials.secret("access")]
            except KeyError as error:
                raise LoginRequired("the access token is not known") from error
            if login in self._town.broken_for:
                raise self._town.broken_for[login]
            return login

        return await self._keeper.use(ask)


class TinyDiary(NarrowDiary, ReadsTerms, ReadsSchool):
    """What the front door shows."""

    async def terms(self, enrolment_id: str) -> Answer[Term]:
        await self._mine("terms", enrolment_id)
        return self.answered(self._town.terms)

    async def school(self, enrolment_id: str) -> Answer[School]:
        await self._mine("school", enrolment_id)
        return self.answered([SCHOOL])


class AveragingDiary(TinyDiary, ReadsAverages):
    """What the front door shows when the system reckons averages of its own."""

    async def averages(self, enrolment_id: str, term_id: str) -> Answer[DiaryAverage]:
        await self._mine("averages", enrolment_id)
        return self.answered([one for one in self._town.averages or () if one.term_id == term_id])


class RankingDiary(TinyDiary, ReadsClassStanding):
    """What the front door shows when the system ranks the class."""

    async def class_standing(self, enrolment_id: str) -> Answer[ClassStanding]:
        await self._mine("class_standing", enrolment_id)
        return self.answered(self._town.places or ())


class NotifyingDiary(TinyDiary, ReadsBells, NotifiesAbsence):
    """What the front door shows when the system takes notices of absence."""

    async def bells(self, enrolment_id: str, on: date) -> Answer[LessonSlot]:
        (day,) = await self._days("bells", enrolment_id, on, on)
        halves = [lesson.actual for lesson in day.lessons if lesson.actual is not None]
        times = [(half.starts, half.ends) for half in halves if half.starts and half.ends]
        return self.answered([LessonSlot(number=n, starts=a, ends=b) for n, (a, b) in enumerate(times, 1)])

    async def absence_reasons(self, enrolment_id: str) -> Answer[OfferedReason]:
        await self._mine("reasons", enrolment_id)
        return self.answered([OfferedReason(code=code, title=title) for code, title in REASONS.items()])

    async def absence_notices(self, enrolment_id: str, since: date, until: date) -> Answer[AbsenceNotice]:
        await self._mine("notices", enrolment_id)
        standing = sorted((self._town.notices or {}).values(), key=lambda notice: (notice.date, notice.id))
        return self.answered([notice for notice in standing if since <= notice.date <= until])

    async def notify_absence(self, enrolment_id: str, notice: NewAbsenceNotice) -> tuple[str, ...]:
        await self._mine("notify", enrolment_id)
        self._town.told.append(notice)
        for lesson_id in notice.lesson_ids or (None,):
            self._town.stand(notice, lesson_id)
        self._lose("notify")
        return (str(len(self._town.told)),)

    async def withdraw_absence(self, enrolment_id: str, notice_ids: Sequence[str]) -> None:
        await self._mine("withdraw", enrolment_id)
        for notice_id in notice_ids:
            if (self._town.notices or {}).pop(notice_id, None) is None:
                raise AbsenceNoticeUnknown("no such notice")
        self._lose("withdraw")

    def _lose(self, call: str) -> None:
        if call in self._town.lost:
            raise self._town.lost[call]


class SigningDiary(TinyDiary, SignsWeeks):
    """What the front door shows when the system takes signatures."""

    async def signatures(self, enrolment_id: str, since: date, until: date) -> Answer[WeekSignature]:
        await self._mine("signatures", enrolment_id)
        week, found = since - timedelta(days=since.weekday()), list[WeekSignature]()
        while week <= min(until, self._town.now().date()):
            found.append(self._signature(week))
            week += timedelta(weeks=1)
        return self.answered(found)

    async def sign_week(self, enrolment_id: str, week: date) -> WeekSignature:
        await self._mine("sign", enrolment_id)
        assert self._town.signed is not None
        self._town.signed.setdefault(week, self._town.now())
        return self._signature(week)

    def _signature(self, week: date) -> WeekSignature:
        at = (self._town.signed or {}).get(week)
        return WeekSignature(week=week, signed=at is not None, signed_at=at)


def _method(slug: str, kind: str, identity: str | None = None) -> SignInMethod:
    title = Bilingual(f"Вход: {slug}", f"Sign in: {slug}")
    return SignInMethod.model_validate(
        {"slug": slug, "title": title, "note": title, "kind": kind, "identity": identity}
    )


METHODS = (
    _method("password", "form"),
    _method("code", "form"),
    _method("redirect", "redirect"),
    _method("narrow", "form"),
    _method("broken", "form"),
    _method("state", "redirect", identity="state"),
)


class TinyProvider(Provider):
    """The system."""

    slug = "tiny"
    title = Bilingual("Крошка", "Tiny")
    diary = TinyDiary

    def __init__(self, town: TinyTown) -> None:
        self.town = town

    def instances(self) -> Sequence[Instance]:
        return [
            self._instance("town", "54", InstanceStatus.ACTIVE),
            self._instance("old", "55", InstanceStatus.RETIRED),
            self._instance("east", "56", InstanceStatus.ACTIVE),
            self._instance("west", "56", InstanceStatus.ACTIVE),
        ]

    def _instance(self, slug: str, region: str, status: InstanceStatus) -> Instance:
        return Instance(
            slug=slug,
            provider=self.slug,
            title=Bilingual(f"Дневник {slug}", f"Diary {slug}"),
            regions=(region,),
            zone=ZONE,
            status=status,
            hosts={"api": "https://tiny.example.org"},
        )

    def sign_in_methods(self, instance: Instance) -> Sequence[SignInMethod]:
        return () if instance.status is InstanceStatus.RETIRED else METHODS

    def diary_by(self, instance: Instance, method: str) -> type[Diary]:
        return NarrowDiary if method == "narrow" else self._whole()

    async def begin(self, channel: Channel, method: str, callback: Callback) -> Step:
        await self.town.called("begin")
        if method in {"redirect", "state"}:
            return Redirect(
                url=f"{channel.instance.hosts['api']}/sign-in?state={callback.state}",
                carry={"state": callback.state, "verifier": "canary-verifier"},
            )
        return Ask(fields=(LOGIN_FIELD, PASSWORD_FIELD), carry={"at": "form"})

    async def answer(self, channel: Channel, method: str, carry: Mapping[str, str], reply: Reply) -> Step:
        await self.town.called("answer")
        if method == "broken":
            raise ZeroDivisionError(f"canary-fault {reply.values}")
        match carry.get("at"):
            case "form" if method == "code":
                self._check_password(reply)
                return EnterCode(
                    medium="sms",
                    sent_to="+7 ••• 45-67",
                    length=6,
                    expires_at=channel.now() + timedelta(minutes=5),
                    attempts_left=3,
                    carry={"at": "code", "login": reply.values["login"]},
                )
            case "form":
                return self._signed_in(self._check_password(reply))
            case "code":
                if reply.values["code"] != "123456":
                    raise WrongCode("refused")
                return Choose(
                    title=Bilingual("Кто вы?", "Who are you?"),
                    options=(Option(id="parent", title="Родитель"), Option(id="self", title="Ученик")),
                    carry={"at": "choice", "login": carry["login"]},
                )
            case "choice":
                return self._signed_in(carry["login"])
            case _:
                return self._signed_in(self._check_code(carry, reply))

    def _signed_in(self, login: str) -> SignedIn:
        return SignedIn(credentials=self.town.admit(login), person=self.town.people.get(login))

    def _check_password(self, reply: Reply) -> str:
        login = reply.values["login"]
        if self.town.passwords.get(login) != reply.values["password"]:
            raise WrongCredentials("refused")
        return login

    def _check_code(self, carry: Mapping[str, str], reply: Reply) -> str:
        assert carry["verifier"] == "canary-verifier"
        match reply.values.get("error"):
            case "access_denied":
                raise ConsentRefused("the parent said no")
            case "not_enough_data":
                raise NotEnoughData("the school does not know the parent")
            case _:
                return self.town.codes.pop(reply.values["code"])

    async def renew(self, channel: Channel, credentials: Credentials) -> Credentials:
        await self.town.called("renew")
        await asyncio.sleep(0.01)
        try:
            return self.town.admit(self.town.refresh.pop(credentials.secret("refresh")))
        except KeyError as error:
            raise LoginRequired("the refresh token was used") from error

    def open(self, channel: Channel, method: str, keeper: CredentialKeeper, source: Source) -> Diary:
        kind = NarrowDiary if method == "narrow" else self._whole()
        return kind(source, channel, keeper, self.town)

    def _whole(self) -> type[TinyDiary]:
        if self.town.notices is not None:
            return NotifyingDiary
        if self.town.places is not None:
            return RankingDiary
        if self.town.signed is not None:
            return SigningDiary
        return TinyDiary if self.town.averages is None else AveragingDiary

    async def revoke(self, channel: Channel, credentials: Credentials) -> None:
        await self.town.called("revoke")
        self.town.revoked.append(credentials.secret("access"))


def tiny_plugins(town: TinyTown) -> Plugins:
    """Return the tiny system as the only plugin."""
    provider = TinyProvider(town)
    manager = pluggy.PluginManager("diary")
    manager.add_hookspecs(hookspecs)
    return Plugins(
        hooks=manager.hook,
        names=("tiny",),
        providers={provider.slug: provider},
        identity_providers={},
    )
