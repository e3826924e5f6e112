"""Pages a person sees: plain Russian HTML that says SANDBOX on every one."""

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.responses import HTMLResponse


@cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader("diary_sandbox.mesh"), autoescape=select_autoescape())


def page(
    template: str, *, title: str, status: int = 200, error: str | None = None, **values: object
) -> HTMLResponse:
    """Return a page made from one of the templates beside this module."""
    body = _templates().get_template(template).render(title=title, error=error, **values)
    return HTMLResponse(body, status_code=status)


def message(
    title: str,
    *lines: str,
    status: int = 200,
    error: str | None = None,
    links: Sequence[tuple[str, str]] = (),
    forward: str | None = None,
) -> HTMLResponse:
    """Return a page with a few sentences, links, and perhaps an address the browser moves on to by itself."""
    return page(
        "message.html", title=title, status=status, error=error, lines=lines, links=links, forward=forward
    )
