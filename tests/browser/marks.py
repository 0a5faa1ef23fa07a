"""A translator that marks each phrase, so that a test sees what has not passed it.

Knows: the texts of a page, attributes that are read or shown.
Does not know: views.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page

MARKING = "{ __: text => `«${text}»`, _n: (one, more, n) => `«${n === 1 ? one : more}»` }"

_TEXTS = """() => {
  const shown = ['aria-label', 'aria-valuetext', 'aria-description', 'title', 'placeholder', 'alt'];
  const found = [];
  const nodes = document.createTreeWalker(document.getElementById('host'), NodeFilter.SHOW_ALL);
  while (nodes.nextNode()) {
    const node = nodes.currentNode;
    if (node.nodeType === Node.TEXT_NODE) found.push(node.data);
    if (node.nodeType === Node.ELEMENT_NODE) {
      found.push(...shown.map(name => node.getAttribute(name)).filter(Boolean));
    }
  }
  return [...new Set(found)];
}"""


def theirs(text: str) -> str:
    """A text of a user or of the kernel, which is not translated; empty ones stay so."""
    return text and f"⟦{text}⟧"


def unmarked(page: Page) -> list[str]:
    """Texts of the view with words that have passed no translator, and are nobody else's."""
    found: list[str] = page.evaluate(_TEXTS)
    return [text for text in found if re.search(r"[A-Za-z]{2,}|[«»⟦⟧]", _rest(text))]


def _rest(text: str) -> str:
    before, rest = "", text
    while rest != before:
        before, rest = rest, re.sub(r"«[^«»]*»|⟦[^«»⟦⟧]*(?:⟧|…$)", " ", rest)
    return re.sub(r"\d (?:s|min|h)\b", " ", rest)
