"""A view on a page of its own, with a model as anywidget gives one: no kernel, no Jupyter.

Knows: the built files of a view, the part of anywidget's model that views use.
Does not know: what any view shows.
Holds: the page can reach nothing; what it tries to reach is noted.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page, Route

from wfnb.events.codec import to_json
from wfnb.events.state import Message

STATIC = Path(__file__).resolve().parents[2] / "wfnb" / "widgets" / "static"
ADDRESS = "http://wfnb.invalid/"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>wfnb</title>
<style>
  body { margin: 16px; font-family: sans-serif; }
  body[data-jp-theme-light="false"] {
    background: #111111;
    --jp-layout-color1: #111111; --jp-layout-color2: #212121;
    --jp-content-font-color1: #ffffff; --jp-content-font-color2: #d6d6d6;
  }
</style>
<link rel="stylesheet" href="/view.css"></head>
<body data-jp-theme-light="{is_light}"><main><h1>A notebook</h1><div id="host"></div></main>
<script type="module">
  import view, { speak } from '/view.js';
  speak({words});
  const traits = {traits};
  const heard = new Map();
  const tell = (event, ...data) => [...(heard.get(event) ?? [])].forEach(one => one(...data));
  window.keys = [];
  document.addEventListener('keydown', event => window.keys.push(event.key));
  window.sent = [];
  window.model = {
    get: name => traits[name],
    set: (name, value) => { traits[name] = value; },
    save_changes: () => undefined,
    on: (event, one) => heard.set(event, [...(heard.get(event) ?? []), one]),
    off: (event, one) => heard.set(event, (heard.get(event) ?? []).filter(x => x !== one)),
    send: message => window.sent.push(message),
    widget_manager: window.manager
  };
  window.turn = (name, value) => { traits[name] = value; tell(`change:${name}`); };
  window.say = message => tell('msg:custom', message, []);
  window.listeners = () => [...heard.values()].reduce((sum, one) => sum + one.length, 0);
  window.end = await view.render({ model: window.model, el: document.getElementById('host') });
  window.ready = true;
</script></body></html>"""


class BarePage:
    """One view.

    Attributes:
        console: what the page has logged.
        reached: addresses that the page asked for, other than its own files.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.console: list[str] = []
        self.reached: list[str] = []
        self._files: dict[str, str] = {}
        page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.console.append(f"pageerror: {error}"))
        page.route("**/*", self._serve)

    def open(
        self,
        view: str,
        *,
        theme: Literal["light", "dark"] = "light",
        first: Message | None = None,
        words: str = "undefined",
        **traits: Any,
    ) -> None:
        """Show a view.

        Args:
            first: the checkpoint that it starts with.
            words: a translator, in JavaScript.
        """
        snapshot = json.dumps(to_json(first)) if first is not None else ""
        known = {"snapshot": snapshot, "data": "", "is_live": True, **traits}
        text = _PAGE.replace("{is_light}", "true" if theme == "light" else "false")
        text = text.replace("{words}", words)
        self._files = {
            "": text.replace("{traits}", json.dumps(known).replace("</", "<\\/")),
            "view.js": (STATIC / f"{view}.js").read_text(encoding="utf-8"),
            "view.css": (STATIC / f"{view}.css").read_text(encoding="utf-8"),
        }
        self.page.goto(ADDRESS)
        self.page.wait_for_function("window.ready === true")

    def tell(self, message: Message) -> None:
        """Send a message, as the kernel does."""
        self.page.evaluate("message => window.say(message)", to_json(message))

    def turn(self, name: str, value: Any) -> None:
        """Change a trait, as the kernel does."""
        self.page.evaluate("([name, value]) => window.turn(name, value)", [name, value])

    def _serve(self, route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS)
        if name in self._files:
            kind = {"": "text/html", "view.js": "text/javascript", "view.css": "text/css"}[name]
            route.fulfill(body=self._files[name], content_type=f"{kind}; charset=utf-8")
        elif name == "favicon.ico":
            route.fulfill(status=204)
        else:
            self.reached.append(re.sub(r"\?.*", "", route.request.url))
            route.abort()
