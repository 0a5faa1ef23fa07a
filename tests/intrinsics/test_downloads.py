from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from wfnb.errors import DownloadCancelled, DownloadError, ParamError
from wfnb.hashing.keys import key_function
from wfnb.intrinsics import fetching
from wfnb.intrinsics.blobs import BlobStore
from wfnb.intrinsics.contents import contents
from wfnb.intrinsics.downloads import DownloadFile, download
from wfnb.intrinsics.files import FileDigest

CONTENT = b"some content\n"


def digest_of(content: bytes) -> FileDigest:
    return FileDigest(hashlib.sha256(content).hexdigest(), len(content))


EXPECTED = digest_of(CONTENT)
Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A server on this machine, with an answer for each path."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.over = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.answers[self.path.partition("?")[0]](self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def gives(content: bytes, code: int = 200) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def leads_to(url: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", url)
        handler.end_headers()

    return answer


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(fetching, "_PAUSES_S", (0.01, 0.01))
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    site = Site()
    yield site
    site.close()


def told(wanted: DownloadFile, store: BlobStore) -> str:
    with pytest.raises(DownloadError) as caught:
        download(wanted, store)
    assert not store.has(wanted.expected_digest)
    return str(caught.value)


# ---------------------------------------------------------------- what comes


def test_downloads_a_file(site: Site, store: BlobStore) -> None:
    """Into a tree, under the last part of the path of its address."""
    site.answers["/data/a%20b.txt"] = gives(CONTENT)

    digest = download(DownloadFile(f"{site.url}/data/a%20b.txt?q=1#f", EXPECTED), store)

    assert [(f.path, f.content) for f in contents(store, digest)] == [("a b.txt", CONTENT)]
    assert site.asked == ["/data/a%20b.txt?q=1"]


def test_does_not_download_what_is_there(site: Site, store: BlobStore) -> None:
    """Content is known by its digest, wherever it came from."""
    store.add_bytes(CONTENT)

    digest = download(DownloadFile(f"{site.url}/a", EXPECTED), store)

    assert [f.path for f in contents(store, digest)] == ["a"]
    assert site.asked == []


def test_takes_a_large_file(site: Site, store: BlobStore) -> None:
    """And an empty one."""
    large = os.urandom(5_000_000)
    site.answers = {"/large": gives(large), "/empty": gives(b"")}

    for name, content in (("large", large), ("empty", b"")):
        digest = download(DownloadFile(f"{site.url}/{name}", digest_of(content)), store)
        assert [f.content for f in contents(store, digest)] == [content]


def test_takes_a_file_of_this_machine(tmp_path: Path, store: BlobStore) -> None:
    """file:///path, quoted as addresses are."""
    (tmp_path / "a b").write_bytes(CONTENT)
    url = (tmp_path / "a b").as_uri()

    digest = download(DownloadFile(url, EXPECTED), store)

    assert [(f.path, f.content) for f in contents(store, digest)] == [("a b", CONTENT)]


def test_follows_redirects(site: Site, store: BlobStore) -> None:
    """The name is that of the address that was asked for."""
    site.answers = {"/a": leads_to("/b"), "/b": leads_to(f"{site.url}/c"), "/c": gives(CONTENT)}

    digest = download(DownloadFile(f"{site.url}/a", EXPECTED), store)

    assert [f.path for f in contents(store, digest)] == ["a"]


def test_tries_again_what_may_pass(site: Site, store: BlobStore) -> None:
    """A server that is overloaded, or breaks off; three attempts."""
    answers = [gives(b"", 503), gives(CONTENT[:3]), gives(CONTENT)]

    def cut(handler: BaseHTTPRequestHandler) -> None:
        answer = answers.pop(0)
        if len(answers) == 1:
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(CONTENT)))
            handler.end_headers()
            handler.wfile.write(CONTENT[:3])
        else:
            answer(handler)

    site.answers["/a"] = cut

    download(DownloadFile(f"{site.url}/a", EXPECTED), store)

    assert len(site.asked) == 3


# ---------------------------------------------------------------- what does not


