"""How fast wfnb is, as ratios taken in one run: `python3 tests/benchmarks [--quick]`.

    coro   coroutines driven by hand with an explicit stack, and a dict as memo
    raw    plain calls and a dict as memo

Each figure is the median of five interleaved runs; single times mean little on a shared machine.
`--pants PYTHON` adds the figures of Pants 2.17.1 run by that Python 3.9.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[0] = str(ROOT / ".ci")

import bootstrap

bootstrap.enter("test")
sys.path.insert(0, str(ROOT))

# isort: split
import concurrent.futures
import gc
import importlib.util
import linecache
import os
import statistics
import subprocess
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

from tests.benchmarks import baselines as base
from tests.benchmarks import workloads as work
from tests.benchmarks.workloads import (
    CHANGED,
    RULES,
    Chain,
    Crunches,
    Grid,
    Leaf,
    N,
    Naps,
    Pair,
    Root,
    Span,
    Tree,
    Warm,
)
from wfnb import Engine

ROUNDS = 2 if "--quick" in sys.argv else 5
ROWS: list[tuple[str, str, str, str]] = []


def seconds(run: Callable[[], object]) -> float:
    """How long one call takes."""
    since = time.perf_counter()
    run()
    return time.perf_counter() - since


def pair(
    ours: Callable[[], Callable[[], object]], theirs: Callable[[], Callable[[], object]]
) -> tuple[float, float]:
    """Medians of interleaved runs; each run is prepared outside the clock."""
    mine, other = [], []
    for _ in range(ROUNDS):
        run = theirs()
        gc.collect()
        other.append(seconds(run))
        run = ours()
        gc.collect()
        mine.append(seconds(run))
    return statistics.median(mine), statistics.median(other)


def row(name: str, value: float, target: float, unit: str, detail: str = "") -> None:
    """One line of the table."""
    verdict = "met" if value <= target else f"missed by {value / target:.2f} ×"
    ROWS.append((name, f"{value:,.2f} {unit}", f"≤ {target:g} {unit}", f"{verdict}  {detail}"))
    print(f"{name:<46} {value:>9,.2f} {unit:<7} ≤ {target:<6g} {verdict}  {detail}", flush=True)


def engine(warm: bool = True) -> Engine:
    """A fresh engine with all rules, its wiring solved."""
    made = Engine(RULES)
    if warm:
        made.request(Leaf, N(-1))
    return made


def asked(product: Any, *params: object) -> Callable[[], Callable[[], object]]:
    """Prepare a fresh engine, then time one request."""

    def prepare() -> Callable[[], object]:
        made = engine()
        return lambda: made.request(product, *params)

    return prepare


def warm_requests(made: Engine) -> float:
    """Two thousand requests for what is remembered."""
    return seconds(lambda: [made.request(Leaf, N(-1)) for _ in range(2_000)])


def us(value: float, tasks: int) -> str:
    return f"({value / tasks * 1e6:.2f} µs a task)"


def run_all() -> None:
    """Every workload that can be measured so far."""
    per_task = {}
    for n in (10_000, 100_000):
        mine, other = pair(asked(Root, N(n)), lambda n=n: lambda: base.coro_fan({}, n))  # type: ignore[misc]
        per_task[n] = mine / n
        if n == 10_000:
            row("W1 fan-out 10,000, per task", mine / other, 3, "× coro", us(mine, n))
    row("W1 fan-out 100,000 against 10,000", per_task[100_000] / per_task[10_000], 1.5, "×")
    for n in (2_000, 10_000):
        mine, other = pair(
            asked(Chain, N(n)),
            lambda n=n: lambda: base.drive({}, base.coro_chain, N(n)),  # type: ignore[misc]
        )
        row(f"W2 chain {n:,}, per task", mine / other, 2.5, "× coro", us(mine, n))
    mine, other = pair(
        asked(Grid, Pair(99, 99)), lambda: lambda: base.drive({}, base.coro_grid, Pair(99, 99))
    )
    row("W3 grid 100×100, per task", mine / other, 2.5, "× coro", us(mine, 9_999))

    hot = engine()
    hot.request(Root, N(10_000))
    memo = {(base.coro_leaf, N(i)): Leaf(i) for i in range(10_000)}
    mine, other = pair(
        lambda: lambda: hot.request(Warm, N(10_000)),
        lambda: lambda: base.drive(memo, base.coro_warm, N(10_000)),
    )
    row("W4 warm Get in a rule", mine / other, 3, "× coro", us(mine, 10_000))
    small = engine()
    for made, size in ((small, "few"), (hot, "10,000")):
        each = statistics.median(
            [
                seconds(lambda m=made: [m.request(Leaf, N(-1)) for _ in range(2_000)])
                for _ in range(ROUNDS)
            ]  # type: ignore[misc]
        )
        row(f"W4 warm request, {size} tasks remembered", each / 2_000 * 1e6, 15, "µs")

    def fresh_tree() -> Engine:
        CHANGED.clear()
        return engine()

    mine, other = pair(
        lambda: (lambda made: lambda: made.request(Tree, Span(0, 10_000)))(fresh_tree()),
        lambda: lambda: base.raw_tree({}, 10_000, lambda i: Leaf(i)),
    )
    row("W5 tree of 10,000 leaves, per task", mine / other, 6, "× raw", us(mine, 11_111))
    made = fresh_tree()
    made.request(Tree, Span(0, 10_000))
    memo_tree: dict[Any, Any] = {}
    base.raw_tree(memo_tree, 10_000, lambda i: Leaf(i))
    [family] = [f for f in made._tasks.families.values() if f.rule.name == "leaf"]
    turn = iter(range(1, 1_000_000))

    def touch(value: int | None) -> Callable[[], object]:
        i = 1_234
        if value is not None:
            CHANGED[i] = value
        task = family.memo[family.key_of(N(i))]

        def run() -> object:
            with made._tasks.lock:  # there is no public way to invalidate a single task
                made._tasks.clear([task], for_good=True)
            return made.request(Tree, Span(0, 10_000))

        return run

    mine, other = pair(
        lambda: touch(-next(turn)),
        lambda: lambda: base.raw_change(memo_tree, 10_000, 1_234, -next(turn)),
    )
    row("W5 one leaf of 10,000 changed", mine / other, 6, "× raw", f"({mine * 1e6:.0f} µs)")
    cutoff = statistics.median([seconds(touch(None)) for _ in range(4 * ROUNDS)])
    row("W5 one leaf re-run to an equal value", cutoff * 1e6, 150, "µs")

    def redefined(which: str) -> Callable[[], object]:
        made = fresh_tree()
        made.request(Tree, Span(0, 10_000))
        if which == "leaf":
            made.define([work.other_leaf()], origin="again")
        else:
            made.invalidate(work.tree)
        return lambda: made.request(Tree, Span(0, 10_000))

    mine, other = pair(
        lambda: redefined("leaf"), lambda: lambda: base.raw_tree({}, 10_000, lambda i: Leaf(i))
    )
    row("W6 leaf rule redefined, per task", mine / other * 11_111 / 10_000, 6, "× raw")

    naps = engine()
    naps.request(Naps, N(2))
    times = []
    for _ in range(ROUNDS):
        naps.invalidate()
        times.append(seconds(lambda: naps.request(Naps, N(64))))
    row("W7 64 bodies blocking 50 ms", statistics.median(times) / 0.05, 1.6, "× ideal")

    def threads() -> object:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            return list(pool.map(work.crunch_one, range(8)))

    mine, other = pair(asked(Crunches, N(8)), lambda: threads)
    row("W7 8 bodies without the GIL", mine / other, 1.1, "× threads")
    wiring()
    memory()
    importing()


def wiring() -> None:
    """W9: 300 chained rules, with parsing, and solving alone."""
    text = work.chain_module(300)
    whole, alone = [], []
    for number in range(ROUNDS):
        name = f"<chain {number}>"
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        spec = importlib.util.spec_from_loader(f"chain_{number}", loader=None)
        assert spec is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[module.__name__] = module
        code = compile(text, name, "exec")
        classes = text.index("@rule")
        types = compile(text[:classes], name, "exec")
        exec(types, module.__dict__)  # the classes are not ours to pay for
        since = time.perf_counter()
        exec(code, module.__dict__)
        declared = time.perf_counter() - since
        since = time.perf_counter()
        exec(types, {"__name__": module.__name__})
        declared -= time.perf_counter() - since
        space = module.__dict__
        since = time.perf_counter()
        made = Engine([space[f"make{i}"] for i in range(300)])
        registered = time.perf_counter() - since
        since = time.perf_counter()
        made.rule_graph.solve(space["T0"], frozenset([space["T300"]]))
        alone.append(time.perf_counter() - since)
        whole.append(declared + registered + alone[-1])
    row("W9 300 chained rules, with parsing", statistics.median(whole) * 1e3, 150, "ms")
    row("W9 solving them alone", statistics.median(alone) * 1e3, 30, "ms")


def memory() -> None:
    """W11: what a remembered task costs, values and params included."""
    made = engine()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    made.request(Root, N(20_000))
    made.last = None
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    row("W11 memory per remembered task", (after - before) / 20_000, 900, "B")


def importing() -> None:
    """What `import wfnb` costs, and what it must not pull in."""
    probe = (
        "import sys, wfnb; "
        "print([m for m in ('IPython', 'anywidget', 'networkx') if m in sys.modules])"
    )
    # compiled modules are kept between starts, as they are for every user
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:

        def start(code: str) -> float:
            command = [sys.executable, "-c", code]
            return seconds(
                lambda: subprocess.run(
                    command, check=True, cwd=folder, env=env, capture_output=True
                )
            )

        ours, bare = [], []
        for _ in range(7):
            bare.append(start("pass"))
            ours.append(start("import wfnb"))
        found = subprocess.run(
            [sys.executable, "-c", probe],
            check=True,
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
        ).stdout.strip()
    cost = (statistics.median(ours) - statistics.median(bare)) * 1e3
    row(
        "import wfnb", cost, 100, "ms", "pulls in neither" if found == "[]" else f"pulls in {found}"
    )


def pants(python: str) -> None:
    """W1, W2 and W4 on Pants 2.17.1, in a Python 3.9 that has it."""
    script = Path(__file__).with_name("pants_peer.py")
    done = subprocess.run([python, str(script)], capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        print(f"Pants could not be measured with {python}: {last}")
        print("it needs: python3.9 -m pip install pantsbuild.pants==2.17.1")
        return
    print("\nPants 2.17.1 on the same machine, not interleaved:")
    print(done.stdout.rstrip())


if __name__ == "__main__":
    print(f"medians of {ROUNDS} interleaved runs, Python {sys.version.split()[0]}\n")
    run_all()
    if "--pants" in sys.argv:
        pants(sys.argv[sys.argv.index("--pants") + 1])
    print(f"\n{sum('met' in r[3].split() for r in ROWS)} of {len(ROWS)} met")
