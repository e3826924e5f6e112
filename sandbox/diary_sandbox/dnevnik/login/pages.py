"""Pages a person sees: plain Russian HTML that says SANDBOX."""

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

_SCOPE_WORDS = {
    "EducationalInfo": "учебные данные: расписание, отметки, домашние задания, посещаемость",
    "CommonInfo": "имя и роль",
    "FriendsAndRelatives": "список детей и родных",
    "ContactInfo": "электронную почту и телефон",
    "SocialInfo": "сведения из профиля",
    "Wall": "записи на стене",
    "Messages": "сообщения",
    "Files": "файлы",
}


class Pages:
    """The templates, read once."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=PackageLoader("diary_sandbox.dnevnik.login"), autoescape=True, undefined=StrictUndefined
        )

    def show(self, name: str, values: Mapping[str, object], status: int = 200) -> HTMLResponse:
        """Return a page."""
        return HTMLResponse(self._templates.get_template(name).render(values), status_code=status)

    def notice(
        self,
        title: str,
        *lines: str,
        message: str | None = None,
        link: tuple[str, str] | None = None,
        status: int = 200,
    ) -> HTMLResponse:
        """Return a page of a few words.

        Args:
            title: What it says first.
            lines: Paragraphs.
            message: An error, in an element of class `message`, where clients look for it.
            link: Address and text.
            status: Of the answer.
        """
        address, text = link or (None, None)
        values = {"title": title, "lines": lines, "message": message, "link": address, "link_text": text}
        return self.show("notice.html", values, status)


def permission_lines(scopes: tuple[str, ...]) -> list[str]:
    """Return what scopes open, in a parent's words."""
    return [_SCOPE_WORDS[scope] for scope in scopes]
