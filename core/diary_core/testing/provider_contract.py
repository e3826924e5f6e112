"""The half of the contract that needs no diary: what a provider says about itself and its servers."""

from __future__ import annotations

import re
from importlib.metadata import entry_points
from typing import ClassVar
from zoneinfo import available_timezones

import httpx2
import pytest

from diary_core.bilingual import Bilingual
from diary_core.errors import InstanceUnknown, MethodUnknown
from diary_core.hookspecs import GROUP
from diary_core.provider import Channel, Instance, InstanceStatus, Provider
from diary_core.regions import regions
from diary_core.sign_in import Callback
from diary_core.testing import checks
from diary_core.testing.memory import fixed_clock

_SLUG = re.compile(r"[a-z][a-z0-9_]*")
_BASE = re.compile(r"https?://[a-z0-9.:-]+")


class ProviderContract:
    """What every provider must keep."""

    provider: ClassVar[Provider]

    def test_the_slug_is_the_entry_point(self) -> None:
        """One word, everywhere."""
        assert _SLUG.fullmatch(self.provider.slug)
        assert self.provider.slug in {point.name for point in entry_points(group=GROUP)}
        assert _empty([self.provider.title]) == []

    def test_instances_are_told_honestly(self) -> None:
        """Servers have unique slugs, known regions, a zone, plain base addresses; a leaver says so."""
        instances = self.provider.instances()
        assert checks.repeated([instance.slug for instance in instances]) == []
        assert [fault for instance in instances for fault in self._instance_faults(instance)] == []

    def test_an_unknown_instance_is_refused(self) -> None:
        """A name nobody gave out is a typed error."""
        with pytest.raises(InstanceUnknown):
            self.provider.instance("no-such-instance")

    def test_sign_in_methods_are_told_before_anyone_signs_in(self) -> None:
        """A living server has a way in, a retired one has none, and every way says what is needed."""
        faults: list[str] = []
        for instance in self.provider.instances():
            methods = self.provider.sign_in_methods(instance)
            retired = instance.status is InstanceStatus.RETIRED
            if bool(methods) == retired:
                faults.append(f"{instance.slug}: {len(methods)} ways in though {instance.status}")
            faults += checks.repeated([method.slug for method in methods])
            faults += _empty([text for method in methods for text in (method.title, method.note)])
        assert faults == []

    def test_access_guides_are_whole(self) -> None:
        """Who tells how to get a login tells it in both languages, from the first step to whom to ask."""
        guides = {one.slug: self.provider.access_guide(one) for one in self.provider.instances()}
        assert [slug for slug, guide in guides.items() if guide and checks.guide_gaps(guide)] == []

    @pytest.mark.anyio
    async def test_an_unknown_method_is_refused(self) -> None:
        """A way in that is not offered is a typed error, before anything is sent."""
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(_nobody)) as http:
            channel = Channel(instance=self.provider.instances()[0], http=http, now=fixed_clock())
            with pytest.raises(MethodUnknown):
                await self.provider.begin(
                    channel, "no-such-method", Callback(url="https://gateway.test/v1/callback", state="s")
                )

    def _instance_faults(self, instance: Instance) -> list[str]:
        rules = {
            "slug": not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", instance.slug),
            "provider": instance.provider != self.provider.slug,
            "regions": not instance.regions or any(code not in regions() for code in instance.regions),
            "zone": instance.zone not in available_timezones(),
            "hosts": any(not _BASE.fullmatch(url) for url in instance.hosts.values()),
            "note": instance.status is not InstanceStatus.ACTIVE and instance.note is None,
            "title": bool(_empty([instance.title])),
        }
        return [f"{instance.slug}: {rule}" for rule, broken in rules.items() if broken]


def _empty(texts: list[Bilingual]) -> list[str]:
    return [repr(text) for text in texts if not text.ru.strip() or not text.en.strip()]


def _nobody(request: httpx2.Request) -> httpx2.Response:
    raise AssertionError(f"nothing may be sent, yet {request.method} was")
