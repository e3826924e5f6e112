"""Routes that plugins bring, served below `/v1/plugins/{plugin}` to whoever is signed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from fastapi import APIRouter, FastAPI, Security

from diary_api.accounts.door import caller
from diary_core.errors import PluginBroken
from diary_core.plugins import Plugins


def include_plugin_routes(app: FastAPI, plugins: Plugins) -> None:
    """Add every plugin's routes to the application.

    Raises:
        PluginBroken: A plugin brings something that is no router.
    """
    for name, router in _brought(plugins):
        app.include_router(
            router, prefix=f"/v1/plugins/{name}", tags=["plugins"], dependencies=[Security(caller)]
        )


def _brought(plugins: Plugins) -> Iterator[tuple[str, APIRouter]]:
    for implementation in plugins.hooks.register_routers.get_hookimpls():
        name = implementation.plugin_name
        try:
            routers = list(cast("Iterable[object]", implementation.function()))  # a stranger's promise
        except Exception as error:
            raise PluginBroken(f"plugin {name!r} failed in register_routers: {error}", field=name) from error
        for router in routers:
            if not isinstance(router, APIRouter):
                raise PluginBroken(f"plugin {name!r} registers something that is no router", field=name)
            yield name, router
