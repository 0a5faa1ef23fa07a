"""Every workload, measured.

Outside the clock: making an engine, and solving the wiring of the product that is asked for, by
asking for the smallest one. Counts of what ran are checked after the clock has stopped.
"""

from __future__ import annotations

import gc
import importlib.util
import linecache
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from itertools import count
from typing import Any

from tests.benchmarks import baselines as base
from tests.benchmarks import workloads as work
from tests.benchmarks.outside import touching
from tests.benchmarks.table import Prepare, Run, Table, interleaved, paired, seconds
from tests.benchmarks.workloads import (
    RULES,
    SALTS,
    Chain,
    Crunches,
    Grid,
    Leaf,
    N,
    Naps,
    Pair,
    Root,
    Salted,
    Span,
    Top,
    Tree,
    Warm,
)
from wfnb import Engine
from wfnb.taskgraph.causes import INVALIDATED

CHANGES = 20  # changed leaves a run: one alone is shorter than what a cold cache costs


def run_all(table: Table, rounds: int) -> None:
    """Every workload that can be measured so far."""
    building(table, rounds)
    warm(table, rounds)
    changing(table, rounds)
    redefining(table, rounds)
    blocking(table, rounds)
    wiring(table, rounds, by_get=True)
    wiring(table, rounds, by_get=False)
    touching(table, rounds)
    watching(table, rounds)
    waiting_for_progress(table, rounds)
    recording(table, rounds)
    memory(table)
    importing(table)


def asked(product: Any, param: object, smallest: object) -> Prepare:
    """Prepare a fresh engine that has answered the smallest request, then time one."""

    def prepare() -> Run:
        made = Engine(RULES)
        made.request(product, smallest)
        return lambda: made.request(product, param)

    return prepare


def driven(function: Any, param: object) -> Prepare:
    return lambda: lambda: base.drive({}, function, param)


def ran(made: Engine) -> int:
    """How many tasks the last request ran."""
    assert made.last is not None
    return made.last.ran_counts.total()


def per_task(value: float, tasks: int) -> str:
    return f"{value / tasks * 1e6:.2f} µs a task"


# ---------------------------------------------------------------- W1, W2, W3


def building(table: Table, rounds: int) -> None:
    """W1 fan-out, W2 chain, W3 grid."""
    small, big = 10_000, 100_000
    ours, coro, ours_big, coro_big = interleaved(
        rounds,
        asked(Root, N(small), N(1)),
        lambda: lambda: base.coro_fan({}, small),
        asked(Root, N(big), N(1)),
        lambda: lambda: base.coro_fan({}, big),
    )
    us = ours / small * 1e6
    name = "W1 fan-out 10,000, per task"
    table.row(name, ours / coro, "× coro", 3, per_task(ours, small), pants="W1 10,000", us=us)
    ratio = ours_big / big / (ours / small)
    detail = f"{per_task(ours_big, big)}; {ours_big / coro_big:.2f} × coro"
    table.row("W1 at 100,000, per task", ratio, "× 10,000", 1.5, detail)
    for n in (2_000, 10_000):
        ours, coro = interleaved(rounds, asked(Chain, N(n), N(0)), driven(base.coro_chain, N(n)))
        pants = "W2 2,000" if n == 2_000 else ""
        us = ours / n * 1e6
        name = f"W2 chain {n:,}, per task"
        table.row(name, ours / coro, "× coro", 2.5, per_task(ours, n), pants=pants, us=us)
    corner = Pair(99, 99)
    ours, coro = interleaved(
        rounds, asked(Grid, corner, Pair(0, 0)), driven(base.coro_grid, corner)
    )
    table.row("W3 grid 100×100, per task", ours / coro, "× coro", 2.5, per_task(ours, 9_999))


# ---------------------------------------------------------------- W4


