"""Writes the pages of `docs/` that come from the code: `python -m diary_core.reference docs`.

They are kept in the repository to be read there; a test holds that they are up to date.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from diary_core import errors, hookspecs
from diary_core.ability_page import ability_page
from diary_core.errors import DiaryError, Retry
from diary_core.plugins import installed, load

_MADE = "<!-- Made from the code by `make docs`; change the code, not this page. -->"
_TUTORIAL = frozenset({"example"})
"""What serves no region stands on no page."""
_RETRY = {
    Retry.NEVER: "never: the same call ends the same way",
    Retry.AFTER_REMEDY: "after the remedy",
    Retry.LATER: "later; when the answer has `Retry-After`, not sooner",
}


def pages() -> dict[str, str]:
    """Return each page's text by its file name."""
    served = load(installed(), switched_off=_TUTORIAL).providers
    return {
        "problems.md": problems_page(),
        "hooks.md": hooks_page(),
        "abilities.md": ability_page(served, _MADE),
    }


def problems_page() -> str:
    """Return the page of every error: all codes at once, then each below its branch of the tree."""
    drawn = errors.__doc__ or ""
    branches = [kind for kind in DiaryError.__subclasses__() if kind.__name__ in errors.__all__]
    branches.sort(key=lambda kind: drawn.find(kind.__name__))
    coded = [kind for branch in branches for kind in _coded(branch)]
    rows = [
        f"| [{kind.code}](#{kind.code}) | {kind.title.en} | {kind.actor} | {kind.retry} |" for kind in coded
    ]
    parts = [
        "# Problems",
        _MADE,
        "Every error of the gateway has a stable code: a client may switch on it.\n"
        "It says who can mend it, when the same call may be made again, and what to do, in two languages.\n"
        "The API answers with `application/problem+json` (RFC 9457) and the code in it.",
        "\n".join(("| code | what happened | who acts | retry |", "| --- | --- | --- | --- |", *rows)),
    ]
    for branch in branches:
        parts += [f"## {branch.__name__}", _said(branch), *map(_problem, _coded(branch))]
    return "\n\n".join(parts) + "\n"


def hooks_page() -> str:
    """Return the page of every hook, in the order of the specification."""
    parts = [
        "# Hooks",
        _MADE,
        _said(hookspecs),
        "How to write a plugin is told in [the tutorial](plugin-tutorial.md).",
    ]
    for name, hook in hooks().items():
        signature = str(inspect.signature(hook)).replace("'", "")
        parts += [f"## {name}", f"```python\n@hookimpl\ndef {name}{signature}: ...\n```"]
        parts.append(_listed(_said(hook)))
    return "\n\n".join(parts) + "\n"


def hooks() -> dict[str, Callable[..., object]]:
    """Return every hook a plugin may implement, by name, in the order of the specification."""
    return {name: hook for name, hook in vars(hookspecs).items() if name.startswith("register_")}


def main(folder: Path) -> None:
    """Write the pages into a folder."""
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")


def _coded(branch: type[DiaryError]) -> Iterator[type[DiaryError]]:
    """Yield the errors of a branch that have a code, as they stand in the tree."""
    if hasattr(branch, "code"):
        yield branch
    for kind in branch.__subclasses__():
        if kind.__name__ in errors.__all__:
            yield from _coded(kind)


def _problem(kind: type[DiaryError]) -> str:
    return "\n".join(
        (
            f"### {kind.code}",
            "",
            f"**{kind.title.ru}** / {kind.title.en}",
            "",
            _said(kind),
            "",
            f"- who acts: {kind.actor}",
            f"- retry: {_RETRY[kind.retry]}",
            f"- что делать: {kind.remedy.ru}",
            f"- what to do: {kind.remedy.en}",
        )
    )


def _listed(text: str) -> str:
    """Return a docstring with the entries of its sections as a list."""
    titled = re.sub(r"^(\w+):$", r"\1:\n", text, flags=re.MULTILINE)
    listed = re.sub(r"^ {4}(\w+): ", r"- `\1`: ", titled, flags=re.MULTILINE)
    return re.sub(r"^ {8}", "  ", listed, flags=re.MULTILINE)


def _said(thing: object) -> str:
    return inspect.getdoc(thing) or ""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
