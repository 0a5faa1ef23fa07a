"""The project's environment: .venv, made when missing, mended when broken, left alone when current.

Knows: where .venv is, which extras were asked for, what the installed state was computed from.
Does not know: what its callers do in the environment.
Holds: runs on a plain Python with nothing installed. Touches the network only when it installs.
       `.venv/wfnb-setup.json` says "installing" from before the first file until after the last;
       so an environment cut off half way is recognised, and made again by the next run.

`python3 tests` and `python3 examples` both start here:

    import bootstrap
    bootstrap.enter("test")   # from here on: .venv's Python, with the extra installed
"""

import sys

# Before anything else, and the whole file in syntax that old Pythons parse, so that they get here.
if sys.version_info < (3, 11):  # noqa: UP036  # an older Python shall be told
    sys.exit(
        "wfnb needs Python 3.11 or newer; this is {}.{} ({}).\n".format(  # noqa: UP032  # as above
            sys.version_info[0], sys.version_info[1], sys.executable
        )
        + "Run the same line with a newer one, for example with python3.12 in place of python3."
    )

import argparse
import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"

_STAMP = "wfnb-setup.json"
_ON_WINDOWS = os.name == "nt"
_BIN = "Scripts" if _ON_WINDOWS else "bin"


# ------------------------------------------------------------------ what is wanted, what is there


