"""The intrinsic rules: files, processes, environment and downloads, asked for like anything else.

    PathGlobs → Paths, Snapshot, Digest          Digest → Snapshot, DigestContents, DigestEntries
    CreateDigest, MergeDigests, DigestSubset, AddPrefix, RemovePrefix, DownloadFile → Digest
    Process → FallibleProcessResult, ProcessResult     EnvironmentVarsRequest → EnvironmentVars

Knows: which function answers which request.
Does not know: engines; who asks.
Holds: what was seen of the world is noted with the task that saw it.
"""

from __future__ import annotations

import os

from wfnb.errors import DownloadCancelled, ProcessCancelled
from wfnb.intrinsics import contents
from wfnb.intrinsics.capture import capture
from wfnb.intrinsics.downloads import DownloadFile, download
from wfnb.intrinsics.environment import EnvironmentVars, EnvironmentVarsRequest
from wfnb.intrinsics.files import (
    AddPrefix,
    CreateDigest,
    Digest,
    DigestContents,
    DigestEntries,
    DigestSubset,
    MergeDigests,
    PathGlobs,
    Paths,
    RemovePrefix,
    Snapshot,
)
from wfnb.intrinsics.processes import FallibleProcessResult, Kept, Process, ProcessResult
from wfnb.intrinsics.roots import as_root
from wfnb.intrinsics.trees import add_prefix, merge, remove_prefix
from wfnb.intrinsics.walk import find_paths
from wfnb.intrinsics.world import Stopped, here, stop_here
from wfnb.rules.declare import rule
from wfnb.rules.requests import Get
from wfnb.taskgraph.tasks import BY_SCOPE


@rule(desc="find files")
def paths_of_globs(globs: PathGlobs) -> Paths:
    world, attempt = here()
    found, sighting = find_paths(as_root(world.root), globs)
    world.saw(attempt.task, sighting)
    return found


@rule(desc="read files")
def snapshot_of_globs(globs: PathGlobs) -> Snapshot:
    world, attempt = here()
    known = world.sighting_of(attempt.task)
    found, sighting = capture(world.store, world.root, globs, known=known, checkpoint=stop_here)
    world.saw(attempt.task, sighting)
    return found


@rule
async def digest_of_globs(globs: PathGlobs) -> Digest:
    return (await Get(Snapshot, PathGlobs, globs)).digest


@rule
def snapshot_of_digest(digest: Digest) -> Snapshot:
    return contents.snapshot(here()[0].store, digest)


@rule
def contents_of_digest(digest: Digest) -> DigestContents:
    return contents.contents(here()[0].store, digest)


@rule
def entries_of_digest(digest: Digest) -> DigestEntries:
    return contents.entries(here()[0].store, digest)


@rule
def created(request: CreateDigest) -> Digest:
    return contents.create(here()[0].store, request)


@rule
def merged(request: MergeDigests) -> Digest:
    store = here()[0].store
    return store.add_tree(merge(store.tree(one) for one in request.digests))


@rule
def subset(request: DigestSubset) -> Digest:
    return contents.subset(here()[0].store, request)


@rule
def with_prefix(request: AddPrefix) -> Digest:
    store = here()[0].store
    return store.add_tree(add_prefix(store.tree(request.digest), request.prefix))


@rule
def without_prefix(request: RemovePrefix) -> Digest:
    store = here()[0].store
    return store.add_tree(remove_prefix(store.tree(request.digest), request.prefix))


@rule(desc="download")
def downloaded(request: DownloadFile) -> Digest:
    try:
        return download(request, here()[0].store, cancel=Stopped())
    except DownloadCancelled:
        stop_here()
        raise


@rule(desc="read the environment")
def variables(request: EnvironmentVarsRequest) -> EnvironmentVars:
    world, attempt = here()
    names = [one for one in request.requested if "=" not in one]
    values = {name: os.environ.get(name) for name in names}
    world.saw_variables(attempt.task, values)
    return request.select({name: value for name, value in values.items() if value is not None})


@rule(desc="run a process")
def fallible_result(process: Process) -> FallibleProcessResult:
    world, attempt = here()
    try:
        result = world.runner.run(process, world.store, cancel=Stopped())
    except ProcessCancelled as error:
        if error.has_started:  # else it only waited for its turn
            stop_here()
        raise
    if process.cache_scope.keeps(result) is Kept.SESSION:
        attempt.bound = BY_SCOPE
    return result


@rule
async def result(process: Process) -> ProcessResult:
    return (await Get(FallibleProcessResult, Process, process)).successful(process)


RULES = (
    paths_of_globs, snapshot_of_globs, digest_of_globs, snapshot_of_digest, contents_of_digest,
    entries_of_digest, created, merged, subset, with_prefix, without_prefix, downloaded, variables,
    fallible_result, result,
)  # fmt: skip
