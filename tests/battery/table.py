"""The table of the battery, as text and as Markdown at once."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from tests.battery.columns import MISS, NEEDLESS, Column
from tests.battery.edits import EDITS


def version_of(python: str) -> str:
    """`3.11.7` for instance; "" if that Python does not answer."""
    try:
        asked = [python, "-c", "import platform; print(platform.python_version())"]
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def draw(columns: Sequence[Column]) -> str:
    """One row per edit, one column per tool, and a row of sums."""
    rows = [["edit", *[column.title for column in columns]]]
    for edit in EDITS:
        rows.append([edit.name, *[column.outcomes[edit.name] for column in columns]])
    sums = [f"{column.count(MISS)} / {column.count(NEEDLESS)}" for column in columns]
    rows.append(["**missed / needless**", *sums])
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
