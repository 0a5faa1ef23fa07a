"""27 edits, and who notices which: `python3 tests/battery`.

    --python PATH    only wfnb's columns, under that Python; it needs IPython
    --peers PATH     the Python that has the other tools (default: the project's own)

    ok          ran again exactly if the edit changes what the function does
    MISS        a stale value
    needless    ran again, though nothing that it does has changed

Exits with 1 if wfnb misses an edit or runs again without need.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[0] = str(ROOT / ".ci")

import bootstrap

# isort: split


def main() -> int:
    """Read the options, enter the environment, ask everyone; return the exit code."""
    parser = bootstrap.options("tests/battery", __doc__)
    parser.add_argument("--python", metavar="PATH", help="only wfnb, under that Python")
    parser.add_argument("--peers", metavar="PATH", help="the Python that has the other tools")
    options = parser.parse_args()
    bootstrap.enter("test")
    sys.path.insert(0, str(ROOT))
    from tests.battery.columns import INSTALLED_AS, NotThere, ask_peer, ask_wfnb
    from tests.battery.table import draw, version_of

    python = options.python or sys.executable
    try:
        own = ask_wfnb(python).columns(version_of(python))
    except NotThere as error:
        print(f"{error}\nwfnb’s columns need IPython: {python} -m pip install ipython")
        return 1
    others = []
    absent = []
    for tool in [] if options.python else INSTALLED_AS:
        try:
            others.append(ask_peer(tool, options.peers or sys.executable))
        except NotThere as error:
            absent.append(str(error))
    print(draw([*own, *others]))
    for reason in absent:
        print(reason)
    for column in own:
        for edit, detail in column.details.items():
            print(f"{column.title}: {edit}: {detail}")
    return int(any(set(column.outcomes.values()) != {"ok"} for column in own))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
