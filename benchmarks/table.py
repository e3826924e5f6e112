"""The figures as people read them: a table on the screen, and the one in `benchmarks/README.md`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, Results

PAGES: Mapping[Path, Collection[str] | None] = {
    Path("benchmarks/README.md"): None,
    Path("docs/capacity.md"): ("evening",),
}
"""The pages with figures, and which parts they tell; None for all."""
BEGIN, END = "<!-- figures: `make bench-table` writes what follows -->", "<!-- end of figures -->"


def show(results: Results) -> None:
    """Print every part."""
    for name, part in results.parts.items():
        smoke = ", a smoke run: the figures say nothing" if part.smoke else ""
        table = Table("figure", "value", "goal", title=f"{name}{smoke}", title_justify="left")
        for figure in part.figures:
            table.add_row(figure.says, _value(figure), _goal(figure))
        Console().print(table)


def render_all(results: Results) -> None:
    """Write the figures into every page that tells them."""
    for page, wanted in PAGES.items():
        parts = {name: part for name, part in results.parts.items() if wanted is None or name in wanted}
        render(Results(parts=parts), page)


def render(results: Results, page: Path) -> None:
    """Write figures into a page, between its two marks.

    Raises:
        ValueError: The page has not got the marks.
    """
    text = page.read_text("utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{page} lacks the marks of the figures")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n\n{markdown(results)}\n{END}{after}", encoding="utf-8")


def markdown(results: Results) -> str:
    """Return a table for each part, each with its command and its machine."""
    return "\n".join(line for name in results.parts for line in _part(results, name))


def _part(results: Results, name: str) -> Iterator[str]:
    part = results.parts[name]
    machine = part.machine
    yield f"### {name}"
    yield ""
    yield (
        f"`make bench PART={name}`, {part.at:%Y-%m-%d}, {part.took_s:.0f} s; "
        f"{machine.cpu}, {machine.cores} cores, Python {machine.python}, load {machine.load} at the start."
    )
    yield ""
    yield "| figure | value | goal |"
    yield "| --- | ---: | --- |"
    for figure in part.figures:
        yield f"| {figure.says} | {_value(figure)} | {_goal(figure)} |"
    yield ""


def _value(figure: Figure) -> str:
    size = abs(figure.value)
    digits = 0 if size >= 100 or figure.value == int(figure.value) else 1 if size >= 10 else 2
    shown = f"{figure.value:,.{digits}f}".replace(",", " ")
    return f"{shown} {figure.unit}".strip()


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    verdict = "met" if figure.goal.met_by(figure.value) else "**missed**"
    return f"{figure.goal.kind} {figure.goal.bound:g}: {verdict}"
