"""Pages a person sees: plain Russian HTML that says SANDBOX and looks like nobody's."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse


class Pages:
    """The templates, read once."""

    def __init__(self) -> None:
        """Find the templates beside this module."""
        self._templates = Environment(
            loader=PackageLoader("diary_sandbox.esia"), autoescape=True, undefined=StrictUndefined
        )

    def show(self, name: str, *, status: int = 200, **values: object) -> HTMLResponse:
        """Return a page."""
        return HTMLResponse(self._templates.get_template(name).render(values), status_code=status)

    def notice(self, title: str, *lines: str, status: int = 200) -> HTMLResponse:
        """Return a page of a few words."""
        return self.show("notice.html", status=status, title=title, lines=lines)
