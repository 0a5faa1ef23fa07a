"""How fast wfnb is, as ratios taken in one run: `python3 tests/benchmarks`.

    --quick           two rounds instead of five
    --pants PYTHON    another column: Pants 2.17.1, as that Python 3.9 has it

    coro      coroutines driven by hand with an explicit stack, and a dict as memo
    raw       plain calls and a dict as memo
    threads   concurrent.futures

Figures are medians of interleaved runs. Exits with 0 also when a target is missed.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[0] = str(ROOT / ".ci")

import bootstrap

# isort: split
import json
import subprocess


def pants_figures(python: str) -> dict[str, float]:
    """Run the same workloads on Pants; empty, with a reason printed, when it is not there."""
    script = Path(__file__).with_name("pants_peer.py")
    try:
        done = subprocess.run([python, str(script)], capture_output=True, text=True, check=False)
        reason = (done.stderr.strip().splitlines() or ["no output"])[-1]
        if not done.returncode:
            figures = json.loads(done.stdout.splitlines()[-1])
            return {str(name): float(value) for name, value in figures.items()}
    except (OSError, ValueError, IndexError) as error:
        reason = str(error)
    print(f"No column for Pants: {python} did not run it ({reason}).")
    print("It needs a Python 3.9 with: python3.9 -m pip install pantsbuild.pants==2.17.1\n")
    return {}


def main() -> None:
    """Read the options, enter the environment, measure."""
    parser = bootstrap.options("tests/benchmarks", __doc__)
    parser.add_argument("--quick", action="store_true", help="two rounds instead of five")
    parser.add_argument("--pants", metavar="PYTHON", help="a Python 3.9 with Pants 2.17.1")
    options = parser.parse_args()
    bootstrap.enter("test")
    sys.path.insert(0, str(ROOT))
    from tests.benchmarks.measures import run_all
    from tests.benchmarks.table import Table

    rounds = 2 if options.quick else 5
    pants_us = pants_figures(options.pants) if options.pants else {}
    print(f"medians of {rounds} interleaved runs, Python {sys.version.split()[0]}\n")
    table = Table(pants_us)
    run_all(table, rounds)
    print(f"\n{table.met} of {table.judged} targets met")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
