"""``netralitas review open`` as a command: what it prints, what it refuses, how it ends."""

import http.client
import socket
import stat

from desk_client import make_store, posts
from desk_server import Served
from report_run import make_run
from typer.testing import CliRunner

from netralitas_nlp.cli import review, review_open
from netralitas_nlp.review.desk import Desk
from netralitas_nlp.review.store import ReviewStore


def run(*args):
    return CliRunner().invoke(review.app, ["open", *map(str, args)])


def ask(link, path=None, **headers):
    address, _, rest = link.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request("GET", path or f"/{rest}", headers=headers)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read().decode()


def test_new_desk_needs_a_run(tmp_path):
    result = run("--store", tmp_path / "reviews.db")
    assert result.exit_code == 2
    assert "netralitas review open HASIL --store reviews.db" in result.stderr
    assert not (tmp_path / "reviews.db").exists()


def test_file_that_is_no_store_is_left_as_it_is(tmp_path):
    file = tmp_path / "catatan.txt"
    file.write_text("bukan meja tinjau")
    result = run("--store", file, "--no-browser")
    assert result.exit_code == 1
    assert file.read_text() == "bukan meja tinjau"


def test_port_in_use_is_named(tmp_path):
    make_store(tmp_path, posts(1)).close()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("--store", tmp_path / "reviews.db", "--port", port, "--no-browser")
    assert result.exit_code == 1
    assert f"127.0.0.1:{port}" in result.stderr
    assert "--port 0" in result.stderr


def test_folder_that_is_no_run_is_refused(tmp_path):
    result = run(tmp_path, "--store", tmp_path / "reviews.db", "--no-browser")
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr


def test_command_serves_this_machine_until_it_is_interrupted(tmp_path):
    run_folder = make_run(tmp_path / "hasil", posts(3))
    served = Served(tmp_path / "reviews.db", str(run_folder), "--double")
    link = served.link()
    token = link.partition("token=")[2]
    status, headers, _ = ask(link)
    assert status == 200
    assert ask(link)[0] == 401
    assert ask(link, "/queue")[0] == 401
    assert ask(link, "/queue", Host="jahat.example")[0] == 421
    cookie = headers["set-cookie"].split(";")[0]
    assert "Siapa yang meninjau?" in ask(link, "/", Cookie=cookie)[2]
    assert "server" not in {name.lower() for name in headers}
    assert served.link() != link
    errors = served.close()
    assert served.process.returncode == 0
    assert errors == ""
    output = "".join(served.lines)
    assert "Ditambahkan: hasil, 6 baris" in output
    assert output.count(token) == 1
    assert "Meja ditutup" in output
    with ReviewStore.open(tmp_path / "reviews.db") as store:
        assert store.setting("double") == 1.0


def test_link_for_the_browser_lies_in_a_private_file_that_goes_with_the_desk(tmp_path):
    with make_store(tmp_path, posts(1)) as store:
        desk = Desk(store=store, port=1, alone=True)
        with review_open.doorstep(desk) as page:
            assert stat.S_IMODE(page.stat().st_mode) == 0o600
            assert f"url={desk.link}" in page.read_text()
        assert not page.exists()


def test_help_names_every_option():
    result = run("--help")
    for option in ("--store", "--port", "--no-browser", "--double", "--blind", "--lang"):
        assert option in result.output
