"""The servers of the family: who is served, where, by whose clock, and how one gets in."""

from __future__ import annotations

import pytest

from diary_core.plugins import installed, load
from diary_core.provider import InstanceStatus
from diary_core.regions import regions
from diary_mrko.provider import MrkoProvider

PROVIDER = MrkoProvider()


def test_every_region_of_the_family_is_served() -> None:
    """Moscow and the eleven nodes are exactly the regions the catalogue gives to this system."""
    ours = [code for code, region in regions().items() if region.system == "mes"]
    active = [one for one in PROVIDER.instances() if one.status is InstanceStatus.ACTIVE]
    assert len(ours) == 12
    assert sorted(code for one in active for code in one.regions) == ours
    assert active[0].slug == "moscow"


def test_a_server_stands_where_the_catalogue_says() -> None:
    """Hosts are told once, in the catalogue of regions; so are the clocks schools live by."""
    elsewhere = [
        one.slug
        for one in PROVIDER.instances()
        for region in [regions()[one.regions[0]]]
        if one.hosts["school"] != f"https://{region.host}" or one.zone != region.zone
    ]
    assert elsewhere == []


def test_perm_is_told_honestly() -> None:
    """An older fork nobody has proven is there with that word."""
    perm = PROVIDER.instance("perm")
    assert perm.status is InstanceStatus.PARTIAL
    assert perm.note is not None


@pytest.mark.parametrize(
    ("slug", "ways"),
    [
        ("moscow", ["mos_ru", "mrko", "token"]),
        ("tatarstan", ["gosuslugi", "node", "token"]),
        ("perm", ["token"]),
    ],
)
def test_ways_in_are_told_best_first(slug: str, ways: list[str]) -> None:
    """The city's page before paper, a token of one's own last."""
    assert [method.slug for method in PROVIDER.sign_in_methods(PROVIDER.instance(slug))] == ways


def test_only_moscow_has_the_citys_doors() -> None:
    """A node is asked nothing at the city's hosts, because it is not given them."""
    others = [one for one in PROVIDER.instances() if one.slug != "moscow"]
    assert [one.slug for one in others if set(one.hosts) != {"school"}] == []


def test_the_plugin_is_found_as_any_other() -> None:
    """The entry point brings the provider, and nothing is registered by importing it."""
    points = installed()
    assert load({"mrko": points["mrko"]}).providers.keys() == {"mrko"}