def warm(table: Table, rounds: int) -> None:
    """W4: what is remembered, asked from inside a rule and from outside."""
    hot, few = Engine(RULES), Engine(RULES)
    hot.request(Root, N(10_000))
    hot.request(Warm, N(1))
    few.request(Root, N(10))
    memo = {(base.coro_leaf, i): Leaf(i) for i in range(10_000)}
    ours, coro = interleaved(
        rounds,
        lambda: lambda: hot.request(Warm, N(10_000)),
        lambda: lambda: base.drive(memo, base.coro_warm, N(10_000)),
    )
    assert hot.last is not None
    assert dict(hot.last.ran_counts) == {"warm": 1}
    each = f"{ours / 10_000 * 1e6:.2f} µs each"
    table.row("W4 warm Get inside a rule, each", ours / coro, "× coro", 3, each)
    big, small = interleaved(
        rounds,
        lambda: lambda: [hot.request(Root, N(10_000)) for _ in range(2_000)],
        lambda: lambda: [few.request(Root, N(10)) for _ in range(2_000)],
    )
    us = big / 2_000 * 1e6
    table.row("W4 warm request over 10,000 tasks", us, "µs", 15, pants="W4 request", us=us)
    table.row("W4 warm request, 10,000 against 10 tasks", big / small, "×", 1.2)


# ---------------------------------------------------------------- W5


class Planted:
    """A tree that was built, by the engine and by hand, and leaves of it to change."""

    def __init__(self, width: int) -> None:
        SALTS.clear()
        self.width = width
        self.engine = Engine(RULES)
        self.engine.request(Tree, Span(0, width))
        self.memo: base.Memo = {}
        base.raw_tree(self.memo, Span(0, width))
        [self.leaves] = [
            family for family in self.engine._tasks.families.values() if family.product is Salted
        ]
        self._values = count(1_000_000)

    def leaf(self, turn: int) -> int:
        return turn * 487 % self.width

    def clear(self, leaf: int) -> None:
        """Have one task run again: there is no public way to name a single task."""
        task = self.leaves.memo[self.leaves.key_of(N(leaf))]
        tasks = self.engine._tasks
        with tasks.lock:
            tasks.clear([task], for_good=INVALIDATED)

    def change(self) -> Run:
        """Leaves that run to another value, one request after each."""
        values = [next(self._values) for _ in range(CHANGES)]

        def run() -> None:
            for turn, value in enumerate(values):
                leaf = self.leaf(turn)
                SALTS[leaf] = value
                self.clear(leaf)
                self.engine.request(Tree, Span(0, self.width))

        return run

    def rerun(self) -> Run:
        """Other leaves, whose salt nobody moves, that run to the value they had."""

        def run() -> None:
            for turn in range(CHANGES):
                self.clear(self.leaf(turn) + 1)
                self.engine.request(Tree, Span(0, self.width))

        return run

    def change_raw(self) -> Run:
        values = [next(self._values) for _ in range(CHANGES)]

        def run() -> None:
            for turn, value in enumerate(values):
                leaf = self.leaf(turn)
                SALTS[leaf] = value
                base.raw_change(self.memo, leaf, self.width)

        return run


def changing(table: Table, rounds: int) -> None:
    """W5: a tree is built; one leaf of it changes; one leaf runs again to an equal value."""
    SALTS.clear()
    whole = Span(0, 10_000)
    ours, raw = interleaved(
        rounds, asked(Tree, whole, Span(0, 10)), lambda: lambda: base.raw_tree({}, whole)
    )
    table.row("W5 tree of 10,000, per task", ours / raw, "× raw", 6, per_task(ours, 11_111))
    narrow, wide = Planted(1_000), Planted(10_000)
    ours, raw, ours_narrow, raw_narrow, cutoff = interleaved(
        rounds, wide.change, wide.change_raw, narrow.change, narrow.change_raw, wide.rerun
    )
    assert ran(wide.engine) == 1  # the last was a leaf that came to an equal value
    wide.change()()
    assert ran(wide.engine) == 5
    us = ours / CHANGES * 1e6
    table.row("W5 one leaf of 10,000 changed", ours / raw, "× raw", 6, f"{us:.0f} µs")
    growth = ours / ours_narrow
    detail = f"5 tasks run against 4; raw {raw / raw_narrow:.2f} ×"
    table.row("W5 one leaf changed, 10,000 against 1,000", growth, "×", 1.5, detail)
    table.row("W5 early cutoff", cutoff / CHANGES * 1e6, "µs", 150)


# ---------------------------------------------------------------- W6


