"""The index of claims: the same claims, the same bytes; what is not ours is refused."""

import gzip
import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas_nlp.claims.files import Claim, Skipped, read_claims
from netralitas_nlp.claims.index import ClaimIndex, build_index, write_index
from netralitas_nlp.claims.words import words
from netralitas_nlp.errors import InputError, catalogue

ROWS = [
    {"title": "[SALAH] Server KPU Rantau Selasih diatur dari luar negeri", "verdict": "SALAH",
     "date": "2024-02-20", "url": "https://periksa.example/1", "claim_text": ""},
    {"title": "Beras bantuan dicampur plastik", "verdict": "hoaks", "date": "2023-05-01",
     "url": "https://periksa.example/2", "claim_text": "AWAS beras bansos isinya plastik semua"},
    {"title": "Jembatan Antah Berantah ditutup sementara", "verdict": "benar", "date": "",
     "url": "periksa:77", "claim_text": ""},
]  # fmt: skip


def jsonl(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    return jsonl(tmp_path / "daftar.jsonl", ROWS)


def test_the_same_claims_give_the_same_bytes_in_any_order_and_form(
    tmp_path: Path, lists: Path
) -> None:
    turned = jsonl(tmp_path / "balik.ndjson", ROWS[::-1])
    packed = tmp_path / "daftar.jsonl.gz"
    packed.write_bytes(gzip.compress(lists.read_bytes()))
    digests = set()
    for number, files in enumerate([[lists], [turned], [packed], [lists, turned]]):
        out = tmp_path / f"{number}.index"
        digests.add(build_index(files, out).digest)
        assert out.read_bytes() == (tmp_path / "0.index").read_bytes()
    assert len(digests) == 1


def test_verdicts_links_and_days_are_brought_into_one_form(lists: Path) -> None:
    found = [claim for claim in read_claims(lists) if isinstance(claim, Claim)]
    assert [claim.verdict for claim in found] == ["false", "false", "true"]
    assert [claim.url for claim in found][-1] == "periksa:77"
    bad = jsonl(
        lists.with_name("lain.jsonl"),
        [
            {
                "claim": "x y",
                "verdict": "[SATIRE]",
                "date": "2024-13-45",
                "url": "javascript:alert(1)",
            }
        ],
    )
    assert list(read_claims(bad)) == [Claim("x y", "", "satire", "", "")]


def test_csv_with_a_byte_order_mark_and_claim_column(tmp_path: Path) -> None:
    path = tmp_path / "daftar.CSV"
    path.write_text(
        '\ufeffClaim,verdict,date,url\n"KPU, katanya, tutup",false,2024-01-02T10:00,http://a.b/c\n',
        encoding="utf-8",
    )
    assert list(read_claims(path)) == [
        Claim("KPU, katanya, tutup", "", "false", "2024-01-02", "http://a.b/c")
    ]


def test_rows_that_are_no_claim_are_named_and_nothing_is_lost(tmp_path: Path) -> None:
    rows = [*ROWS, {**ROWS[0], "title": " "}, {**ROWS[0], "verdict": ""}, ROWS[0]]
    built = build_index([path := jsonl(tmp_path / "a.jsonl", rows)], tmp_path / "x.index")
    assert built.skipped == (Skipped(path, 4, "text"), Skipped(path, 5, "verdict"))
    assert built.n_claims + built.n_copies + len(built.skipped) == len(rows)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "claims_kind"),
        ("a.csv", b"judul,verdict\nx,false\n", "claims_columns"),
        ("a.csv", b"", "claims_columns"),
        ("a.csv", b"claim,verdict,date,url\nx,false\n", "labelled_width"),
        ("a.csv", b"claim,verdict,date,url\n\xff\xfe,false,,\n", "labelled_encoding"),
        ("a.jsonl", b"[1]\n", "claims_json"),
        ("a.jsonl", b"{", "claims_json"),
        ("a.jsonl", b"[" * 100_000, "claims_json"),
        ("a.jsonl", b'{"claim": "x"}\n', "claims_columns"),
        ("a.jsonl", b"", "claims_none"),
        ("a.jsonl.gz", b"bukan gzip", "claims_gzip"),
        ("a.jsonl.gz", gzip.compress(b'{"claim": "x"}\n' * 99, mtime=0)[:-9], "claims_gzip"),
    ],
)
def test_a_list_that_cannot_be_read_says_why_and_writes_nothing(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        build_index([tmp_path / name], tmp_path / "x.index")
    expected = "claims_gzip" if content.startswith(b"\x1f\x8b") else code
    assert caught.value.code in {expected, "claims_columns"}
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_older_index_survives_a_failed_build(tmp_path: Path, lists: Path) -> None:
    out = tmp_path / "x.index"
    build_index([lists], out)
    before = out.read_bytes()
    with pytest.raises(InputError):
        build_index([jsonl(tmp_path / "kosong.jsonl", [])], out)
    assert out.read_bytes() == before


def test_the_index_opens_where_nothing_may_be_written(tmp_path: Path, lists: Path) -> None:
    folder = tmp_path / "hanya? baca#"
    folder.mkdir()
    build_index([lists], folder / "x.index")
    folder.chmod(0o500)
    try:
        with ClaimIndex(folder / "x.index") as index:
            assert index.n_claims == 3
        assert [path.name for path in folder.iterdir()] == ["x.index"]
    finally:
        folder.chmod(0o700)


def test_foreign_older_and_damaged_files_are_refused(tmp_path: Path, lists: Path) -> None:
    def code(path: Path) -> str:
        with pytest.raises(InputError) as caught, ClaimIndex(path) as index:
            index.entries([n for n, _ in index.candidates("kpu selasih", limit=5)])
        assert str(path.name) in caught.value.render("id")
        return caught.value.code

    good = tmp_path / "x.index"
    build_index([lists], good)
    other = tmp_path / "lain.db"
    with sqlite3.connect(other) as base:
        base.execute("CREATE TABLE t (a)")
    base.close()
    text = tmp_path / "teks.txt"
    text.write_text("bukan basis data", encoding="utf-8")
    old = tmp_path / "lama.index"
    old.write_bytes(good.read_bytes())
    with sqlite3.connect(old) as base:
        base.execute("PRAGMA user_version = 99")
    base.close()
    cut = tmp_path / "potong.index"
    cut.write_bytes(good.read_bytes()[:9000])
    spoilt = tmp_path / "rusak.index"
    content = good.read_bytes()
    spoilt.write_bytes(content[:4096] + b"\xaa" * (len(content) - 4096))
    viewed = tmp_path / "pandangan.index"
    viewed.write_bytes(good.read_bytes())
    with sqlite3.connect(viewed) as base:
        base.execute("CREATE VIEW v AS SELECT 1")
    base.close()
    assert [code(path) for path in (tmp_path / "tidak-ada", text, other, old, viewed)] == [
        "claims_unreadable", "claims_foreign", "claims_foreign", "claims_version",
        "claims_foreign",
    ]  # fmt: skip
    assert {code(cut), code(spoilt)} == {"claims_damaged"}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(), min_size=1, max_size=4), st.text(max_size=20))
