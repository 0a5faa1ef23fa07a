"""Known bugs, put into a copy one by one, and which test catches each: `python3 tests/mutations`.

    python3 tests/mutations           all of them, two at a time
    python3 tests/mutations cleaned   those with this word in their names

The suite is first run without any: it has to pass. Exits with 1 if a bug survives, or if the text
that it replaces is not in its file exactly once.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[0] = str(ROOT / ".ci")

import bootstrap

# isort: split
import signal
from concurrent.futures import ThreadPoolExecutor


def main() -> int:
    """Read the options, enter the environment, try every bug; return the exit code."""
    parser = bootstrap.options("tests/mutations", __doc__)
    parser.add_argument("words", nargs="*", help="only bugs with one of these in their names")
    words = parser.parse_args().words
    bootstrap.enter("test")
    # A command started in the background ignores Ctrl-C, and so would the tests that press it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.path.insert(0, str(ROOT))
    from tests.mutations.bugs import BUGS, Bug
    from tests.mutations.runs import NotThere, Run, copied, run_suite

    chosen = [bug for bug in BUGS if not words or any(word in bug.name for word in words)]
    with copied() as source, ThreadPoolExecutor(2) as pool:

        def attempt(bug: Bug | None) -> Run | NotThere:
            try:
                return run_suite(source, bug)
            except NotThere as error:
                return error

        bad = 0
        width = max([len(bug.name) for bug in chosen], default=0)
        runs = pool.map(attempt, [None, *chosen])
        clean = next(runs)
        if not isinstance(clean, Run) or clean.caught_by:
            print(f"the suite fails without any bug:\n{clean}")
            pool.shutdown(cancel_futures=True)
            return 1
        print(f"{'without any bug'.ljust(width)}  {clean.took_s:>4.0f} s  passes\n", flush=True)
        for bug, run in zip(chosen, runs, strict=True):
            if isinstance(run, NotThere):
                bad += 1
                print(f"NOT THERE  {run}", flush=True)
                continue
            is_caught = bool(run.caught_by) and run.caught_by != "(pytest did not run)"
            bad += not is_caught
            verdict = run.caught_by or "SURVIVED"
            print(f"{bug.name.ljust(width)}  {run.took_s:>4.0f} s  {verdict}", flush=True)
    print(f"\n{len(chosen) - bad} of {len(chosen)} bugs caught")
    return int(bad > 0)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
