"""The dossier holds what a human confirmed, unaltered and dated, and states no guilt."""

import builtins
import hashlib
import html
import io
import json
import re
from datetime import date
from pathlib import Path

import pytest
from dossier_run import (
    ACCOUNT,
    CALM,
    HIGH,
    TEXT,
    VERDICTS,
    make_case,
    rows,
    verdict,
    write_verdicts,
)
from hypothesis import given
from hypothesis import strategies as st
from report_run import make_run, post

from netralitas_nlp.errors import InputError, MissingExtraError, RunError, UsageError, catalogue
from netralitas_nlp.evidence import Span, from_json_counted, to_json
from netralitas_nlp.labels import LANGUAGES
from netralitas_nlp.pseudonyms import REVEAL_LOG, pseudonym, run_key
from netralitas_nlp.report.blocks import Piece
from netralitas_nlp.report.deadline import deadline
from netralitas_nlp.report.dossier import write_dossier
from netralitas_nlp.report.post_blocks import pieces

TODAY = date(2024, 10, 10)
SANCTIONS = re.compile(r"sanksi|sanction|hukuman|penjara|prison|denda|\bfine\b|pecat|dismiss", re.I)
GUILT = re.compile(r"terbukti bersalah|pelaku|\bguilty\b|offender|tersangka", re.I)


def made(tmp_path: Path, account: str = ACCOUNT, **options: object) -> str:
    """Return the dossier as text, line breaks kept."""
    run, verdicts = make_case(tmp_path)
    options = {"verdicts": verdicts, "out": tmp_path / "out", "today": TODAY, **options}
    written = write_dossier(run, account, **options)  # type: ignore[arg-type]
    return text_of(written.files[0])


def text_of(file: Path) -> str:
    page = file.read_text(encoding="utf-8")
    body = page[page.index("<body>") :]
    lines = re.sub(r"</(p|dt|dd|td|li|h\d|span)>", "\n", body)
    return html.unescape(re.sub(r"<[^>]+>", "", lines)).replace("\u00a0", " ")


def test_only_posts_whose_last_word_is_yes_are_in_it(tmp_path: Path) -> None:
    page = made(tmp_path)
    assert TEXT in page
    assert "Kabar dari grup sebelah" in page
    assert "Jadwal pelayanan" not in page
    assert "Unggahan 2: dugaan kepentingan calon" in page
    assert "Unggahan 3" not in page


def test_a_post_stands_with_its_origin_and_digests(tmp_path: Path) -> None:
    page = made(tmp_path)
    zones = "2 Okt 2024, 23.30 WIB · 3 Okt 2024, 00.30 WITA · 01.30 WIT · 2 Okt 2024, 16.30 UTC"
    assert zones in page
    assert "tertulis di ekspor: 2024-10-02T16:30:00+00:00" in page
    assert "1 Okt 2024 (jam tidak diketahui)" in page
    for digest in (TEXT, "{}", "ekspor"):
        assert hashlib.sha256(digest.encode()).hexdigest() in page
    assert hashlib.sha256((tmp_path / "verdicts.jsonl").read_bytes()).hexdigest() in page
    assert "ekspor.csv, baris 1" in page
    assert "tiny, titik kerja balanced" in page


def test_clause_stage_and_act_are_cited_with_their_wording(tmp_path: Path) -> None:
    page = made(tmp_path)
    assert "kepentingan calon: Luwu Utara, poin 3" in page
    assert "tidak dipergunakan untuk kepentingan calon tertentu" in page
    assert "Masa kampanye" in page
    assert "membuat unggahan (posting)" in page
    assert "saat diskor berlaku versi 2024-01-01-00000000" in page
    assert "memberi komentar" not in page


def test_claim_and_chain_are_told_and_other_accounts_keep_their_pseudonym(tmp_path: Path) -> None:
    page = made(tmp_path, reveal=True)
    assert "Kabar grup itu tidak benar" in page
    assert "kemiripan 0,83" in page
    assert "sikap teks terhadap klaim: menyatakan" in page
    assert "Teks yang sama ada pada 2 unggahan dari 2 akun" in page
    other = pseudonym("penulis_lain", key=run_key(tmp_path / "hasil"))
    assert f"Salinan dari row_id {'d' * 16}, akun {other}" in page
    assert "penulis_lain" not in page


