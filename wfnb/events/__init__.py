"""TELL: the one protocol. What an engine did and does, as plain data for whoever watches.

kinds.py       each kind of event, and when it is sent
state.py       what a view needs to know, folded from events
fold.py        messages → state
stream.py      observers, numbers, at most 20 messages a second
codec.py       to and from JSON
typescript.py  the same kinds for the frontends
steps.py       a recording of one request, step by step
storyjson.py   a recording with its drawing, as JSON that is kept
trace.py       a recording as a trace for Chrome and Perfetto
"""

from wfnb.events.codec import ProtocolError, from_json, to_json
from wfnb.events.fold import Gap, fold, fold_events
from wfnb.events.state import Batch, Message, Snapshot, State

__all__ = [
    "Batch",
    "Gap",
    "Message",
    "ProtocolError",
    "Snapshot",
    "State",
    "fold",
    "fold_events",
    "from_json",
    "to_json",
]
