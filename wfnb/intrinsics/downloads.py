"""Downloads: a file from elsewhere, known by its content before it comes.

Knows: which addresses can be followed, and how they are shown; what the file is called.
Does not know: how it is fetched (`fetching`), how files are kept, whether a download is remembered.
Holds: passwords and queries of addresses are in no message and no repr.
"""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass

from wfnb.errors import ParamError
from wfnb.intrinsics.blobs import BlobStore
from wfnb.intrinsics.files import Digest, FileDigest, FileEntry
from wfnb.intrinsics.paths import relative_path
from wfnb.intrinsics.processes import visible
from wfnb.intrinsics.slots import Cancel
from wfnb.intrinsics.trees import Tree


@dataclass(frozen=True, slots=True, repr=False)
class DownloadFile:
    """A file to download; asked for, it gives the digest of a tree with that file alone.

    Its name there is the last part of the path of the address.

    Attributes:
        url: http, https or file.
        expected_digest: of the content: SHA-256 in hex, and size in bytes.
    """

    url: str
    expected_digest: FileDigest

    def __post_init__(self) -> None:
        if not isinstance(self.expected_digest, FileDigest):
            raise ParamError(
                f"DownloadFile needs the digest of what it expects, not"
                f" {type(self.expected_digest).__name__}",
                why=("what comes from elsewhere may be another file tomorrow",),
                fix="pass FileDigest(sha256, size); sha256sum and wc -c tell them",
            )
        _name_of(self.url)

    def __repr__(self) -> str:
        return f"DownloadFile({shown_url(self.url)!r}, {self.expected_digest!r})"

    @property
    def label(self) -> str:
        """What a task that downloads it is called."""
        return f"download of {shown_url(self.url)!r}"


def download(wanted: DownloadFile, store: BlobStore, *, cancel: Cancel | None = None) -> Digest:
    """Fetch a file into the store, unless its content is there.

    Raises:
        DownloadError: it is not there, cannot be reached, or is another file.
        DownloadCancelled: `cancel` was set.
    """
    expected = wanted.expected_digest
    if not store.has(expected):
        from wfnb.intrinsics.fetching import Fetch  # urllib.request takes 30 ms to import

        Fetch(wanted, store).wait(cancel)
    return store.add_tree(Tree([FileEntry(_name_of(wanted.url), expected)]))


def shown_url(url: str) -> str:
    """An address as it may stand in a message: without user, password, query and fragment."""
    parts = urllib.parse.urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return visible(f"{parts.scheme}://{host}{parts.path}")


def _name_of(url: object) -> str:
    """The name of the file, from an address that can be followed."""
    if not isinstance(url, str):
        raise ParamError(
            f"the url of DownloadFile is no text: {type(url).__name__}", fix="pass a str"
        )
    try:
        parts = urllib.parse.urlsplit(url)
        has_host = bool(parts.hostname)
        _ = parts.port
    except ValueError:
        parts, has_host = urllib.parse.urlsplit(""), False
    is_plain = url.isascii() and url.isprintable() and " " not in url
    is_local = parts.scheme == "file" and parts.netloc in ("", "localhost")
    if not is_plain or not (is_local or (parts.scheme in ("http", "https") and has_host)):
        raise ParamError(
            f"the url of DownloadFile cannot be followed: {visible(url.partition('?')[0])!r}"
            if "@" not in url
            else "the url of DownloadFile cannot be followed",
            why=("http://HOST/…, https://HOST/… and file:///… can, in ASCII and without blanks",),
            fix="quote other characters as %XX (urllib.parse.quote)",
        )
    name = urllib.parse.unquote(parts.path.rpartition("/")[2], errors="surrogateescape")
    if name in ("", ".", "..") or "/" in name:
        raise ParamError(
            f"the url of DownloadFile names no file: {shown_url(url)}",
            fix="pass the address of a file; the last part of its path is the name it gets",
        )
    return relative_path(name, "the name of a DownloadFile")
