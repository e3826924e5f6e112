"""One invented server whose password is printed on the door."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from pydantic import SecretStr

from diary_core.abilities import Diary, ReadsDays, ReadsHomework, ReadsMarks
from diary_core.bilingual import Bilingual
from diary_core.credentials import CredentialKeeper, Credentials
from diary_core.errors import ChildUnknown, LoginRequired, MethodUnknown, WrongCredentials
from diary_core.model import Answer, Day, Enrolment, Homework, Mark, Source, known
from diary_core.provider import Channel, Instance, Provider
from diary_core.sign_in import Ask, Callback, FormField, Person, Reply, SignedIn, SignInMethod, Step
from diary_example import town

PASSWORD = SignInMethod(
    slug="password",
    title=Bilingual("Логин и пароль", "Login and password"),
    note=Bilingual("Логин parent, пароль example", "Login parent, password example"),
    kind="form",
)
LOGIN, WORD = "parent", "example"
FORM = Ask(
    fields=(
        FormField(name="login", label=Bilingual("Логин", "Login")),
        FormField(name="password", label=Bilingual("Пароль", "Password"), secret=True),
    )
)


class ExampleDiary(Diary, ReadsDays, ReadsMarks, ReadsHomework):
    """The diary of the invented family."""

    def __init__(self, source: Source, now: Callable[[], datetime], keeper: CredentialKeeper) -> None:
        super().__init__(source, now)
        self._keeper = keeper

    async def enrolments(self) -> Answer[Enrolment]:
        """Return the two children."""
        await self._keeper.use(_admit)
        return self.answered(town.ENROLMENTS)

    async def days(self, enrolment_id: str, since: date, until: date) -> Answer[Day]:
        """Return every day of the span."""
        return self.answered(await self._days(enrolment_id, since, until))

    async def marks(self, enrolment_id: str, since: date, until: date) -> Answer[Mark]:
        """Return the marks that stand on the lessons of the span."""
        days = await self._days(enrolment_id, since, until)
        return self.answered(
            [mark for day in days for lesson in day.lessons for mark in known(lesson.marks) or ()]
        )

    async def homework(self, enrolment_id: str, since: date, until: date) -> Answer[Homework]:
        """Return the homework that is due on the lessons of the span."""
        days = await self._days(enrolment_id, since, until)
        return self.answered(
            [task for day in days for lesson in day.lessons for task in known(lesson.homework) or ()]
        )

    async def _days(self, enrolment_id: str, since: date, until: date) -> Sequence[Day]:
        await self._keeper.use(_admit)
        if enrolment_id not in {enrolment.id for enrolment in town.ENROLMENTS}:
            raise ChildUnknown("no such enrolment", field="enrolment_id")
        return town.days(enrolment_id, since, until)


class ExampleProvider(Provider):
    """The example system."""

    slug = "example"
    title = Bilingual("Пример", "Example")
    diary = ExampleDiary

    def instances(self) -> Sequence[Instance]:
        """Return the only server."""
        return [
            Instance(
                slug="town",
                provider=self.slug,
                title=Bilingual("Вымышленный город", "An invented town"),
                regions=("77",),
                zone=town.ZONE,
                hosts={},
            )
        ]

    def sign_in_methods(self, instance: Instance) -> Sequence[SignInMethod]:
        """Return the one way in."""
        return [PASSWORD]

    async def begin(self, channel: Channel, method: str, callback: Callback) -> Step:
        """Ask for the login and the password."""
        if method != PASSWORD.slug:
            raise MethodUnknown(f"example has no method {method!r}", field="method")
        return FORM

    async def answer(self, channel: Channel, method: str, carry: Mapping[str, str], reply: Reply) -> Step:
        """Check them."""
        if (reply.values.get("login"), reply.values.get("password")) != (LOGIN, WORD):
            raise WrongCredentials("refused")
        return SignedIn(
            credentials=Credentials(secrets={"token": SecretStr("example")}),
            person=Person(name=town.PARENT),
        )

    async def renew(self, channel: Channel, credentials: Credentials) -> Credentials:
        """Refuse: this system has nothing to renew with."""
        raise LoginRequired("the example session cannot be renewed")

    async def revoke(self, channel: Channel, credentials: Credentials) -> None:
        """Do nothing: this system keeps no sessions."""

    def open(self, channel: Channel, method: str, keeper: CredentialKeeper, source: Source) -> Diary:
        """Return the family's diary."""
        return ExampleDiary(source, channel.now, keeper)


async def _admit(credentials: Credentials) -> None:
    if credentials.secret("token") != "example":
        raise LoginRequired("the token is not ours")
