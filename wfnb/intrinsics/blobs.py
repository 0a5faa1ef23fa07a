"""The content of files and trees, by digest, for as long as the engine lives.

Knows: bytes and their SHA-256; memory and a temporary folder.
Does not know: paths of the user, rules, what lasts beyond this process.
Holds: what was added can be read until `close`. Memory and disk have limits: content beyond the
           first goes to the disk, beyond the second it is refused.
       A large file is never held in memory, except for a caller who asks for all its bytes.
       Any thread may call at any time.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from wfnb.errors import FileError
from wfnb.intrinsics.entries import EMPTY_DIGEST, Digest, FileDigest, digest_text
from wfnb.intrinsics.scratch import Scratch
from wfnb.intrinsics.trees import EMPTY_TREE, Tree, read_tree

LARGE_BYTES: Final = 1 << 20
_CHUNK_BYTES: Final = 1 << 20
_MOST_MEMORY_BYTES: Final = 256 << 20
_MOST_DISK_BYTES: Final = 10 << 30
# Trees are kept read as long as they have fewer leaves than this, together.
_MOST_LEAVES: Final = 500_000

_sha256 = hashlib.sha256


class BlobStore:
    """Content by its digest.

    Args:
        folder: where the private folder for large content is made; None: the system's place.
        most_memory_bytes: content in memory beyond this is moved to the disk.
        most_disk_bytes: content on the disk beyond this is refused.
    """

    def __init__(
        self,
        *,
        folder: Path | None = None,
        most_memory_bytes: int = _MOST_MEMORY_BYTES,
        most_disk_bytes: int = _MOST_DISK_BYTES,
    ) -> None:
        self._lock = threading.Lock()
        self._parent = folder
        self._scratch: Scratch | None = None
        self._memory: OrderedDict[str, bytes] = OrderedDict()
        self._memory_bytes = 0
        self._most_memory_bytes = most_memory_bytes
        self._disk: dict[str, int] = {}
        self._disk_bytes = 0
        self._most_disk_bytes = most_disk_bytes
        self._known_trees: set[str] = {EMPTY_DIGEST.fingerprint}
        self._trees: OrderedDict[str, Tree] = OrderedDict()
        self._leaf_count = 0

    # ------------------------------------------------------------ content

    def add_bytes(self, content: bytes) -> FileDigest:
        """Keep some content."""
        fingerprint = _sha256(content).hexdigest()
        self._keep(fingerprint, content)
        return FileDigest(fingerprint, len(content))

    def add_stream(self, read: Callable[[int], bytes]) -> FileDigest:
        """Keep what `read(most_bytes)` gives until it gives nothing; large content is streamed.

        Raises:
            FileError: no room on the disk. Nothing of it is kept then.
        """
        start = bytearray()
        while len(start) <= LARGE_BYTES:
            chunk = read(LARGE_BYTES + 1 - len(start))
            if not chunk:
                return self.add_bytes(bytes(start))
            start += chunk
        hasher = _sha256(start)
        size = len(start)
        with self._temporary() as (name, file):
            chunk = bytes(start)
            del start
            while chunk:
                self._check_room(size)
                self._write_all(file, chunk)
                chunk = read(_CHUNK_BYTES)
                hasher.update(chunk)
                size += len(chunk)
            file.close()
            fingerprint = hasher.hexdigest()
            self._adopt(fingerprint, name, size)
        return FileDigest(fingerprint, size)

    def has(self, digest: FileDigest) -> bool:
        """Whether the content can be read."""
        fingerprint = digest.fingerprint
        held = self._memory.get(fingerprint)
        size = len(held) if held is not None else self._disk.get(fingerprint)
        return size == digest.serialized_bytes_length or not digest.serialized_bytes_length

    def read(self, digest: FileDigest) -> bytes:
        """All bytes of some content, however large.

        Raises:
            FileError: it was never added, or was removed from the disk by others.
        """
        content = self._memory.get(digest.fingerprint)
        if content is not None and len(content) == digest.serialized_bytes_length:
            return content
        with self.open(digest) as file:
            return file.read()

    def open(self, digest: FileDigest) -> BinaryIO:
        """Some content as a file to read; the caller closes it.

        Raises:
            FileError: as `read`.
        """
        # Memory first, then the disk, then memory again would be needed if content moved back;
        # it only ever moves to the disk.
        content = self._memory.get(digest.fingerprint)
        if content is not None and len(content) == digest.serialized_bytes_length:
            return io.BytesIO(content)
        path = self.path_on_disk(digest)
        if path is None:
            if not digest.serialized_bytes_length:
                return io.BytesIO()
            raise FileError(
                f"the content {digest_text(digest)} is not known here",
                fix="make it in this session: CreateDigest([FileContent(…)]), or ask for the file",
            )
        try:
            file = path.open("rb")
            if os.fstat(file.fileno()).st_size == digest.serialized_bytes_length:
                return file
            file.close()
        except OSError:
            pass
        raise FileError(
            f"the content {digest_text(digest)} is gone or was changed",
            why=("wfnb keeps large files in a temporary folder, and others removed it there",),
            fix="restart the kernel, and keep its folder out of clean-up jobs (set TMPDIR)",
        )

    def path_on_disk(self, digest: FileDigest) -> Path | None:
        """Where large content is, to be copied from and never changed; None: not on the disk."""
        if self._disk.get(digest.fingerprint) != digest.serialized_bytes_length:
            return None
        return self._folder() / digest.fingerprint

    # ------------------------------------------------------------ trees

    def add_tree(self, tree: Tree) -> Digest:
        """Keep a tree. The content of its files is added apart."""
        digest = tree.digest
        fingerprint = digest.fingerprint
        if fingerprint in self._known_trees:
            return digest
        if len(tree.serial) > LARGE_BYTES:
            self.add_stream(io.BytesIO(tree.serial).read)
        else:
            self._keep(fingerprint, tree.serial)
        with self._lock:
            self._known_trees.add(fingerprint)
            self._remember_tree(fingerprint, tree)
        return digest

    def tree(self, digest: Digest) -> Tree:
        """The tree of a digest.

        Raises:
            FileError: none of that digest was added.
        """
        if digest == EMPTY_DIGEST:
            return EMPTY_TREE
        fingerprint = digest.fingerprint
        with self._lock:
            tree = self._trees.get(fingerprint)
            if tree is not None and digest == tree.digest:
                self._trees.move_to_end(fingerprint)
                return tree
        file_digest = FileDigest(fingerprint, digest.serialized_bytes_length)
        if fingerprint not in self._known_trees or not self.has(file_digest):
            raise FileError(
                f"no tree of files has the digest {digest_text(digest)}",
                why=("the digest of a file names no tree; nor does one of another session",),
                fix="use a Digest that a request gave, or CreateDigest([FileEntry(…)])",
            )
        tree = read_tree(self.read(file_digest))
        with self._lock:
            self._remember_tree(fingerprint, tree)
        return tree

    def close(self) -> None:
        """Forget everything and remove the temporary folder."""
        with self._lock:
            self._memory.clear()
            self._disk.clear()
            self._trees.clear()
            self._known_trees = {EMPTY_DIGEST.fingerprint}
            self._memory_bytes = self._disk_bytes = self._leaf_count = 0
            scratch, self._scratch = self._scratch, None
        if scratch is not None:
            scratch.remove()

    # ------------------------------------------------------------ inside

    def _keep(self, fingerprint: str, content: bytes) -> None:
        if fingerprint in self._memory or fingerprint in self._disk:
            return
        if len(content) > LARGE_BYTES:
            self._write(fingerprint, content)
            return
        spilled: list[tuple[str, bytes]] = []
        with self._lock:
            if fingerprint in self._memory:
                return
            self._memory[fingerprint] = content
            self._memory_bytes += len(content)
            if self._memory_bytes > self._most_memory_bytes:
                spilled = self._oldest()
        for old, old_content in spilled:
            self._write(old, old_content)
            with self._lock:
                if self._memory.pop(old, None) is not None:
                    self._memory_bytes -= len(old_content)

    def _oldest(self) -> list[tuple[str, bytes]]:
        """What to move to the disk: the oldest quarter, so that it is not done for every file."""
        room = self._most_memory_bytes * 3 // 4
        left = self._memory_bytes
        found = []
        for fingerprint, content in self._memory.items():
            if left <= room:
                break
            found.append((fingerprint, content))
            left -= len(content)
        return found

    def _write(self, fingerprint: str, content: bytes) -> None:
        self._check_room(len(content))
        with self._temporary() as (name, file):
            self._write_all(file, content)
            file.close()
            self._adopt(fingerprint, name, len(content))

    @contextlib.contextmanager
    def _temporary(self) -> Iterator[tuple[str, io.FileIO]]:
        """A new file in the private folder, removed afterwards unless it was adopted."""
        with self._room():
            descriptor, name = tempfile.mkstemp(dir=self._folder())
        try:
            with io.FileIO(descriptor, "wb") as file:
                yield name, file
        finally:
            Path(name).unlink(missing_ok=True)

    def _write_all(self, file: io.FileIO, content: bytes) -> None:
        view = memoryview(content)
        with self._room():
            while view:
                view = view[file.write(view) or 0 :]

    def _adopt(self, fingerprint: str, name: str, size: int) -> None:
        with self._room(), self._lock:
            if fingerprint not in self._disk:
                os.chmod(name, 0o400)
                os.replace(name, self._folder_locked() / fingerprint)
                self._disk[fingerprint] = size
                self._disk_bytes += size

    @contextlib.contextmanager
    def _room(self) -> Iterator[None]:
        """Say where there is no room, if there is none."""
        try:
            yield
        except OSError as error:
            raise _no_room(error, self._parent) from error

    def _check_room(self, more_bytes: int) -> None:
        if self._disk_bytes + more_bytes > self._most_disk_bytes:
            limit = self._most_disk_bytes / (1 << 30)
            raise FileError(
                f"the files of this session take more than {limit:.3g} GiB",
                why=("every file that is asked for is kept, so that it cannot change",),
                fix="ask for Paths instead of a Digest where names are enough",
            )

    def _folder(self) -> Path:
        with self._lock:
            return self._folder_locked()

    def _folder_locked(self) -> Path:
        if self._scratch is None:
            self._scratch = Scratch(self._parent)
        return self._scratch.path

    def _remember_tree(self, fingerprint: str, tree: Tree) -> None:
        if fingerprint in self._trees:
            return
        self._trees[fingerprint] = tree
        self._leaf_count += len(tree)
        while self._leaf_count > _MOST_LEAVES and len(self._trees) > 1:
            _, dropped = self._trees.popitem(last=False)
            self._leaf_count -= len(dropped)


def _no_room(error: OSError, parent: Path | None) -> FileError:
    fix = "look at the folder"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        fix = "make room, or set TMPDIR to a folder with room before the kernel starts"
    return FileError(
        "the content of a file cannot be kept in the temporary folder",
        why=(f"{error.strerror or error} ({parent or tempfile.gettempdir()})",),
        fix=fix,
    )


def copy_content(store: BlobStore, digest: FileDigest, target: BinaryIO) -> None:
    """Write some content into an open file, without holding it all."""
    with store.open(digest) as source:
        shutil.copyfileobj(source, target, _CHUNK_BYTES)
