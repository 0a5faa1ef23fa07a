"""Fetching: how the bytes of a download come.

Knows: http, https and file; redirects, repeated attempts, sizes, digests.
Does not know: how files are kept; what a download is called.
Holds: only content with the expected digest is kept. Since size and SHA-256 are known, no more is
           read than expected.
       A redirect never leads from https to http, nor to another kind of address.
"""

from __future__ import annotations

import base64
import hashlib
import os
import stat
import threading
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException, IncompleteRead
from typing import IO, Any, Final

from wfnb.errors import DownloadCancelled, DownloadError
from wfnb.intrinsics.blobs import BlobStore
from wfnb.intrinsics.downloads import DownloadFile, shown_url
from wfnb.intrinsics.processes import visible
from wfnb.intrinsics.slots import TICK_S, Cancel

ATTEMPTS: Final = 3
SILENCE_S: Final = 30.0
"""How long the other side may be silent."""

_PAUSES_S: Final = (0.2, 1.0)
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class Fetch:
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
        with _opener().open(_request(url), timeout=SILENCE_S) as response:
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
            if not chunk and getattr(source, "length", None):
                raise IncompleteRead(b"", source.length)  # type: ignore[attr-defined]  # of HTTPResponse
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


def _request(url: str) -> urllib.request.Request:
    """Ask as a browser does: user and password of an address go to its server alone."""
    parts = urllib.parse.urlsplit(url)
    who, at, host = parts.netloc.rpartition("@")
    plain = urllib.parse.urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
    request = urllib.request.Request(plain, headers={"User-Agent": "wfnb", "Accept": "*/*"})
    if at:
        secret = base64.b64encode(urllib.parse.unquote_to_bytes(who)).decode()
        request.add_unredirected_header("Authorization", f"Basic {secret}")
    return request


def _words(error: object) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {SILENCE_S:g} s"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, IncompleteRead):
        return "it broke off"
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