@dataclass(frozen=True, slots=True)
class Setup:
    """What an environment is made from.

    root: the folder of the tree; scripts and the editable install hold it, so a copy needs its own.
    inputs: digest of pyproject.toml and constraints.txt.
    extras: the extras installed; a run adds its own to those already there.
    """

    root: str
    inputs: str
    extras: frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: "enter" it as it is, "install" into what is there, or "make" it from nothing."""

    action: str
    reason: str
    extras: frozenset[str]


def plan(venv: Path, wanted: Setup, names: Mapping[str, Iterable[str]]) -> Plan:
    """Decide what the environment needs; run nothing, change nothing.

    Args:
        names: per extra the distributions it requires directly, as from `required_names`.
    """
    if not os.path.lexists(venv):
        return Plan("make", "there is none yet", wanted.extras)
    state, found = read_stamp(venv)
    extras = wanted.extras | (found.extras if found else frozenset())
    if state not in ("ready", "none"):
        return Plan("make", "an earlier set-up did not finish", extras)
    if not python_of(venv).exists():
        return Plan("make", "it has no Python, or one that is gone", extras)
    if found is None:  # made by hand: what else is in it is its owner's, so it is only added to
        return Plan("install", "it was made by hand", extras)
    if found.root != wanted.root:
        return Plan("make", "it was made for another folder", extras)
    if found.inputs != wanted.inputs:
        return Plan("install", "pyproject.toml or constraints.txt changed", extras)
    lacking = ", ".join(sorted(wanted.extras - found.extras))
    if lacking:
        return Plan("install", f"it has no [{lacking}] yet", extras)
    expected = {name for extra in ("", *extras) for name in names.get(extra, ())}
    gone = ", ".join(sorted(expected - installed_names(venv)))
    if gone:
        return Plan("install", f"it has lost {gone}", extras)
    return Plan("enter", "", extras)


def read_stamp(venv: Path) -> tuple[str, Setup | None]:
    """Return what the environment says of itself: "ready", "installing", "none" or "damaged"."""
    try:
        fields = json.loads((venv / _STAMP).read_text(encoding="utf-8"))
        extras = frozenset(str(extra) for extra in fields["extras"])
        return str(fields["state"]), Setup(str(fields["root"]), str(fields["inputs"]), extras)
    except FileNotFoundError:
        return "none", None
    except (OSError, ValueError, KeyError, TypeError):
        return "damaged", None


def write_stamp(venv: Path, setup: Setup, state: str) -> None:
    """Have the environment say of itself that it is "installing", or "ready"."""
    fields = {"state": state, "root": setup.root, "inputs": setup.inputs}
    text = json.dumps({**fields, "extras": sorted(setup.extras)}, indent=2) + "\n"
    partial = venv / (_STAMP + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(venv / _STAMP)


def inputs_digest(root: Path) -> str:
    """Digest the two files that decide what belongs into the environment."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "constraints.txt"):
        # Line ends are no difference: a checkout on Windows may have its own.
        content = (root / name).read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def required_names(project: Mapping[str, object]) -> dict[str, set[str]]:
    """Name what each extra of a [project] table requires directly; "" stands for the table itself.

    An extra that names another one, "wfnb[examples]", has that one's names too.
    """
    own = _normal(str(project["name"]))
    optional = project.get("optional-dependencies", {})
    assert isinstance(optional, dict)

    def names(lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            name, extras = re.match(r"\s*([\w.-]+)\s*(?:\[([^]]*)\])?", line).groups()  # type: ignore[union-attr]  # any requirement matches
            if _normal(name) != own:
                yield _normal(name)
            for extra in (extras or "").split(",") if _normal(name) == own else ():
                yield from names(optional[extra.strip()])

    dependencies = project.get("dependencies", [])
    assert isinstance(dependencies, list)
    return {
        "": {own, *names(dependencies)},
        **{str(extra): set(names(lines)) for extra, lines in optional.items()},
    }


def installed_names(venv: Path) -> set[str]:
    """Name the distributions whose metadata are in the environment; no interpreter is started."""
    packages = "Lib/site-packages" if _ON_WINDOWS else "lib/python3*/site-packages"
    return {_normal(entry.name.split("-", 1)[0]) for entry in venv.glob(f"{packages}/*.dist-info")}


def python_of(venv: Path) -> Path:
    """Return where the environment's interpreter is, or would be."""
    return venv / _BIN / ("python.exe" if _ON_WINDOWS else "python")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# --------------------------------------------------------------------------------- making it so


def enter(*extras: str) -> None:
    """Go on in .venv's Python, with the extras installed: start the program again there if need be.

    Exits with a reason when the environment cannot be made; the next run tries again.
    """
    try:
        was_current = _make_current(frozenset(extras))
    except KeyboardInterrupt:
        _give_up("\nInterrupted. Run the same line again to set up the rest.", code=130)
    if was_current and Path(sys.prefix).resolve() == VENV.resolve():
        return
    python = python_of(VENV)
    arguments = [str(python), str(Path(sys.argv[0]).resolve()), *sys.argv[1:]]
    sys.stdout.flush()
    try:
        if _ON_WINDOWS:  # exec there gives the shell its prompt back at once
            sys.exit(subprocess.call(arguments))
        os.execv(python, arguments)
    except OSError as error:
        python.unlink(missing_ok=True)  # so that the next run makes another
        _give_up(f"{python} does not start ({error}). Run the same line again to make it anew.")


def options(folder: str, text: str | None) -> argparse.ArgumentParser:
    """Return a parser of the options of `python3 FOLDER`; the text is shown as it is written."""
    return argparse.ArgumentParser(
        prog=f"python3 {folder}",
        description=text,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def script(name: str) -> str:
    """Return the path of a command that was installed into .venv."""
    return str(VENV / _BIN / (name + (".exe" if _ON_WINDOWS else "")))


def _make_current(extras: frozenset[str]) -> bool:
    """Bring .venv up to date; return whether it was already."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = Setup(str(ROOT), inputs_digest(ROOT), extras)
    names = required_names(project)
    if plan(VENV, wanted, names).action == "enter":
        return True
    with _alone():
        todo = plan(VENV, wanted, names)  # again: another run may have done it meanwhile
        if todo.action != "enter":
            _carry_out(todo, wanted)
    return False


def _carry_out(todo: Plan, wanted: Setup) -> None:
    target = Setup(wanted.root, wanted.inputs, todo.extras)
    print(f"Setting up {VENV}: {todo.reason}.", flush=True)
    started_s = time.monotonic()
    if todo.action == "install" and _has_tool():
        done = _add(target)
    else:
        done = _make(target)
    if not done:
        _give_up("It is not complete; the reason is above. Mend that and run the same line again.")
    write_stamp(VENV, target, "ready")
    print(f"Ready after {time.monotonic() - started_s:.0f} s.\n", flush=True)


def _add(target: Setup) -> bool:
    """Install into the environment that is there; a refused install leaves its stamp as it was."""
    stamp = VENV / _STAMP
    before = stamp.read_bytes() if stamp.exists() else None
    write_stamp(VENV, target, "installing")
    if _install(target, _tools()):
        return True
    if before is None:
        stamp.unlink()
    else:
        stamp.write_bytes(before)
    return False


def _make(target: Setup) -> bool:
    """Make the environment from nothing: with uv if it is there and manages, else venv and pip."""
    base = getattr(sys, "_base_executable", None) or sys.executable  # not .venv's own: that goes
    _clear(target)
    uv = shutil.which("uv")
    if uv:
        command = [uv, "venv", "--quiet", "--allow-existing", "--python", base, str(VENV)]
        if _run(command) and _install(target, ["uv"]):
            return True
        # pip may know an index or a proxy that uv was never told of
        print("uv did not manage; going on with venv and pip.", flush=True)
        _clear(target)
    if importlib.util.find_spec("ensurepip") is None:
        _give_up(
            f"{base} cannot make environments: it has no ensurepip.\n"
            "On Debian and Ubuntu: sudo apt-get install python3-venv\n"
            "Anywhere: install uv (https://docs.astral.sh/uv/), which needs no more"
        )
    return _run([base, "-m", "venv", str(VENV)]) and _install(target, ["pip"])


def _clear(target: Setup) -> None:
    if VENV.is_dir() and not VENV.is_symlink():
        shutil.rmtree(VENV)
    else:
        VENV.unlink(missing_ok=True)
    VENV.mkdir()
    write_stamp(VENV, target, "installing")


def _install(target: Setup, tools: Sequence[str]) -> bool:
    extras = ",".join(sorted(target.extras))
    python = str(python_of(VENV))
    constraints = str(ROOT / "constraints.txt")
    for tool in tools:
        print(f"Installing wfnb[{extras}] with {tool}: a minute or so from nothing ...", flush=True)
        command = ["uv", "pip"] if tool == "uv" else [python, "-m", "pip"]
        command += ["install", "--quiet", "--constraint", constraints]
        command += ["--python", python] if tool == "uv" else []
        if _run([*command, "--editable", f"{ROOT}[{extras}]"]):
            return True
    return False


def _tools() -> list[str]:
    """Name what can install into the environment as it is, fastest first."""
    uv = ["uv"] if shutil.which("uv") else []
    return uv + ["pip"] * _answers("import pip")


def _has_tool() -> bool:
    return _answers("import sys; sys.exit(sys.version_info < (3, 11))") and bool(_tools())


def _answers(code: str) -> bool:
    with contextlib.suppress(OSError):
        command = [str(python_of(VENV)), "-c", code]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    return False


def _run(command: Sequence[str]) -> bool:
    """Run a command; what it says is passed on if it failed, and is only noise if not."""
    # A user's own PIP_USER=1 would have pip refuse to install into an environment.
    env = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    try:
        # The command inherits the lock of _alone: an installer that outlives us still has it.
        done = subprocess.run(
            command,
            env=env,
            cwd=ROOT,
            check=False,
            close_fds=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        if done.returncode:
            print(done.stdout, end="", file=sys.stderr, flush=True)
        return done.returncode == 0
    except OSError as error:
        print(f"{command[0]} does not start: {error}", file=sys.stderr)
        return False


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Keep other runs out meanwhile; the lock goes with the last process that has it open."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with (ROOT / "pyproject.toml").open(encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another run is setting up .venv; waiting for it ...", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        os.set_inheritable(lock.fileno(), True)
        yield


def _give_up(message: str, *, code: int = 1) -> NoReturn:
    print(message, file=sys.stderr)
    sys.exit(code)
