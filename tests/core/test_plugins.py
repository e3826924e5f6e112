"""Plugins are found by entry point; whatever is wrong with one is said at start, by its name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest
from pydantic import SecretStr

from diary_core import plugins
from diary_core.bilingual import Bilingual
from diary_core.errors import PluginBroken, ProviderUnknown
from diary_core.hookspecs import GROUP, hookimpl
from diary_core.identity import Fact, Identity, IdentityProvider
from diary_core.plugins import installed, load
from diary_core.provider import Channel, Instance, Provider
from diary_core.sign_in import Callback, Redirect, Reply
from diary_example import ExampleProvider


class Known(IdentityProvider):
    """An identity service that knows nobody."""

    slug: ClassVar[str] = "known"
    title: ClassVar[Bilingual] = Bilingual("Известный", "Known")

    def instances(self) -> tuple[Instance, ...]:
        """Stand nowhere."""
        return ()

    def instance(self, options: Mapping[str, SecretStr]) -> None:
        """Be switched off."""

    async def begin(self, channel: Channel, callback: Callback, facts: Collection[Fact]) -> Redirect:
        """Go nowhere."""
        raise AssertionError

    async def answer(self, channel: Channel, carry: Mapping[str, str], reply: Reply) -> Identity:
        """Know nobody."""
        raise AssertionError

    def sign_out_url(self, channel: Channel, return_to: str) -> None:
        """Have no session."""


class Second(ExampleProvider):
    """The same provider under another slug."""

    slug: ClassVar[str] = "second"


Bring = Callable[..., dict[str, EntryPoint]]


def _point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name=name, value=value, group=GROUP)


@pytest.fixture
def bring(monkeypatch: pytest.MonkeyPatch) -> Bring:
    """Give a function that makes a plugin module of some hooks and returns its entry point."""

    def brought(name: str, **hooks: object) -> dict[str, EntryPoint]:
        module = ModuleType(f"invented_{name}")
        for hook, function in hooks.items():
            setattr(module, hook, function)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        return {name: _point(name, module.__name__)}

    return brought


def _providers(*found: Provider) -> object:
    @hookimpl
    def register_providers() -> Iterable[Provider]:
        return found

    return register_providers


def test_our_own_plugins_come_like_a_strangers() -> None:
    """The example is found by its entry point, loaded, and asked for by its slug."""
    found = load({"example": installed()["example"]})
    assert found.names == ("example",)
    assert isinstance(found.provider("example"), ExampleProvider)


def test_every_installed_plugin_loads() -> None:
    """What this workspace ships fits together."""
    points = installed()
    assert load(points).names == tuple(sorted(points))


def test_plugins_bring_providers_and_identities(bring: Bring) -> None:
    """Both are collected by slug, in the order of the plugins' names."""

    @hookimpl
    def register_identity_providers() -> Iterable[IdentityProvider]:
        return [Known()]

    points = bring("b", register_providers=_providers(Second()))
    points |= bring("a", register_providers=_providers(ExampleProvider()))
    points |= bring("c", register_identity_providers=register_identity_providers)
    found = load(points)
    assert found.names == ("a", "b", "c")
    assert list(found.providers) == ["example", "second"]
    assert list(found.identity_providers) == ["known"]


def test_an_unknown_provider_is_said() -> None:
    """Asking for what no plugin brings."""
    with pytest.raises(ProviderUnknown) as caught:
        load({}).provider("elsewhere")
    assert caught.value.field == "provider"


def test_a_plugin_can_be_switched_off(bring: Bring) -> None:
    """It is not even imported, so a broken one can be taken out."""
    points = bring("good", register_providers=_providers(Second())) | {"bad": _point("bad", "no_such_module")}
    assert load(points, switched_off={"bad"}).names == ("good",)


@pytest.mark.parametrize("value", ["no_such_module", "diary_example:no_such_name", "diary_example.no_such"])
def test_a_broken_import_is_said(value: str) -> None:
    """By the plugin's name."""
    with pytest.raises(PluginBroken, match="'broken' cannot be imported") as caught:
        load({"broken": _point("broken", value)})
    assert caught.value.field == "broken"


def test_an_import_that_fails_in_any_way_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the plugin's module does while it is imported."""
    (tmp_path / "invented_fault.py").write_text("1 / 0\n", "utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(PluginBroken, match="division by zero"):
        load({"fault": _point("fault", "invented_fault")})


def test_an_unknown_hook_is_said(bring: Bring) -> None:
    """A misspelt hook would otherwise never be called and nobody would know."""

    @hookimpl
    def register_provider() -> Iterable[Provider]:
        return []

    with pytest.raises(PluginBroken, match="register_provider"):
        load(bring("typo", register_provider=register_provider))


def test_a_hook_without_its_marker_is_said(bring: Bring) -> None:
    """As above: the function is there and would be passed over."""

    def register_commands(commands: object) -> None:
        raise AssertionError

    with pytest.raises(PluginBroken, match="without `@hookimpl`"):
        load(bring("bare", register_commands=register_commands))


def test_a_hook_with_other_arguments_is_said(bring: Bring) -> None:
    """An argument the hook does not give."""

    @hookimpl
    def register_providers(settings: object) -> Iterable[Provider]:
        return []

    with pytest.raises(PluginBroken, match="does not fit"):
        load(bring("greedy", register_providers=register_providers))


def test_a_hook_that_fails_is_said(bring: Bring) -> None:
    """By the name of its plugin, not by a traceback alone."""

    @hookimpl
    def register_providers() -> Iterable[Provider]:
        raise KeyError("MRKO_TOKEN")

    with pytest.raises(PluginBroken, match="'failing' failed in register_providers"):
        load(bring("failing", register_providers=register_providers))


def test_a_second_provider_of_one_slug_is_said(bring: Bring) -> None:
    """Two plugins must not fight over a slug; the later one is named."""
    points = bring("first", register_providers=_providers(ExampleProvider()))
    points |= bring("later", register_providers=_providers(ExampleProvider()))
    with pytest.raises(PluginBroken, match="'later' brings a second 'example'"):
        load(points)


def test_only_providers_are_registered_as_providers(bring: Bring) -> None:
    """A class in place of an object, for one."""

    @hookimpl
    def register_providers() -> Iterable[object]:
        return [ExampleProvider]

    with pytest.raises(PluginBroken, match="no Provider"):
        load(bring("odd", register_providers=register_providers))


@pytest.mark.parametrize("brought", [None, ExampleProvider()], ids=["nothing", "one thing, no list"])
def test_a_hook_that_returns_no_list_is_said(brought: object, bring: Bring) -> None:
    """A forgotten `return` or a forgotten pair of brackets is no traceback of ours."""

    @hookimpl
    def register_providers() -> object:
        return brought

    with pytest.raises(PluginBroken, match="'hasty' must return a list from register_providers"):
        load(bring("hasty", register_providers=register_providers))


def test_two_distributions_of_one_name_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of them is meant cannot be known; the same one seen twice is one."""
    found = [_point("mrko", "diary_mrko"), _point("mrko", "diary_mrko")]

    def stand_in(*, group: str) -> list[EntryPoint]:
        return found if group == GROUP else []

    monkeypatch.setattr(plugins, "entry_points", stand_in)
    assert list(installed()) == ["mrko"]
    found.append(_point("mrko", "another_mrko"))
    with pytest.raises(PluginBroken, match="two plugins are called 'mrko'"):
        installed()