def redefining(table: Table, rounds: int) -> None:
    """W6: from the definition to the answer; everything that stands on it runs to other values."""
    SALTS.clear()
    whole = Span(0, 10_000)
    made = Engine(RULES)
    defining: list[float] = []

    def redefined(change: Any) -> Prepare:
        def prepare() -> Run:
            nonlocal made
            made = Engine(RULES)
            made.request(Top, whole)
            other = change()

            def run() -> None:
                defining.append(seconds(lambda: made.define([other], origin="again")))
                made.request(Top, whole)

            return run

        return prepare

    ours, raw = interleaved(
        rounds, redefined(work.other_salted), lambda: lambda: base.raw_tree({}, whole)
    )
    assert ran(made) == 11_112
    detail = f"{per_task(ours, 11_112)}, of it define {statistics.median(defining) * 1e3:.1f} ms"
    table.row("W6 leaf rule redefined, per task", ours / raw * 11_111 / 11_112, "× raw", 6, detail)
    defining.clear()
    [ours] = interleaved(rounds, redefined(work.other_top))
    assert ran(made) == 1
    detail = f"1 task runs; define {statistics.median(defining) * 1e6:.0f} µs of it"
    table.row("W6 root rule redefined", ours * 1e6, "µs", None, detail)


# ---------------------------------------------------------------- W7


def blocking(table: Table, rounds: int) -> None:
    """W7: bodies that sleep, and bodies that compute without the interpreter's lock."""

    def learned() -> Run:
        made = Engine(RULES)
        made.request(Naps, N(2))
        made.invalidate()
        return lambda: made.request(Naps, N(64))

    fresh, known = interleaved(rounds, asked(Naps, N(64), N(0)), learned)
    table.row("W7 64 sleeps of 50 ms", fresh / 0.05, "× ideal", 1.6, "never run before")
    table.row("W7 the same, known to block", known / 0.05, "× ideal", 1.6)
    ours, threads = interleaved(
        rounds, asked(Crunches, N(8), N(0)), lambda: lambda: base.thread_crunches(8)
    )
    detail = f"{ours * 1e3:.0f} ms on {os.cpu_count()} cores"
    table.row("W7 8 bodies that release the GIL", ours / threads, "× threads", 1.1, detail)


# ---------------------------------------------------------------- W9


def wiring(table: Table, rounds: int, *, by_get: bool) -> None:
    """W9: 300 chained rules declared, read, registered and solved; and solved alone."""
    types, rules = work.chain_types(300), work.chain_rules(300, by_get=by_get)
    text = types + rules
    whole, alone = [], []
    declaring, reading = [], []
    for number in range(rounds):
        name = f"<chain {number} {by_get}>"
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        spec = importlib.util.spec_from_loader(f"chain_{number}_{by_get}", loader=None)
        assert spec is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[module.__name__] = module
        space = module.__dict__
        exec(compile(types, name, "exec"), space)  # the classes are not ours to pay for
        code = compile("\n" * types.count("\n") + rules, name, "exec")
        gc.collect()
        since = time.perf_counter()
        exec(code, space)
        chained = [space[f"make{i}"] for i in range(300)]
        declared = time.perf_counter()
        for one in chained:
            one.requests()
        read = time.perf_counter()
        made = Engine(chained)
        registered = time.perf_counter()
        made.rule_graph.solve(space["T0"], frozenset([space["T300"]]))
        alone.append(time.perf_counter() - registered)
        whole.append(time.perf_counter() - since)
        declaring.append(declared - since)
        reading.append(read - declared)
        assert made.request(space["T0"], space["T300"](0)).v == 300
        del sys.modules[module.__name__], linecache.cache[name]
    form = "Gets" if by_get else "params"
    detail = (
        f"declaring {statistics.median(declaring) * 1e3:.0f} ms, "
        f"reading bodies {statistics.median(reading) * 1e3:.0f} ms"
    )
    name = f"W9 300 rules chained by {form}, whole"
    table.row(name, statistics.median(whole) * 1e3, "ms", 150, detail)
    table.row("W9 solving them alone", statistics.median(alone) * 1e3, "ms", 30)


# ---------------------------------------------------------------- W10


