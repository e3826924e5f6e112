"""Finding and loading plugins; whatever is wrong with one is said at start, by its name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar, cast

import pluggy

from diary_core import hookspecs
from diary_core.errors import PluginBroken, ProviderUnknown
from diary_core.hookspecs import GROUP, PROJECT
from diary_core.identity import IdentityProvider
from diary_core.provider import Provider


@dataclass(frozen=True)
class Plugins:
    """What the installed plugins brought."""

    hooks: pluggy.HookRelay
    names: tuple[str, ...]
    """Names of the loaded plugins, sorted."""
    providers: Mapping[str, Provider]
    identity_providers: Mapping[str, IdentityProvider]

    def provider(self, slug: str) -> Provider:
        """Return one diary system.

        Raises:
            ProviderUnknown: No plugin brought it.
        """
        try:
            return self.providers[slug]
        except KeyError as error:
            raise ProviderUnknown(f"no plugin brings {slug!r}", field="provider") from error


def installed() -> Mapping[str, EntryPoint]:
    """Return the entry points of every installed plugin, by name.

    Raises:
        PluginBroken: Two distributions use one name.
    """
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=GROUP):
        if point.name in found and found[point.name].value != point.value:
            raise PluginBroken(f"two plugins are called {point.name!r}", field=point.name)
        found[point.name] = point
    return found


def load(points: Mapping[str, EntryPoint], *, switched_off: Collection[str] = ()) -> Plugins:
    """Load plugins, in the order of their names.

    Args:
        points: As given by `installed()`.
        switched_off: Names to leave out.

    Raises:
        PluginBroken: One cannot be imported, implements an unknown hook, or reuses a slug.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    names = tuple(name for name in sorted(points) if name not in switched_off)
    for name in names:
        _register(manager, name, points[name])
    return Plugins(
        hooks=manager.hook,
        names=names,
        providers=_by_slug(_collect(manager, "register_providers"), Provider),
        identity_providers=_by_slug(_collect(manager, "register_identity_providers"), IdentityProvider),
    )


def _register(manager: pluggy.PluginManager, name: str, point: EntryPoint) -> None:
    try:
        plugin = point.load()
    except Exception as error:
        raise PluginBroken(f"plugin {name!r} cannot be imported: {error}", field=name) from error
    _check_hooks(manager, name, plugin)
    try:
        manager.register(plugin, name=name)
    except (ValueError, pluggy.PluginValidationError) as error:
        raise PluginBroken(f"plugin {name!r} does not fit the hooks: {error}", field=name) from error


def _check_hooks(manager: pluggy.PluginManager, name: str, plugin: object) -> None:
    known = {hook for hook in vars(hookspecs) if hook.startswith("register_")}
    unknown = sorted(
        attribute
        for attribute in dir(plugin)
        if manager.parse_hookimpl_opts(plugin, attribute) is not None and attribute not in known
    )
    if unknown:
        raise PluginBroken(f"plugin {name!r} implements unknown hooks {unknown!r}", field=name)
    unmarked = sorted(
        hook for hook in known if hasattr(plugin, hook) and manager.parse_hookimpl_opts(plugin, hook) is None
    )
    if unmarked:
        raise PluginBroken(f"plugin {name!r} has hooks without `@hookimpl`: {unmarked!r}", field=name)


def _collect(manager: pluggy.PluginManager, hook: str) -> Iterable[tuple[str, object]]:
    """Call a hook plugin by plugin, so that a failure can name its author."""
    for name, plugin in manager.list_name_plugin():
        if plugin is None or not hasattr(plugin, hook):
            continue
        try:
            brought = getattr(plugin, hook)()
        except Exception as error:
            raise PluginBroken(f"plugin {name!r} failed in {hook}: {error}", field=name) from error
        if not isinstance(brought, Iterable):
            raise PluginBroken(f"plugin {name!r} must return a list from {hook}", field=name)
        for thing in cast("Iterable[object]", brought):
            yield name, thing


SluggedT = TypeVar("SluggedT", Provider, IdentityProvider)


def _by_slug(things: Iterable[tuple[str, object]], kind: type[SluggedT]) -> Mapping[str, SluggedT]:
    found: dict[str, SluggedT] = {}
    for name, thing in things:
        if not isinstance(thing, kind):
            raise PluginBroken(f"plugin {name!r} registers something that is no {kind.__name__}", field=name)
        if thing.slug in found:
            raise PluginBroken(f"plugin {name!r} brings a second {thing.slug!r}", field=name)
        found[thing.slug] = thing
    return found
