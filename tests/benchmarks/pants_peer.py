"""W1, W2 and W4 on the real Pants engine; run by a Python 3.9 with pantsbuild.pants 2.17.1.

Prints one line of JSON: microseconds a task, each taken once.
"""

import builtins
import json
import tempfile
import time
from dataclasses import dataclass

if not isinstance(__builtins__, dict):
    __builtins__ = builtins.__dict__  # its parser looks names up there, in `__main__` too

from pants.engine.internals.native_engine import PyExecutor
from pants.engine.internals.scheduler import Scheduler
from pants.engine.internals.selectors import Get, MultiGet, Params
from pants.engine.rules import QueryRule, collect_rules, rule
from pants.option.global_options import DEFAULT_EXECUTION_OPTIONS, DEFAULT_LOCAL_STORE_OPTIONS
from pants.util.logging import LogLevel


@dataclass(frozen=True)
class N:
    n: int


@dataclass(frozen=True)
class Leaf:
    v: int


@dataclass(frozen=True)
class Root:
    v: int


@dataclass(frozen=True)
class Chain:
    v: int


@rule
async def leaf(param: N) -> Leaf:
    return Leaf(param.n)


@rule
async def fan(param: N) -> Root:
    found = await MultiGet(Get(Leaf, N(i)) for i in range(param.n))
    return Root(sum(one.v for one in found))


@rule
async def chain(param: N) -> Chain:
    if param.n == 0:
        return Chain(0)
    below = await Get(Chain, N(param.n - 1))
    return Chain(below.v + 1)


def main() -> None:
    rules = [*collect_rules(), *(QueryRule(out, (N,)) for out in (Leaf, Root, Chain))]
    with tempfile.TemporaryDirectory() as folder:
        scheduler = Scheduler(
            ignore_patterns=[],
            use_gitignore=False,
            build_root=folder,
            local_execution_root_dir=folder,
            named_caches_dir=folder,
            ca_certs_path=None,
            rules=rules,
            union_membership={},
            execution_options=DEFAULT_EXECUTION_OPTIONS,
            local_store_options=DEFAULT_LOCAL_STORE_OPTIONS,
            executor=PyExecutor(core_threads=2, max_threads=4),
            watch_filesystem=False,
            include_trace_on_error=False,
        )
        session = scheduler.new_session("bench", max_workunit_level=LogLevel.ERROR)

        def ask(out: type, n: int) -> float:
            since = time.perf_counter()
            session.product_request(out, [Params(N(n))])
            return time.perf_counter() - since

        for out in (Leaf, Root, Chain):
            ask(out, 1)  # its wiring is solved
        figures = {
            "W1 10,000": ask(Root, 10_000) / 10_000,
            "W2 2,000": ask(Chain, 2_000) / 2_000,
            "W4 request": sum(ask(Root, 10_000) for _ in range(100)) / 100,
        }
        print(json.dumps({name: value * 1e6 for name, value in figures.items()}))


if __name__ == "__main__":
    main()