def test_only_words_of_confirmed_labels_are_marked(tmp_path: Path) -> None:
    made(tmp_path)
    page = next((tmp_path / "out").glob("*.html")).read_text(encoding="utf-8")
    assert re.findall(r"<mark>(.*?)</mark>", page) == [TEXT[4:20]]


def test_a_human_is_said_to_have_decided_and_reviewers_are_numbered(tmp_path: Path) -> None:
    page = made(tmp_path)
    assert "Skor bukan bukti" in page
    assert "(Peninjau 1, Peninjau 2)" in page
    assert "Sekar" not in page
    assert "model lain: lama" in page
    named = made(tmp_path / "b", reviewer_names=True)
    assert "Bu Sekar" in named
    assert "Pak Wiro" in named


def test_verdicts_within_one_minute_are_told_as_one_moment(tmp_path: Path) -> None:
    several = made(tmp_path / "beberapa")
    assert "antara 3 Okt 2024, 10.00 WIB dan 4 Okt 2024, 10.00 WIB" in several
    (tmp_path / "sekali").mkdir()
    at_once = [
        verdict("a" * 16, "candidate_support", "yes"),
        verdict("a" * 16, "hoax", "no", decided_at="2024-10-03T03:00:40+00:00"),
    ]
    verdicts = write_verdicts(tmp_path / "sekali" / "putusan.jsonl", at_once)
    once = made(tmp_path / "sekali", verdicts=verdicts)
    assert "(Peninjau 1), pada 3 Okt 2024, 10.00 WIB; tidak satu pun" in once


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_of_ours_states_guilt_or_names_a_sanction(tmp_path: Path, lang: str) -> None:
    made(tmp_path, sheet=True, lang=lang)
    for file in (tmp_path / "out").iterdir():
        page = text_of(file)
        assert not SANCTIONS.search(page), SANCTIONS.search(page)
        assert not GUILT.search(page), GUILT.search(page)
    entry = catalogue()["dossier_doc"]
    assert set(entry["id"]) == set(entry["en"])


def test_the_name_appears_only_when_revealed_and_that_is_noted_first(tmp_path: Path) -> None:
    run = tmp_path / "hasil"
    page = made(tmp_path)
    assert ACCOUNT not in page
    assert "https://x.com/i/status/1840036436426879095" in page
    assert not (run / REVEAL_LOG).exists()
    write_dossier(
        run, ACCOUNT, verdicts=tmp_path / "verdicts.jsonl", out=tmp_path / "out", reveal=True
    )
    file = next((tmp_path / "out").glob("dossier-*.html"))
    assert ACCOUNT in text_of(file)
    assert ACCOUNT not in file.name
    (line,) = (run / REVEAL_LOG).read_text().splitlines()
    assert "dossier" in line
    assert "--reveal" in line
    assert ACCOUNT not in line


def test_no_file_is_written_where_the_reveal_cannot_be_noted(tmp_path: Path) -> None:
    run, verdicts = make_case(tmp_path)
    (run / REVEAL_LOG).mkdir()
    with pytest.raises(RunError):
        write_dossier(run, ACCOUNT, verdicts=verdicts, out=tmp_path / "out", reveal=True)
    assert not (tmp_path / "out").exists()


def test_an_address_or_file_name_that_holds_the_name_is_not_printed(tmp_path: Path) -> None:
    some = rows()
    some[0] |= {"url": f"https://facebook.com/{ACCOUNT.upper()}/posts/1"}
    some[0] |= {"source_file": f"{ACCOUNT}_2024.csv"}
    run, verdicts = make_case(tmp_path, some)
    write_dossier(run, ACCOUNT, verdicts=verdicts, out=tmp_path)
    page = next(tmp_path.glob("*.html")).read_text(encoding="utf-8")
    assert ACCOUNT.casefold() not in page.casefold()
    assert "tidak dicetak karena memuat nama akun" in page


