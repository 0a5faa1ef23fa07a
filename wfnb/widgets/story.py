"""The story view: the last request step by step.

Knows: that a story is one text, which never changes. Does not know: how it is shown
(labextension/src/story), where it came from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfnb.events.storyjson import story_to_text
from wfnb.widgets.base import View, keep, static

if TYPE_CHECKING:
    from wfnb.events.steps import StepStory


class StoryView(View):
    """A request that can be stepped through; it has no text, as that is shown above it."""

    _esm = static("story.js")
    _css = static("story.css")

    def __init__(self, story: StepStory) -> None:
        super().__init__("", data=story_to_text(story), is_live=False)
        keep(self)
