"""Downloads: a file from elsewhere, known by its content before it comes.

Knows: http, https and file; redirects, repeated attempts, sizes, digests; how an address is shown.
Does not know: how files are kept; rules; whether a download is remembered.
Holds: only content with the expected digest is kept. Since size and SHA-256 are known, no more is
           read than expected.
       A redirect never leads from https to http, nor to another kind of address.
       Passwords and queries of addresses are in no message and no repr.
"""

from __future__ import annotations

import hashlib
import os
import stat
import threading
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from typing import IO, Any, Final

from wfnb.errors import ParamError, WfnbError
from wfnb.intrinsics.blobs import BlobStore
from wfnb.intrinsics.files import Digest, FileDigest, FileEntry
from wfnb.intrinsics.paths import relative_path
from wfnb.intrinsics.processes import visible
from wfnb.intrinsics.slots import TICK_S, Cancel
from wfnb.intrinsics.trees import Tree

ATTEMPTS: Final = 3
SILENCE_S: Final = 30.0
"""How long the other side may be silent."""

_PAUSES_S: Final = (0.2, 1.0)
_SCHEMES: Final = ("http", "https", "file")
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class DownloadError(WfnbError):
    """A file that could not be downloaded, or is not the expected one."""


class DownloadCancelled(DownloadError):
    """A download that nobody waits for any more."""


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


def download(wanted: DownloadFile, store: BlobStore, *, cancel: Cancel | None = None) -> Digest:
    """Fetch a file into the store, unless its content is there.

    Raises:
        DownloadError: it is not there, cannot be reached, or is another file.
        DownloadCancelled: `cancel` was set.
    """
    expected = wanted.expected_digest
    if not store.has(expected):
        _Fetch(wanted, store).wait(cancel)
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


class _Fetch:
    """One download, on a thread of its own: what blocks there need not be waited for."""

    def __init__(self, wanted: DownloadFile, store: BlobStore) -> None:
        self._wanted, self._store = wanted, store
        self._error: BaseException | None = None
        self._is_abandoned = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wfnb-download", daemon=True)

    def wait(self, cancel: Cancel | None) -> None:
        self._thread.start()
        try:
            while self._thread.is_alive():
                self._thread.join(TICK_S if cancel is not None else None)
                if cancel is not None and cancel.is_set() and self._thread.is_alive():
                    raise DownloadCancelled(f"the download of {self._url} was cancelled")
        except BaseException:
            self._is_abandoned.set()
            raise
        if self._error is not None:
            raise self._error

    @property
    def _url(self) -> str:
        return shown_url(self._wanted.url)

    def _run(self) -> None:
        try:
            self._attempt_all()
        except BaseException as error:  # raised where it is waited for
            self._error = error

    def _attempt_all(self) -> None:
        for pause_s in (*_PAUSES_S[: ATTEMPTS - 1], None):
            try:
                self._attempt()
                return
            except urllib.error.HTTPError as error:
                with error:
                    problem = self._failed(f"the server says {error.code} {visible(error.reason)}")
                if error.code not in _PASSING or pause_s is None:
                    raise problem from None
            except urllib.error.URLError as error:
                if pause_s is None:
                    raise self._failed(_words(error.reason)) from error
            except (OSError, HTTPException) as error:
                if pause_s is None or self._wanted.url.startswith("file:"):
                    raise self._failed(_words(error)) from error
            if self._is_abandoned.wait(pause_s):
                return

    def _attempt(self) -> None:
        url = self._wanted.url
        if url.startswith("file:"):
            path = urllib.parse.unquote(urllib.parse.urlsplit(url).path, errors="surrogateescape")
            if not stat.S_ISREG(os.stat(path).st_mode):  # a pipe would be waited for, for ever
                raise self._failed("it is no file")
            with open(path, "rb") as file:
                self._take(file)
            return
        request = urllib.request.Request(url, headers={"User-Agent": "wfnb", "Accept": "*/*"})
        with _opener().open(request, timeout=SILENCE_S) as response:
            self._take(response)

    def _take(self, source: IO[bytes]) -> None:
        """Keep the content if it is the expected one."""
        expected = self._wanted.expected_digest
        most = expected.serialized_bytes_length
        hasher = hashlib.sha256()
        size = 0

        def read(most_bytes: int) -> bytes:
            nonlocal size
            chunk = source.read(max(1, min(most_bytes, most - size + 1)))
            if self._is_abandoned.is_set():
                raise DownloadCancelled(f"the download of {self._url} was cancelled")
            size += len(chunk)
            hasher.update(chunk)
            if size > most:
                raise self._differs(f"more than {most:,} bytes")
            if not chunk and (size, hasher.hexdigest()) != (most, expected.fingerprint):
                raise self._differs(f"{hasher.hexdigest()} ({size:,} bytes)")
            return chunk

        self._store.add_stream(read)

    def _differs(self, found: str) -> DownloadError:
        expected = self._wanted.expected_digest
        return DownloadError(
            f"{self._url} is not the file that was expected",
            why=(
                f"expected {expected.fingerprint} ({expected.serialized_bytes_length:,} bytes)",
                f"found    {found}",
            ),
            fix="look at what is there now; if it is right, change expected_digest",
        )

    def _failed(self, reason: str) -> DownloadError:
        return DownloadError(
            f"{self._url} cannot be downloaded: {reason}",
            fix="look whether the address is right, and can be reached from here",
        )


def _words(error: object) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {SILENCE_S:g} s"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return visible(str(error)) or type(error).__name__


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never to a less safe kind of address."""

    max_redirections = 5

    def http_error_302(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        target = urllib.parse.urljoin(req.full_url, headers.get("location", ""))
        scheme = urllib.parse.urlsplit(target).scheme
        if scheme not in ("http", "https") or (req.type == "https" and scheme != "https"):
            fp.close()
            raise DownloadError(
                f"{shown_url(req.full_url)} cannot be downloaded:"
                f" it redirects to {shown_url(target)}",
                why=("a redirect may lead from http to https, but not back or elsewhere",),
                fix="pass the address of the file itself",
            )
        return super().http_error_302(req, fp, code, msg, headers)

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def _opener() -> urllib.request.OpenerDirector:
    """What opens http and https alone, and takes proxies from the environment."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        _Redirects(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener
