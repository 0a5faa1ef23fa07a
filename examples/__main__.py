"""The examples, run on a fresh machine: `python3 examples`.

    python3 examples          runs 01_uploaded_images.ipynb without a browser, shows what it made
    python3 examples 2        runs the second one; 02, 02_what and its path do the same
    python3 examples 1 2      runs both, one after the other

Makes .venv when it is missing or out of date, JupyterLab included, and says so. The committed
notebooks stay as they are; those with the new outputs go to examples/_executed/.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent / ".ci")

import bootstrap

# isort: split
import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

EXAMPLES = bootstrap.ROOT / "examples"
EXECUTED = EXAMPLES / "_executed"
MAIN = "01_uploaded_images"

_SHOWN_CELLS = 3
_SHOWN_LINES = 30
_CELL_TIMEOUT_S = 300


def find(wanted: str) -> Path:
    """Return the one notebook of this number, path or beginning; exit naming them all otherwise."""
    there = sorted(EXAMPLES.glob("*.ipynb"))
    name = Path(wanted).name
    if name.isdecimal():
        number = name.lstrip("0")
        found = [path for path in there if path.name.partition("_")[0].lstrip("0") == number]
    else:
        found = [path for path in there if path.name.startswith(name)]
    if len(found) != 1:
        problem = "more than one notebook's" if found else "no notebook's"
        begins = "number is" if name.isdecimal() else "name starts with"
        print(f"{problem.capitalize()} {begins} {wanted!r}. There is:", file=sys.stderr)
        print(*(f"  {path.name}" for path in there), sep="\n", file=sys.stderr)
        sys.exit(2)
    return found[0]


def execute(path: Path) -> "tuple[NotebookNode, str]":
    """Run a notebook from top to bottom; return it with its outputs, and "" or what went wrong."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    total = sum(cell.cell_type == "code" for cell in notebook.cells)
    print(f"Running {relative(path)}, {total} cells ...", flush=True)
    client = NotebookClient(
        notebook,
        timeout=_CELL_TIMEOUT_S,
        resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False,
        # else it warns at each start that it talks over TCP, which here stays on this machine
        extra_arguments=["--log-level=ERROR"],
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return notebook, f"{error.ename}: {error.evalue}"
    except (CellTimeoutError, DeadKernelError) as error:
        return notebook, str(error)
    return notebook, ""


def last_results(notebook: "NotebookNode") -> list[str]:
    """Render the last cells that show something, as a notebook's reader would see them."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and _text(cell.outputs)]
    return [
        f"In [{cell.execution_count}]: {_first_line(cell.source)}\n{_indent(_text(cell.outputs))}"
        for cell in cells[-_SHOWN_CELLS:]
    ]


def relative(path: Path) -> str:
    """Write a path as one would type it here."""
    path = path if not path.is_relative_to(Path.cwd()) else path.relative_to(Path.cwd())
    return shlex.quote(str(path))


def _text(outputs: "list[NotebookNode]") -> str:
    parts = []
    for output in outputs:
        data = output.get("data", {})
        if output.output_type == "stream":
            parts.append(output.text)
        elif output.output_type == "error":
            parts.append("\n".join(output.traceback))
        elif "text/plain" in data:
            parts.append(data["text/plain"])
        if any(kind.startswith("image/") for kind in data):
            parts.append("(with a picture: see the notebook)")
    text = "\n".join(part.rstrip("\n") for part in parts)
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _first_line(source: str) -> str:
    lines = source.strip().splitlines() or [""]
    return lines[0] + (" ..." if len(lines) > 1 else "")


def _indent(text: str) -> str:
    lines = text.splitlines()
    if len(lines) > _SHOWN_LINES:
        lines = [*lines[:_SHOWN_LINES], f"({len(lines) - _SHOWN_LINES} more lines)"]
    return "\n".join(f"    {line}".rstrip() for line in lines)


def main(arguments: list[str]) -> int:
    """Run the examples that are named, and show their results; return the exit code."""
    if arguments in (["-h"], ["--help"]):
        print((__doc__ or "").strip())
        return 0
    paths = [find(wanted) for wanted in arguments or [MAIN]]
    bootstrap.enter("lab", "examples")
    are_sound = [show(path) for path in dict.fromkeys(paths)]
    return 0 if all(are_sound) else 1


def show(path: Path) -> bool:
    """Run one example and show its result; return whether it came to its end."""
    import nbformat

    notebook, problem = execute(path)
    EXECUTED.mkdir(exist_ok=True)
    nbformat.write(notebook, EXECUTED / path.name)
    print(*("", *last_results(notebook), ""), sep="\n")
    if problem:
        print(f"It stopped at an error: {problem}", file=sys.stderr)
    print(f"With all outputs:    {relative(EXECUTED / path.name)}")
    jupyter = relative(Path(bootstrap.script("jupyter")))
    print(f"Open it yourself:    {jupyter} lab {relative(path)}")
    return not problem


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
