"""The page that tells what a gateway counts is true."""

from __future__ import annotations

import re
from pathlib import Path

from prometheus_client import Counter
from prometheus_client.metrics import MetricWrapperBase

from diary_api.metrics import Metrics

PAGE = Path(__file__).parents[2] / "docs" / "observability.md"
ROW = re.compile(r"^\| `(?P<name>diary_\w+)` \| (?P<labels>[\w, ]*)\|", re.MULTILINE)


def figures() -> dict[str, tuple[str, ...]]:
    """Return the labels of every figure of ours; the library tells them of those alone that have values."""
    told: dict[str, tuple[str, ...]] = {}
    for one in Metrics().registry._collector_to_names:
        if isinstance(one, MetricWrapperBase):
            name, labels = str(one._name), tuple(map(str, one._labelnames))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]  the library types it in part
            told[f"{name}_total" if isinstance(one, Counter) else name] = labels
    return told


def test_every_figure_is_told_with_its_labels() -> None:
    """The table is what the registry holds, no more and no less."""
    text = PAGE.read_text("utf-8")
    assert {row["name"]: tuple(re.findall(r"\w+", row["labels"])) for row in ROW.finditer(text)} == figures()
