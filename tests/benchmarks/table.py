"""Taking times, and the table they are printed in."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable

Run = Callable[[], object]
Prepare = Callable[[], Run]  # what it does itself is outside the clock


def seconds(run: Run) -> float:
    """How long one call takes."""
    since = time.perf_counter()
    run()
    return time.perf_counter() - since


def interleaved(rounds: int, *prepares: Prepare) -> list[float]:
    """Medians, in order: each round runs every one once, so that a slow moment meets them all."""
    times: list[list[float]] = [[] for _ in prepares]
    for _ in range(rounds):
        for prepare, taken in zip(prepares, times, strict=True):
            run = prepare()
            gc.collect()
            taken.append(seconds(run))
            del run
    return [statistics.median(taken) for taken in times]


def paired(rounds: int, plain: Prepare, ours: Prepare) -> tuple[float, float]:
    """How much longer `ours` takes than `plain`, where the two differ by a few percent.

    Each round runs both, the other one first every second time; a round that met a slow moment
    counts once among many.

    Returns:
        the median of the rounds' ratios, and of their differences in seconds.
    """
    ratios: list[float] = []
    more: list[float] = []
    for number in range(rounds):
        taken = {}
        for prepare in (plain, ours) if number % 2 else (ours, plain):
            run = prepare()
            gc.collect()
            taken[prepare] = seconds(run)
            del run
        ratios.append(taken[ours] / taken[plain])
        more.append(taken[ours] - taken[plain])
    return statistics.median(ratios), statistics.median(more)


class Table:
    """Rows, printed as they come.

    Args:
        pants_us: what Pants took, by its own names; empty for no such column.
    """

    def __init__(self, pants_us: dict[str, float]) -> None:
        self.pants_us = pants_us
        self.met = 0
        self.judged = 0
        head = f"{'workload':<42}{'reached':>9} {'':<9} {'target':<8}"
        print(head + (f"{'Pants':<20}" if pants_us else "") + "verdict")

    def row(
        self,
        name: str,
        value: float,
        unit: str,
        target: float | None,
        detail: str = "",
        *,
        pants: str = "",
        us: float = 0.0,
    ) -> None:
        """One line.

        Args:
            target: what the value may be at most; None when nothing was promised.
            pants: the name of the same figure among those of Pants.
            us: our own figure in microseconds, to set against that.
        """
        verdict, bound = "no target", "–"
        if target is not None:
            self.judged += 1
            self.met += value <= target
            verdict = "met" if value <= target else f"missed by {value / target:.2f} ×"
            bound = f"≤ {target:g}"
        line = f"{name:<42}{value:>9,.2f} {unit:<9} {bound:<8}"
        if self.pants_us:
            theirs = self.pants_us.get(pants)
            cell = f"{theirs:.1f} µs, {theirs / us:.1f} × ours" if theirs and us else "–"
            line += f"{cell:<20}"
        print(f"{line}{verdict}" + (f"  ({detail})" if detail else ""), flush=True)