def test_refuses_another_file(site: Site, store: BlobStore) -> None:
    """Both digests are named, and nothing is kept."""
    other = b"other conten\n"
    site.answers["/a"] = gives(other)

    assert told(DownloadFile(f"{site.url}/a?token=4711", EXPECTED), store) == (
        f"{site.url}/a is not the file that was expected\n"
        f"    expected {EXPECTED.fingerprint} (13 bytes)\n"
        f"    found    {hashlib.sha256(other).hexdigest()} (13 bytes)\n"
        "  → look at what is there now; if it is right, change expected_digest"
    )
    assert not store.has(digest_of(other))
    assert len(site.asked) == 1


def test_reads_no_more_than_is_expected(site: Site, store: BlobStore) -> None:
    """An endless file is refused at its first byte too many."""

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while not site.over.is_set():
                handler.wfile.write(b"x" * 65536)
        except OSError:
            pass

    site.answers["/a"] = endless

    assert told(DownloadFile(f"{site.url}/a", EXPECTED), store).splitlines()[1:3] == [
        f"    expected {EXPECTED.fingerprint} (13 bytes)",
        "    found    more than 13 bytes",
    ]


def test_says_why_a_file_cannot_be_downloaded(site: Site, store: BlobStore, tmp_path: Path) -> None:
    """In the words of the server or of the system; without secrets of the address."""
    site.answers = {"/gone": gives(b"", 404), "/busy": gives(b"", 503)}
    host = site.url.removeprefix("http://")
    fix = "  → look whether the address is right, and can be reached from here"

    assert told(DownloadFile(f"http://me:4711@{host}/gone?key=4711", EXPECTED), store) == (
        f"{site.url}/gone cannot be downloaded: the server says 404 Not Found\n{fix}"
    )
    assert told(DownloadFile(f"{site.url}/busy", EXPECTED), store) == (
        f"{site.url}/busy cannot be downloaded: the server says 503 Service Unavailable\n{fix}"
    )
    assert site.asked == ["/gone?key=4711", *["/busy"] * 3]
    assert told(DownloadFile("http://127.0.0.1:1/a", EXPECTED), store) == (
        f"http://127.0.0.1:1/a cannot be downloaded: Connection refused\n{fix}"
    )
    absent = tmp_path / "absent"
    assert told(DownloadFile(absent.as_uri(), EXPECTED), store) == (
        f"file://{absent} cannot be downloaded: No such file or directory\n{fix}"
    )


def test_waits_for_no_pipe(tmp_path: Path, store: BlobStore) -> None:
    """A file: address may name anything."""
    os.mkfifo(tmp_path / "pipe")

    assert "it is no file" in told(DownloadFile((tmp_path / "pipe").as_uri(), EXPECTED), store)
    assert "it is no file" in told(DownloadFile(tmp_path.as_uri(), EXPECTED), store)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://host/a", "data:,x"])
def test_follows_no_redirect_to_another_kind_of_address(
    site: Site, store: BlobStore, target: str
) -> None:
    """A server cannot make this machine read its own files."""
    site.answers["/a"] = leads_to(target)
    shown = target if target.startswith(("file", "ftp")) else "data://,x"

    assert told(DownloadFile(f"{site.url}/a", EXPECTED), store) == (
        f"{site.url}/a cannot be downloaded: it redirects to {shown}\n"
        "    a redirect may lead from http to https, but not back or elsewhere\n"
        "  → pass the address of the file itself"
    )


def test_gives_user_and_password_to_the_server_of_the_address_alone(
    site: Site, store: BlobStore
) -> None:
    """Not to where it redirects."""
    seen: list[str | None] = []

    def asks(answer: Answer) -> Answer:
        def look(handler: BaseHTTPRequestHandler) -> None:
            seen.append(handler.headers["Authorization"])
            answer(handler)

        return look

    site.answers = {"/a": asks(leads_to("/b")), "/b": asks(gives(CONTENT))}

    download(DownloadFile(site.url.replace("//", "//me:p%40ss@") + "/a", EXPECTED), store)

    assert seen == ["Basic bWU6cEBzcw==", None]