def test_any_claim_can_be_written_and_read(
    tmp_path_factory: pytest.TempPathFactory, titles: list[str], verdict: str
) -> None:
    folder = tmp_path_factory.mktemp("klaim")
    rows = [{"claim": t, "verdict": verdict, "date": t, "url": t} for t in titles]
    rows.append({"claim": "surat suara", "verdict": "false", "date": "", "url": ""})
    build_index([jsonl(folder / "a.jsonl", rows)], folder / "x.index")
    with ClaimIndex(folder / "x.index") as index:
        found = index.candidates(" ".join(words("surat suara")), limit=9)
        assert "surat suara" in [entry.title for entry in index.entries([n for n, _ in found])]


def test_an_index_without_content_is_refused_as_empty(tmp_path: Path, lists: Path) -> None:
    nothing = tmp_path / "nol.index"
    nothing.touch()
    emptied = tmp_path / "kosong.index"
    build_index([lists], emptied)
    with sqlite3.connect(emptied) as base:
        base.execute("DELETE FROM claims")
        base.execute("UPDATE meta SET value = '0' WHERE key = 'n_claims'")
    base.close()
    for path in (nothing, emptied):
        with pytest.raises(InputError) as caught:
            ClaimIndex(path)
        assert caught.value.code == "claims_empty"


def test_numbers_that_point_past_the_claims_are_damage_and_not_a_crash(
    tmp_path: Path, lists: Path
) -> None:
    path = tmp_path / "x.index"
    build_index([lists], path)
    with sqlite3.connect(path) as base:
        base.execute("UPDATE postings SET claims = x'ffffff7f', weights = x'0000803f'")
    base.close()
    with ClaimIndex(path) as index, pytest.raises(InputError) as caught:
        index.candidates("server kpu", limit=5)
    assert caught.value.code == "claims_damaged"


def test_the_explanation_of_the_checker_finds_what_the_title_leaves_out(tmp_path: Path) -> None:
    note = "Unggahan itu menyebut hujan buatan di Danau Kelabu dipesan panitia."
    rows = [
        {"title": "Cuaca dikendalikan", "verdict": "salah", "date": "", "url": "",
         "conclusion": "", "explanation": note},
        {"title": "Pasar pindah", "verdict": "salah", "date": "", "url": ""},
    ]  # fmt: skip
    path = tmp_path / "x.index"
    build_index([jsonl(tmp_path / "a.jsonl", rows)], path)
    with ClaimIndex(path) as index:
        found = index.candidates("hujan buatan danau kelabu", limit=3)
        assert [e.title for e in index.entries([n for n, _ in found])] == ["Cuaca dikendalikan"]


def test_claims_in_memory_are_enough(tmp_path: Path) -> None:
    built = write_index([Claim("satu dua tiga", "", "false", "", "")] * 2, tmp_path / "x.index")
    assert (built.n_claims, built.n_copies) == (1, 1)


def test_every_error_speaks_both_languages_in_three_sentences() -> None:
    for code, message in catalogue().items():
        if code.startswith("claims_") and code not in {"claims_view", "claims_finding"}:
            assert set(message) == {"id", "en"}, code
            assert all(set(part) == {"expected", "found", "todo"} for part in message.values())