def watching(table: Table, rounds: int) -> None:
    """W12: a fan-out with an observer and without."""
    tasks = 100_000
    messages: list[int] = []

    def watched() -> Run:
        made = Engine(RULES)
        made.request(Root, N(1))
        seen: list[object] = []
        subscription = made.subscribe(seen.append)
        subscription.catch_up()

        def run() -> None:
            made.request(Root, N(tasks))
            messages.append(len(seen))
            subscription.close()

        return run

    ratio, _ = paired(2 * rounds + 1, asked(Root, N(tasks), N(1)), watched)
    detail = f"{max(messages)} messages"
    table.row("W12 watching 100,000 tasks", ratio, "× unseen", 1.1, detail)


def waiting_for_progress(table: Table, rounds: int) -> None:
    """W13: short requests where slow ones would show themselves, as in a notebook."""

    def prepared(product: Any, params: list[N], *, is_notebook: bool) -> Prepare:
        def prepare() -> Run:
            made = Engine(RULES)
            if is_notebook:
                made.watch_cells(slow=lambda *_: None)
            made.settings.progress_after = 60.0
            made.request(product, N(1))

            def run() -> None:
                for param in params:
                    made.request(product, param)

            return run

        return prepare

    for product, params, name in (
        (Root, [N(10_000)], "W13 10,000 tasks that would show progress"),
        (Leaf, [N(n) for n in range(2, 5_000)], "W13 5,000 requests that would"),
    ):
        ratio, more = paired(
            4 * rounds + 1,
            prepared(product, params, is_notebook=False),
            prepared(product, params, is_notebook=True),
        )
        detail = f"{more / len(params) * 1e6:.1f} µs more each"
        table.row(name, ratio, "× plain", 1.05, detail)


def recording(table: Table, rounds: int) -> None:
    """W14: requests that a notebook records, so that the last one can be gone through."""
    tasks, requests = 20_000, 2_000

    def prepared(most: int, times: int, records: bool) -> Prepare:
        def prepare() -> Run:
            made = Engine(RULES)
            made.watch_cells(records=records)
            made.request(Root, N(1))

            def run() -> None:
                for number in range(times):
                    made.request(Root, N(most + number % 3))
                    made.invalidate()

            return run

        return prepare

    for most, times, name, target in (
        (tasks, 1, "a request of 20,000 tasks, recorded", 1.1),
        (1, requests, f"{requests:,} short requests, recorded as far as that is cheap", 1.15),
        (10, 1, "a request of 10 tasks, recorded", None),
    ):
        ratio, more = paired(
            2 * rounds + 1, prepared(most, times, False), prepared(most, times, True)
        )
        detail = f"{more / times * 1e6:.0f} µs more each"
        table.row(f"W14 {name}", ratio, "× plain", target, detail)


# ---------------------------------------------------------------- W11 and the import


def memory(table: Table) -> None:
    """W11: what a remembered task costs, with its param and its value."""
    made = Engine(RULES)
    made.request(Root, N(1))
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    made.request(Root, N(20_000))
    made._asking.last = None
    gc.collect()
    ours = tracemalloc.get_traced_memory()[0] - before
    memo: base.Memo = {}
    before = tracemalloc.get_traced_memory()[0]
    base.coro_fan(memo, 20_000)
    gc.collect()
    coro = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    detail = f"a dict of the values alone {coro / 20_000:.0f} B"
    table.row("W11 memory per remembered task", ours / 20_000, "B", 900, detail)


def importing(table: Table) -> None:
    """What `import wfnb` costs over bare Python, and what it must not pull in."""
    heavy = ("IPython", "anywidget", "networkx")
    probe = f"import sys, wfnb; print(*[m for m in {heavy} if m in sys.modules])"
    # compiled modules are kept between starts, as they are for every user
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:

        def start(code: str) -> str:
            command = [sys.executable, "-c", code]
            done = subprocess.run(
                command, check=True, cwd=folder, env=env, capture_output=True, text=True
            )
            return done.stdout

        found = start(probe).split()
        bare, ours = interleaved(
            7, lambda: lambda: start("pass"), lambda: lambda: start("import wfnb")
        )
    table.row("import wfnb over bare Python", (ours - bare) * 1e3, "ms", 100, "median of 7")
    detail = ", ".join(found) or f"none of {', '.join(heavy)}"
    table.row("modules it must not import, imported", len(found), "", 0, detail)