def test_an_account_is_found_by_handle_at_sign_letters_and_pseudonym(tmp_path: Path) -> None:
    run, verdicts = make_case(tmp_path)
    own = pseudonym(ACCOUNT, key=run_key(run))
    for name in (ACCOUNT, f"@{ACCOUNT}", ACCOUNT.upper(), own, own.lower()):
        written = write_dossier(run, name, verdicts=verdicts, out=tmp_path / "out")
        assert written.pseudonym == own
        assert written.n_posts == 2


def test_files_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    run, verdicts = make_case(tmp_path)
    written = write_dossier(run, ACCOUNT, verdicts=verdicts, sheet=True)
    assert [f.parent for f in written.files] == [run / "dossier"] * 2
    assert {f.stat().st_mode & 0o777 for f in written.files} == {0o600}


def test_the_sheet_asks_and_does_not_accuse(tmp_path: Path) -> None:
    made(tmp_path, sheet=True)
    sheet = text_of(next((tmp_path / "out").glob("klarifikasi-*.html")))
    assert TEXT in sheet
    assert "dugaan" not in sheet.lower()
    assert "pelanggaran" not in sheet.lower()
    assert "Akun ini bukan milik saya." in sheet
    assert "Pasal 10" in sheet
    assert "tidak dipergunakan untuk kepentingan calon tertentu" in sheet
    assert "Skor" not in sheet


def test_form_fields_of_the_reporter_stay_blank(tmp_path: Path) -> None:
    made(tmp_path)
    page = next((tmp_path / "out").glob("*.html")).read_text(encoding="utf-8")
    for name in ("Nama pelapor", "NIP terlapor", "NIK/NIP pelapor", "Nama terlapor"):
        blank = rf'<div class="blank">\s*<dt>{name}</dt>\s*<dd><span class="fill"></span></dd>'
        assert re.search(blank, page), name


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (date(2024, 10, 8), "tersisa 5 hari"),
        (date(2024, 10, 3), "hari terakhir untuk menyampaikan"),
        (date(2024, 9, 30), "telah lewat 3 hari"),
        (None, "tidak diberikan"),
    ],
)
def test_the_days_left_are_counted_from_the_day_of_becoming_known(
    tmp_path: Path, known: date | None, words: str
) -> None:
    assert words in made(tmp_path, known_on=known)


def test_a_day_of_becoming_known_in_the_future_is_refused() -> None:
    with pytest.raises(UsageError, match="2024-10-11"):
        deadline(date(2024, 10, 11), today=TODAY)


