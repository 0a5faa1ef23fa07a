"""A real JupyterLab or Notebook 7 on loopback, with folders of its own and nothing that pops up.

Knows: how Jupyter is started and asked. Does not know: browsers, wfnb.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parents[2]
START_S = 60.0

# No news, no check for updates, no blinking; every cell in the page, wherever it is scrolled to.
_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/codemirror-extension:plugin": {"defaultConfig": {"cursorBlinkRate": 0}},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
_FOLDERS = {
    "HOME": "home",
    "IPYTHONDIR": "ipython",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
}


class LabServer:
    """One running server.

    Args:
        base: an empty folder for all that the server keeps.
        app: "lab", or "notebook" for Notebook 7.

    Attributes:
        notebooks: the folder that is shown.
        url: without a slash at the end.
    """

    def __init__(self, base: Path, app: Literal["lab", "notebook"] = "lab") -> None:
        self.base, self.app = base, app
        self.notebooks = base / "notebooks"
        self.token = secrets.token_hex(16)
        self.url = ""
        env = dict(os.environ)
        for name, folder in _FOLDERS.items():
            (base / folder).mkdir()
            env[name] = str(base / folder)
        self.notebooks.mkdir()
        # The extension of this tree, not a copy that was installed: what JUPYTER_PATH names wins.
        (base / "ours" / "labextensions").mkdir(parents=True)
        (base / "ours" / "labextensions" / "wfnb").symlink_to(ROOT / "wfnb" / "labextension")
        env["JUPYTER_PATH"] = str(base / "ours")
        (base / "config" / "labconfig").mkdir()
        overrides = base / "config" / "labconfig" / "default_setting_overrides.json"
        overrides.write_text(json.dumps(_SETTINGS))
        env["PYTHONPATH"] = os.pathsep.join([str(ROOT), env.get("PYTHONPATH", "")])
        env["JUPYTER_PREFER_ENV_PATH"] = "0"  # else what pip has copied there would be taken
        env["NO_PROXY"] = env["no_proxy"] = "127.0.0.1,localhost"
        trait = "LabApp" if app == "lab" else "JupyterNotebookApp"
        self._log = (base / "server.log").open("wb")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter", app, "--no-browser", "--allow-root"),
                "--ServerApp.ip=127.0.0.1",
                "--ServerApp.port=0",
                f"--ServerApp.root_dir={self.notebooks}",
                f"--IdentityProvider.token={self.token}",
                "--KernelManager.shutdown_wait_time=2",
                f"--{trait}.expose_app_in_browser=True",
            ],
            env=env,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._wait()

    def ask(self, method: str, path: str) -> Any:
        """One call of the server's API."""
        request = urllib.request.Request(
            self.url + path, method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=20) as reply:
            return json.loads(reply.read() or "null")

    def end_kernels(self) -> None:
        """A notebook that is opened again would get its kernel back."""
        for session in self.ask("GET", "/api/sessions"):
            with contextlib.suppress(OSError):
                self.ask("DELETE", f"/api/sessions/{session['id']}")

    def close(self) -> None:
        """Stop the server and its kernels."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._log.close()

    def _wait(self) -> None:
        until = time.monotonic() + START_S
        info = self.base / "runtime" / f"jpserver-{self._process.pid}.json"
        while time.monotonic() < until and self._process.poll() is None:
            with contextlib.suppress(OSError, ValueError):
                self.url = f"http://127.0.0.1:{json.loads(info.read_text())['port']}"
                self.ask("GET", "/api/status")
                return
            time.sleep(0.05)
        self.close()
        text = (self.base / "server.log").read_text(errors="replace")
        raise RuntimeError(f"jupyter {self.app} did not start:\n{text[-3000:]}")
