"""Accounts of a run: counts, independent flags, order, pseudonyms."""

import tracemalloc
from pathlib import Path

import pytest
from report_run import Row, batch, make_run, post

from netralitas_nlp.accounts import MAX_CLAUSES, Account, gather, whole_run
from netralitas_nlp.errors import RunError
from netralitas_nlp.pseudonyms import KEY_FILE, REVEAL_LOG, log_reveal, pseudonym, run_key

FLAG, REVIEW, CLEAR = (0.9, 0.1, 0.1), (0.5, 0.1, 0.1), (0.1, 0.1, 0.1)


def of(rows: list[Row], **options: object) -> dict[str, Account]:
    return {a.name: a for a in gather([batch(rows)], **options).accounts}  # type: ignore[arg-type]


def test_copies_of_one_normal_form_are_one_independent_flag() -> None:
    rows = [
        post("Pilih nomor 2!", FLAG, account="a"),
        post("PILIH nomor 2 🔥 https://x.com/1", FLAG, account="a"),
        post("pilih Nomor 2", FLAG, account="b"),
        post("Apel pagi", CLEAR, account="a"),
        post("🔥🔥", CLEAR, account="a"),
        post("🙏", CLEAR, account="a"),
    ]
    found = of(rows)
    a = found["a"]
    assert (a.scored, a.flag, a.review, a.texts, a.independent_flags) == (6 - 1, 2, 0, 4, 1)
    assert a.labels == {"candidate_support": 2, "hate_speech": 0, "hoax": 0}
    assert a.share_flagged == 0.25
    assert a.interval == pytest.approx((0.0063, 0.8059), abs=1e-3)  # R: binom.test(1, 4)
    assert found["b"].independent_flags == 1


def test_order_is_that_of_the_work_that_waits() -> None:
    rows = [
        *(post(f"kabar {n}", REVIEW, account="banyak_batas") for n in range(3)),
        *(post(f"pilih {n}", FLAG, account="dua_tanda") for n in range(2)),
        post("apel", CLEAR, account="tenang"),
    ]
    assert list(of(rows)) == ["banyak_batas", "dua_tanda", "tenang"]
    ids = [row["row_id"] for row in batch(rows).to_pylist()]
    after = of(rows, decided=set(ids[:2]))
    assert list(after) == ["dua_tanda", "banyak_batas", "tenang"]
    assert (after["banyak_batas"].decided, after["banyak_batas"].waiting) == (2, 1)


def test_times_are_compared_across_zones_and_kept_as_exported() -> None:
    times = ["2024-09-21T08:00:00+07:00", "2024-09-21T00:30:00+00:00", "", "rusak", "2024-09-22"]
    rows = [post(f"t {n}", CLEAR, account="a", posted_at=t) for n, t in enumerate(times)]
    a = of(rows)["a"]
    assert (a.first, a.last) == ("2024-09-21T00:30:00+00:00", "2024-09-22")


def test_rows_without_account_or_score_are_counted_apart() -> None:
    rows = [
        post("x", CLEAR, account=None),
        post("y", CLEAR, account=" "),
        post(None, None, account="a"),
        post("z", CLEAR, account="@a"),
    ]
    found = gather([batch(rows)])
    assert (found.scored, found.without_account) == (3, 2)
    assert [(a.name, a.scored) for a in found.accounts] == [("a", 1)]
    assert gather([]).accounts == ()


def test_clauses_are_gathered_once_and_never_without_end() -> None:
    rows = [post(f"p {n}", FLAG, account="a", clause="Langkat 2;Langkat 3") for n in range(3)]
    assert of(rows)["a"].clauses == ("Langkat 2", "Langkat 3")
    rows = [post(f"p {n}", FLAG, account="a", clause=f"D{n} 3") for n in range(99)]
    assert len(of(rows)["a"].clauses) == MAX_CLAUSES


def test_memory_grows_with_accounts_and_not_with_rows() -> None:
    def peak(n_batches: int) -> int:
        def batches():  # type: ignore[no-untyped-def]
            for b in range(n_batches):
                rows = [post(f"unggahan {b} {i}", FLAG, account=f"a{i % 5}") for i in range(500)]
                yield batch(rows)

        tracemalloc.start()
        gather(batches())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few = peak(2)
    assert peak(20) < few * 1.2


def test_the_key_is_random_private_and_kept(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    key = run_key(tmp_path / "a")
    assert key == run_key(tmp_path / "a") != run_key(tmp_path / "b")
    assert (tmp_path / "a" / KEY_FILE).stat().st_mode & 0o777 == 0o600
    names = {pseudonym(f"akun_{n}", key=key) for n in range(20_000)}
    assert len(names) == 20_000
    assert pseudonym("akun_1", key=key) != pseudonym("akun_1", key=run_key(tmp_path / "b"))
    (tmp_path / "a" / KEY_FILE).write_text("rusak")
    with pytest.raises(RunError, match="64 hexadecimal"):
        run_key(tmp_path / "a")


def test_a_reveal_is_one_line_whatever_the_command_holds(tmp_path: Path) -> None:
    log_reveal(tmp_path, "netralitas accounts 'a\nb' --reveal")
    log_reveal(tmp_path, "netralitas accounts c --reveal")
    lines = (tmp_path / REVEAL_LOG).read_text().splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("\tnetralitas accounts 'a?b' --reveal")


def test_a_run_with_a_lost_part_is_refused(tmp_path: Path) -> None:
    rows = [post(f"p {n}", CLEAR) for n in range(9)]
    run = make_run(tmp_path / "r", rows, rows_per_part=3)
    assert whole_run(run).counts()["rows"] == 9
    for lost in ("00002.done.json", "00001.parquet"):
        (run / "parts" / lost).unlink()
        with pytest.raises(RunError) as error:
            whole_run(run)
        assert error.value.code == "run_incomplete"
