"""Fetching public sets: checked, resumable, never a wrong file in place."""

import gzip
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from netralitas_nlp.errors import InputError, UsageError
from netralitas_nlp.labeled.pull import pull
from netralitas_nlp.labeled.sources import File, Remote, Source, chosen, load_sources

SOURCES = Path(__file__).parents[2] / "data/sources.toml"
CONTENT = b"text,label\nsatu,1\ndua,0\n" * 4000
COMMIT = "a" * 40


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def source(*files: File) -> Source:
    return Source(
        name="contoh", family="hate", origin="pemilik/contoh", licence="CC0", terms="",
        release=True, used=True, citation="", mapping="", files=files,
    )  # fmt: skip


def listed(
    path: str = "hate/contoh/a.csv", *, content: bytes = CONTENT, remote: bool = True
) -> File:
    digest = sha(content)
    packed = path.endswith(".gz")
    return File(
        path=path, bytes=len(content), sha256="0" * 64 if packed else digest,
        plain_sha256=digest if packed else None,
        remote=Remote(repository="pemilik/contoh", commit=COMMIT, path="data set/a.csv")
        if remote else None,
    )  # fmt: skip


class Server(BaseHTTPRequestHandler):
    """Serves one content at one path, with ranges."""

    asked: list[tuple[str, str | None]] = []  # noqa: RUF012 - shared on purpose

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.asked.append((self.path, wanted))
        if self.path != f"/pemilik/contoh/{COMMIT}/data%20set/a.csv":
            self.send_error(404)
            return
        start = int(wanted.split("=")[1].rstrip("-")) if wanted else 0
        if start >= len(CONTENT):
            self.send_error(416)
            return
        self.send_response(206 if wanted else 200)
        self.end_headers()
        self.wfile.write(CONTENT[start:])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def host() -> Iterator[str]:
    Server.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def states(*found: object) -> list[str]:
    return [pulled.state for pulled in found[0]]  # type: ignore[index]


def test_a_file_is_fetched_once_and_then_left_alone(tmp_path: Path, host: str) -> None:
    one = source(listed())
    assert states(pull([one], tmp_path, host=host)) == ["fetched"]
    assert (tmp_path / "hate/contoh/a.csv").read_bytes() == CONTENT
    assert states(pull([one], tmp_path, host=host)) == ["present"]
    assert len(Server.asked) == 1


def test_a_half_fetched_file_goes_on_from_its_last_byte(tmp_path: Path, host: str) -> None:
    part = tmp_path / "hate/contoh/a.csv.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(CONTENT[:1000])
    assert states(pull([source(listed())], tmp_path, host=host)) == ["fetched"]
    assert Server.asked[0][1] == "bytes=1000-"
    assert (tmp_path / "hate/contoh/a.csv").read_bytes() == CONTENT
    assert not part.exists()


def test_a_complete_part_needs_no_more_bytes(tmp_path: Path, host: str) -> None:
    part = tmp_path / "hate/contoh/a.csv.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(CONTENT)
    assert states(pull([source(listed())], tmp_path, host=host)) == ["fetched"]


def test_a_packed_file_is_recognised_by_its_content(tmp_path: Path, host: str) -> None:
    one = source(listed("hate/contoh/a.csv.gz"))
    assert states(pull([one], tmp_path, host=host)) == ["fetched"]
    assert gzip.decompress((tmp_path / "hate/contoh/a.csv.gz").read_bytes()) == CONTENT
    assert states(pull([one], tmp_path, host=host)) == ["present"]


def test_changed_content_is_never_put_in_place(tmp_path: Path, host: str) -> None:
    (found,) = pull([source(listed(content=b"lain"))], tmp_path, host=host)
    assert found.state == "failed"
    assert "digest" in found.reason
    assert not list(tmp_path.rglob("a.csv*"))


def test_a_missing_address_is_named(tmp_path: Path, host: str) -> None:
    file = listed().model_copy(
        update={"remote": Remote(repository="pemilik/lain", commit=COMMIT, path="a.csv")}
    )
    (found,) = pull([source(file)], tmp_path, host=host)
    assert found.state == "failed"
    assert "404" in found.reason


def test_a_derived_file_has_no_address_and_is_copied_from_a_folder(tmp_path: Path) -> None:
    derived, old, new = source(listed(remote=False)), tmp_path / "old", tmp_path / "new"
    assert states(pull([derived], new)) == ["unavailable"]
    (old / "hate/contoh").mkdir(parents=True)
    (old / "hate/contoh/a.csv").write_bytes(CONTENT)
    assert states(pull([derived], new, copy_from=old)) == ["copied"]
    assert states(pull([derived], new, copy_from=tmp_path / "none")) == ["present"]


def test_a_damaged_file_is_fetched_again(tmp_path: Path, host: str) -> None:
    target = tmp_path / "hate/contoh/a.csv"
    target.parent.mkdir(parents=True)
    target.write_bytes(b"rusak")
    assert states(pull([source(listed())], tmp_path, host=host)) == ["fetched"]
    assert target.read_bytes() == CONTENT


def test_only_web_addresses_are_opened(tmp_path: Path) -> None:
    secret = tmp_path / "pemilik/contoh" / COMMIT / "data set"
    secret.mkdir(parents=True)
    (secret / "a.csv").write_bytes(CONTENT)
    (found,) = pull([source(listed())], tmp_path / "in", host=f"file://{tmp_path}")
    assert found.state == "failed"


@pytest.mark.parametrize("path", ["../lain.csv", "/etc/passwd", "hate/../../x.csv"])
def test_a_path_out_of_the_folder_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        listed(path)


def test_the_list_of_the_project_is_sound() -> None:
    sources = load_sources(SOURCES)
    paths = [file.path for one in sources for file in one.files]
    assert len(paths) == len(set(paths)) > 100
    assert all(one.licence for one in sources)
    packed = [file for one in sources for file in one.files if file.packed]
    assert all(file.plain_sha256 for file in packed)
    assert chosen(sources, ("idsa_tweets",))[0].name == "idsa_tweets"
    with pytest.raises(UsageError, match="tidak-ada"):
        chosen(sources, ("tidak-ada",))


def test_a_malformed_list_names_the_key(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text('[[set]]\nname = "a"\nsha = 1\n')
    with pytest.raises(InputError, match=r"set\[1\]"):
        load_sources(path)