def test_screenshots_are_compared_with_their_digest(tmp_path: Path) -> None:
    run, verdicts = make_case(tmp_path)
    (tmp_path / "shots").mkdir()
    (tmp_path / "shots" / "u1.png").write_bytes(b"gambar")
    (tmp_path / "luar.png").write_bytes(b"gambar")
    digest = hashlib.sha256(b"gambar").hexdigest()
    lines = ["row_id,captured_at,sha256,file"]
    for name, sha in (("u1.png", digest), ("u1.png", "0" * 64), ("../luar.png", digest)):
        lines.append(f"{'a' * 16},2024-10-03T08:00:00+08:00,{sha},{name}")
    table = tmp_path / "shots" / "captures.csv"
    table.write_text("\n".join(lines), encoding="utf-8")
    written = write_dossier(run, ACCOUNT, verdicts=verdicts, captures=table, out=tmp_path / "out")
    page = text_of(written.files[0])
    assert page.count("digest cocok") == 1
    assert page.count("digest tidak cocok") == 1
    assert page.count("digest tidak diperiksa") == 1
    assert "2024-10-03T08:00:00+08:00" in page


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (",2024-10-03T08:00:00+08:00," + "0" * 64 + ",a.png", "row_id"),
        ("a,2024-10-03T08:00:00," + "0" * 64 + ",a.png", "captured_at"),
        ("a,kemarin," + "0" * 64 + ",a.png", "captured_at"),
        ("a,2024-10-03T08:00:00+08:00,123,a.png", "sha256"),
        ("a,2024-10-03T08:00:00+08:00," + "0" * 64 + ",", "file"),
    ],
)
def test_a_malformed_capture_is_named(tmp_path: Path, cells: str, column: str) -> None:
    run, verdicts = make_case(tmp_path)
    table = tmp_path / "captures.csv"
    table.write_text(f"row_id,captured_at,sha256,file\n{cells}\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"row 1, column {column}"):
        write_dossier(run, ACCOUNT, verdicts=verdicts, captures=table)


def test_unknown_and_ambiguous_accounts_are_refused(tmp_path: Path) -> None:
    some = [*rows(), post("a", CALM, account="Ganda"), post("b", CALM, account="GANDA")]
    run, verdicts = make_case(tmp_path, some)
    with pytest.raises(InputError) as unknown:
        write_dossier(run, "siapa", verdicts=verdicts)
    assert unknown.value.code == "dossier_account_unknown"
    with pytest.raises(InputError) as several:
        write_dossier(run, "ganda", verdicts=verdicts)
    assert several.value.code == "dossier_account_several"


def test_an_account_without_confirmed_post_gets_no_dossier(tmp_path: Path) -> None:
    run, verdicts = make_case(tmp_path)
    with pytest.raises(InputError) as error:
        write_dossier(run, "penulis_lain", verdicts=verdicts)
    assert error.value.code == "dossier_none_confirmed"
    assert "penulis_lain" not in str(error.value)
    assert not (run / "dossier").exists()


def test_verdicts_of_another_run_are_refused(tmp_path: Path) -> None:
    run, verdicts = make_case(tmp_path)
    write_verdicts(verdicts, [*VERDICTS, verdict("f" * 16, "hoax", "yes")])
    with pytest.raises(InputError, match=r"f{16}") as error:
        write_dossier(run, ACCOUNT, verdicts=verdicts)
    assert error.value.code == "dossier_other_run"


def test_malformed_verdicts_foreign_folders_and_torn_runs_are_refused(tmp_path: Path) -> None:
    run, verdicts = make_case(tmp_path)
    with pytest.raises(InputError, match="tidak_ada"):
        write_dossier(run, ACCOUNT, verdicts=tmp_path / "tidak_ada.jsonl")
    verdicts.write_text(json.dumps(VERDICTS[0]) + "\n{rusak\n", encoding="utf-8")
    with pytest.raises(InputError) as broken:
        write_dossier(run, ACCOUNT, verdicts=verdicts)
    assert broken.value.values["row"] == 2
    (tmp_path / "asing").mkdir()
    with pytest.raises(RunError):
        write_dossier(tmp_path / "asing", ACCOUNT, verdicts=verdicts)
    (run / "parts/00000.parquet").unlink()
    with pytest.raises(RunError):
        write_dossier(run, ACCOUNT, verdicts=write_verdicts(verdicts))


def test_a_row_of_which_nothing_is_known_still_makes_a_dossier(tmp_path: Path) -> None:
    bare = post("pilih dua", None, account=ACCOUNT, row_id="a" * 16)
    bare |= dict.fromkeys(("posted_at", "url", "text_kind", "source_file", "truncated"))
    run = make_run(tmp_path / "hasil", [bare])
    verdicts = write_verdicts(tmp_path / "v.jsonl", VERDICTS[:1])
    written = write_dossier(run, ACCOUNT, verdicts=verdicts)
    page = text_of(written.files[0])
    assert "waktu tidak diketahui" in page
    assert "tidak dirujuk" in page
    assert "Kata yang menentukan skor tidak tersedia" in page


def test_docx_holds_the_same_words_and_marks(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    run, verdicts = make_case(tmp_path)
    options = {"verdicts": verdicts, "out": tmp_path / "out", "formats": ["html", "docx"]}
    page, document = write_dossier(run, ACCOUNT, **options, sheet=False).files  # type: ignore[arg-type]
    opened = docx.Document(io.BytesIO(document.read_bytes()))
    paragraphs = [p.text for p in opened.paragraphs]
    cells = [c.text for t in opened.tables for r in t.rows for c in r.cells]
    footer = opened.sections[0].footer.paragraphs[0].text
    said = "\n".join([*paragraphs, *cells, footer]).replace("\u00a0", " ")
    assert TEXT in said
    marked = [r.text for p in opened.paragraphs for r in p.runs if r.font.highlight_color]
    assert marked == [TEXT[4:20]]
    assert "Skor bukan bukti" in said
    assert "kepentingan calon: Luwu Utara, poin 3" in said
    assert any(p.startswith("☐") for p in paragraphs)
    assert any(set(c) == {"_"} for c in cells)
    assert ACCOUNT not in said
    assert opened.core_properties.author == ""
    for line in text_of(page).splitlines():
        if len(line.strip()) > 60 and TEXT not in line and line.strip() not in TEXT:
            assert line.strip().removeprefix("•") in said


def test_docx_survives_what_xml_forbids(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    text = "pilih \x00\x0b\ud800\ufffe\u202edua <w:t>&amp;"
    some = [post(text.replace("\ud800", ""), HIGH, account=ACCOUNT, row_id="a" * 16)]
    run = make_run(tmp_path / "hasil", some)
    verdicts = write_verdicts(tmp_path / "v.jsonl", VERDICTS[:1])
    (file,) = write_dossier(run, ACCOUNT, verdicts=verdicts, formats=["docx"]).files
    said = "\n".join(p.text for p in docx.Document(io.BytesIO(file.read_bytes())).paragraphs)
    assert "[RLO]dua <w:t>&amp;" in said


def test_without_python_docx_the_install_command_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, verdicts = make_case(tmp_path)
    load = builtins.__import__

    def refuse(name: str, *rest: object, **more: object) -> object:
        if name.partition(".")[0] == "docx":
            raise ImportError(name)
        return load(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtraError, match=r"pip install 'netralitas-nlp\[docs\]'"):
        write_dossier(run, ACCOUNT, verdicts=verdicts, formats=["docx"])


def test_unknown_formats_are_refused(tmp_path: Path) -> None:
    for formats in (["pdf"], [], [" "], ["html", "odt"]):
        with pytest.raises(UsageError):
            write_dossier(tmp_path, ACCOUNT, verdicts="v", formats=formats)


@pytest.mark.parametrize(
    "evidence",
    ["", "x", "{}", "[1]", '[{"label": "lain", "start": 0, "end": 2, "text": "ab", "weight": 1}]',
     '[{"label": "hoax", "start": 3, "end": 99, "text": "def", "weight": 1}]',
     '[{"label": "hoax", "start": true, "end": 2, "text": "b", "weight": 1}]',
     '[{"label": "hoax", "start": 0, "end": 2, "text": "zz", "weight": 1}]', "[" * 5000],
)  # fmt: skip
def test_evidence_that_does_not_fit_the_text_marks_nothing(evidence: str) -> None:
    found, dropped = from_json_counted(evidence, "abcdef")
    assert found == ()
    assert dropped == (1 if evidence not in ("",) else 0)


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-2, 45), st.integers(-2, 45))))
def test_marked_pieces_always_join_to_the_text_unaltered(
    text: str, edges: list[tuple[int, int]]
) -> None:
    entries = [Span("hoax", a, b, text[a:b], 0.1) for a, b in sorted(edges)]
    found, dropped = from_json_counted(to_json(entries), text)
    assert len(found) + dropped == len(entries)
    cut = pieces(text, found)
    assert "".join(piece.text for piece in cut) == text
    marked = sum(len(piece.text) for piece in cut if piece.marked)
    assert marked == len({i for s in found for i in range(s.start, s.end)})


def test_places_of_two_labels_that_meet_are_one_mark() -> None:
    text = "ayo coblos nomor dua"
    marks = [
        Span("candidate_support", 4, 16, text[4:16], 0.1),
        Span("hoax", 11, 20, text[11:], 0.1),
    ]
    assert pieces(text, marks) == (Piece("ayo "), Piece("coblos nomor dua", marked=True))
