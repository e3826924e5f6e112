"""Everything one running gateway is made of, put together once at start."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from diary_api.absences.accepting import Accepting
from diary_api.absences.checking import Checks
from diary_api.absences.outbox import Outbox
from diary_api.absences.service import Absences
from diary_api.accounts.attempts import Attempts
from diary_api.accounts.keys import Keys
from diary_api.accounts.passwords import Passwords
from diary_api.accounts.service import Accounts
from diary_api.averages.service import Averages
from diary_api.background import repeating
from diary_api.changes.bells import Bells
from diary_api.changes.service import ChangeLog
from diary_api.changes.watch import Watch
from diary_api.channels import Channels, open_channels
from diary_api.class_standing.service import ClassStandings
from diary_api.clock import Clock
from diary_api.connections.browser import Browsers
from diary_api.connections.diaries import Diaries
from diary_api.connections.family import Family
from diary_api.connections.owners import Owners
from diary_api.connections.service import LinkedDiaries
from diary_api.connections.sign_ins import SignIns
from diary_api.events.failures import FailedSignIns
from diary_api.events.service import AccountEvents
from diary_api.family_today.service import FamilyToday
from diary_api.grants.access import Access
from diary_api.grants.service import Grants
from diary_api.grants.uses import Uses
from diary_api.homework.service import Homeworks
from diary_api.hot.answers import HotAnswers
from diary_api.hot.news import TouchedNews
from diary_api.idempotency import Replays
from diary_api.identities.proofs import BEGUN_MOST, Proofs
from diary_api.identities.service import Identities
from diary_api.metrics import Metrics
from diary_api.own_data.service import OwnData
from diary_api.regions.service import Catalogue
from diary_api.retention import Retention
from diary_api.school.cache import AnswerCache
from diary_api.school.flights import Flights
from diary_api.school.meetings import Meetings
from diary_api.school.service import SchoolDiaries
from diary_api.school.signing import Signing
from diary_api.school.troubles import Troubles
from diary_api.settings import Settings
from diary_api.shared import Shared, open_shared
from diary_api.status.service import LOOK_EVERY, Statuses
from diary_api.status.sharing import Sharing
from diary_api.status.windows import Windows
from diary_api.storage import Storage, open_storage
from diary_api.storage.migrate import check, upgrade
from diary_api.storage.readiness import Readiness
from diary_api.storage.watched_keys import ring_of
from diary_api.upstream_calls.service import UpstreamCalls
from diary_api.work.engine import PLACES
from diary_api.work.habits import Habits
from diary_api.work.planning import Planning
from diary_api.work.rooms import Rooms
from diary_api.work.running import at_work
from diary_api.work.tasks import Tasks
from diary_core.http import Call, Observe
from diary_core.plugins import Plugins


@dataclass(frozen=True)
class Gateway:
    """One gateway; every service finds here what it was given, nothing is global."""

    settings: Settings
    plugins: Plugins
    clock: Clock
    metrics: Metrics
    storage: Storage
    shared: Shared
    catalogue: Catalogue
    accounts: Accounts
    identities: Identities
    proofs: Proofs
    readiness: Readiness
    replays: Replays
    diaries: Diaries
    family: Family
    linked: LinkedDiaries
    browsers: Browsers
    grants: Grants
    school: SchoolDiaries
    meetings: Meetings
    hot: HotAnswers
    changes: ChangeLog
    own_data: OwnData
    events: AccountEvents
    family_today: FamilyToday
    averages: Averages
    class_standings: ClassStandings
    absences: Absences
    signing: Signing
    homework: Homeworks
    statuses: Statuses
    habits: Habits
    tasks: Tasks
    upstream_calls: UpstreamCalls


@asynccontextmanager
async def open_gateway(
    settings: Settings,
    plugins: Plugins,
    clock: Clock,
    metrics: Metrics,
    *,
    worker: bool = False,
    observers: Sequence[Observe] = (),
) -> AsyncGenerator[Gateway, None]:
    """Open the database and put the services together.

    Args:
        settings: Everything an operator can set.
        plugins: What to serve.
        clock: What time it is.
        metrics: Where everything is counted, before the gateway is open and after.
        observers: Told of every call to a server, besides those the gateway has itself.
        worker: Whether this process is there for the background work, whoever else does it.

    Raises:
        Misconfigured: A setting does not fit, the key ring does not open the database, or it needs migrating.
    """
    windows = Windows(clock)
    async with (
        open_storage(settings.database_url, ring_of(settings, clock()), settings.database) as storage,
        open_shared(settings) as shared,
        UpstreamCalls(storage, clock).counting() as calls,
        open_channels(
            settings, clock, shared, _each(metrics.upstream, windows.note, calls.note, *observers)
        ) as channels,
    ):
        if storage.embedded:
            await upgrade(storage)
        await check(storage)
        gateway = _assembled(
            settings,
            plugins,
            clock,
            storage,
            shared=shared,
            channels=channels,
            metrics=metrics,
            windows=windows,
            calls=calls,
        )
        try:
            async with (
                at_work(gateway.tasks, shared.claims, worker=worker),
                repeating("status", LOOK_EVERY, gateway.statuses.look),
            ):
                yield gateway
        finally:
            await gateway.absences.outbox.close()
            await gateway.school.answers.close()
            await gateway.meetings.close()
            await gateway.grants.access.uses.close()
            await gateway.events.failures.close()
            await gateway.habits.close()
            await gateway.readiness.close()


async def gateway_of(request: Request) -> Gateway:
    """Return the gateway that serves a request; async, or each request would wait for a thread."""
    gateway = request.app.state.gateway
    assert isinstance(gateway, Gateway)  # noqa: S101  set at start, before any request
    return gateway


Running = Annotated[Gateway, Depends(gateway_of)]


def _assembled(
    settings: Settings,
    plugins: Plugins,
    clock: Clock,
    storage: Storage,
    *,
    shared: Shared,
    channels: Channels,
    metrics: Metrics,
    windows: Windows,
    calls: UpstreamCalls,
) -> Gateway:
    catalogue = Catalogue(plugins)
    diaries = Diaries(storage, clock, catalogue, channels, windows.judge)
    family = Family(storage, diaries)

    def tries(purpose: str, limit: int) -> Attempts:
        return Attempts(purpose, limit, settings.sign_in_pause, clock, shared.link)

    failures = FailedSignIns(storage, clock)
    events = AccountEvents(storage, failures)
    accounts = Accounts(
        storage=storage,
        clock=clock,
        passwords=Passwords(),
        attempts=tries("password", settings.sign_in_attempts),
        guesses=tries("address", settings.sign_in_attempts_of_address),
        siege=tries("account", settings.sign_in_attempts_of_account),
        made=tries("made", settings.accounts_per_address),
        failures=failures,
        keys=Keys(storage, settings, clock),
    )
    identities = Identities(storage, clock, accounts)
    habits = Habits(storage, clock)
    changes = ChangeLog(storage, clock, Bells(shared.bus))
    owners = Owners(clock, identities)
    sign_ins = SignIns(storage, settings, clock, diaries, family, owners)
    access = Access(family, clock, Uses(storage, clock))
    proofs = Proofs(settings, clock, plugins, channels, identities, tries("proof", BEGUN_MOST))
    linked = LinkedDiaries(storage, settings, clock, catalogue, diaries, family, sign_ins)
    answers = AnswerCache(
        storage,
        clock,
        settings.refreshing,
        Flights(settings.refreshing.behind_most),
        shared.claims,
        metrics.cache,
        Troubles(shared.bus),
    )
    school = SchoolDiaries(settings, family, diaries, access, answers, changes)
    outbox = Outbox(storage, settings, clock, family, diaries, school.answers)
    checks = Checks(family, diaries, school, settings.absences.patience)
    absences = Absences(access, school, outbox, checks, Accepting(storage, clock))
    grants = Grants(storage, settings, clock, access, tries("grant", settings.sign_in_attempts))
    return Gateway(
        settings=settings,
        plugins=plugins,
        clock=clock,
        metrics=metrics,
        storage=storage,
        shared=shared,
        catalogue=catalogue,
        accounts=accounts,
        identities=identities,
        proofs=proofs,
        readiness=Readiness(storage),
        replays=Replays(storage, clock, settings.idempotency_lifetime),
        diaries=diaries,
        family=family,
        linked=linked,
        browsers=Browsers(sign_ins, proofs),
        grants=grants,
        school=school,
        meetings=Meetings(family, Flights(settings.refreshing.behind_most), settings.family_patience),
        hot=_hot(settings, clock, storage, shared),
        changes=changes,
        family_today=FamilyToday(clock, family, school, changes, settings.family_patience),
        own_data=OwnData(
            storage,
            clock,
            accounts,
            identities,
            linked,
            school,
            changes,
            absences,
            grants,
            events,
            habits,
            calls,
        ),
        events=events,
        averages=Averages(clock, school),
        class_standings=ClassStandings(family, school),
        absences=absences,
        signing=Signing(school),
        homework=Homeworks(school),
        upstream_calls=calls,
        statuses=Statuses(
            settings, plugins, clock, storage, metrics=metrics, sharing=Sharing(shared, clock, windows)
        ),
        habits=habits,
        tasks=Tasks(
            storage=storage,
            settings=settings,
            clock=clock,
            metrics=metrics,
            diaries=diaries,
            watch=Watch(family, school),
            planning=Planning(settings, habits),
            deliver=outbox.turn,
            forget=Retention(storage, settings, clock).sweep,
            rooms=Rooms(PLACES // 4),
        ),
    )


def _hot(settings: Settings, clock: Clock, storage: Storage, shared: Shared) -> HotAnswers:
    hot = HotAnswers(
        settings.hot.limit_bytes, settings.hot.backstop, clock, hearing=lambda: shared.bus.connected
    )
    news = TouchedNews(hot, shared.bus)
    news.listen()
    storage.touched.hear(news.tell)
    return hot


def _each(*observers: Observe) -> Observe:
    """Return one observer that tells several."""

    def observe(call: Call) -> None:
        for one in observers:
            one(call)

    return observe