def test_follows_no_redirect_from_https_to_http(store: BlobStore) -> None:
    """What was asked for safely is not fetched unsafely."""
    import io
    import urllib.request

    request = urllib.request.Request("https://host/a?key=4711")
    headers = {"location": "http://host/a"}

    with pytest.raises(DownloadError, match=r"https://host/a cannot be .* to http://host/a"):
        fetching._Redirects().http_error_302(request, io.BytesIO(), 302, "Found", headers)


def test_ends_in_a_circle_of_redirects(site: Site, store: BlobStore) -> None:
    """With an error, not never."""
    site.answers = {"/a": leads_to("/b"), "/b": leads_to("/a")}

    assert "the server says 302" in told(DownloadFile(f"{site.url}/a", EXPECTED), store)


@pytest.mark.parametrize("after_headers", [False, True])
def test_comes_back_promptly_when_cancelled(
    site: Site, store: BlobStore, after_headers: bool
) -> None:
    """Though the server says nothing, before or after it began to answer."""

    def silent(handler: BaseHTTPRequestHandler) -> None:
        if after_headers:
            handler.send_response(200)
            handler.end_headers()
            handler.wfile.write(b"s")
        site.over.wait(10)

    site.answers["/a"] = silent
    cancel = threading.Event()
    threading.Timer(0.1, cancel.set).start()

    start = time.monotonic()
    with pytest.raises(DownloadCancelled, match=r"the download of http://.*/a was cancelled"):
        download(DownloadFile(f"{site.url}/a", EXPECTED), store, cancel=cancel)

    assert time.monotonic() - start < 0.4


# ---------------------------------------------------------------- the value


def test_is_a_param_that_hides_secrets() -> None:
    """Of the address: user, password, query."""
    wanted = DownloadFile("https://me:4711@host:8080/a/b.txt?key=4711", EXPECTED)

    assert key_function(DownloadFile)(wanted) == key_function(DownloadFile)(
        DownloadFile("https://me:4711@host:8080/a/b.txt?key=4711", EXPECTED)
    )
    assert repr(wanted) == f"DownloadFile('https://host:8080/a/b.txt', {EXPECTED!r})"


@pytest.mark.parametrize(
    "url",
    ["ftp://host/a", "host/a", "http:///a", "http://host:x/a", "file://host/a", "http://h/ä", ""],
)
def test_refuses_addresses_that_cannot_be_followed(url: str) -> None:
    """At once."""
    with pytest.raises(ParamError) as caught:
        DownloadFile(url, EXPECTED)

    assert str(caught.value) == (
        f"the url of DownloadFile cannot be followed: {url!r}\n"
        "    http://HOST/…, https://HOST/… and file:///… can, in ASCII and without blanks\n"
        "  → quote other characters as %XX (urllib.parse.quote)"
    )


def test_refuses_addresses_of_no_file_and_files_of_no_digest() -> None:
    """A name and a digest are needed."""
    for url in ("http://host/", "http://host", "http://host/a/..", "http://host/%2e%2e"):
        with pytest.raises(ParamError, match="the url of DownloadFile names no file"):
            DownloadFile(url, EXPECTED)
    with pytest.raises(ParamError) as caught:
        DownloadFile("http://host/a%2Fb", EXPECTED)
    assert str(caught.value) == (
        "the url of DownloadFile names no file: http://host/a%2Fb\n"
        "  → pass the address of a file; the last part of its path is the name it gets"
    )
    with pytest.raises(ParamError) as caught:
        DownloadFile(5, EXPECTED)  # type: ignore[arg-type]  # that is what is tested
    assert str(caught.value) == "the url of DownloadFile is no text: int\n  → pass a str"
    with pytest.raises(ParamError) as caught:
        DownloadFile("http://host/a", None)  # type: ignore[arg-type]  # that is what is tested

    assert str(caught.value) == (
        "DownloadFile needs the digest of what it expects, not NoneType\n"
        "    what comes from elsewhere may be another file tomorrow\n"
        "  → pass FileDigest(sha256, size); sha256sum and wc -c tell them"
    )
