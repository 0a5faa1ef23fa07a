"""Sharing: what a worker leaves for others to carry on with.

Knows: the tasks of a MultiGet, in request order, and bodies that are known to block.
Does not know: how a body runs (`driver`), which thread comes to help (`workers`).
Holds: one worker drives a session at a time; everything here runs under the engine's lock.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from wfnb.taskgraph.tasks import (
    CLEAN,
    CLEARED,
    FAILED,
    NEW,
    RUNNING,
    Batch,
    is_settled,
)

if TYPE_CHECKING:
    from wfnb.taskgraph.driver import Worker
    from wfnb.taskgraph.families import Family

TICK_S = 0.001  # a body that has not come back after this long is taken to be blocking


def start_batch(worker: Worker, batch: Batch) -> None:
    """Start what is not started of a batch, in request order, as far as this worker may."""
    session = worker.session
    if worker.depth >= worker.max_depth or session.driver is not worker:
        return
    tasks = batch.tasks
    if len(tasks) - batch.next > 1 and not batch.is_shared:
        session.batches.append(batch)
        batch.is_shared = True
    number = session.number
    while batch.next < batch.limit and session.driver is worker:
        position = batch.next
        task = tasks[position]
        batch.next = position + 1
        state = task.state
        if state is CLEAN or state is RUNNING:
            continue
        if session.turns is not None:
            session.turns.begin(worker)
        if state is NEW:
            worker.run_body(task, NEW)
        elif state is CLEARED or not is_settled(task, number):
            worker.run(task)
        if task.state is FAILED and position < batch.limit:
            batch.limit = position
    if session.batches and session.batches[-1] is batch and batch.next >= batch.limit:
        session.batches.pop()
        batch.is_shared = False
    if session.turns is not None:
        session.turns.begin(worker)  # what the asking body prints next comes after the batch


# -------------------------------------------------------------------- bodies that block


def let_others_drive(worker: Worker) -> float:
    """Before a body known to block: another worker may carry on with what is ready."""
    session = worker.session
    if session.driver is worker:
        session.driver = None
        session.offer()
    return perf_counter()


def drive_again(worker: Worker, family: Family, since: float) -> None:
    """After such a body: the asking thread drives again; a body that was quick is not slow."""
    session = worker.session
    if perf_counter() - since < TICK_S / 2:
        family.is_slow = False
    if worker.is_asker or session.driver is None:
        session.driver = worker
