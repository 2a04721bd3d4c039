"""What a fold leaves out is left out of every source, copies included."""

import pandas as pd
import pytest

from netralitas_nlp.errors import UsageError
from netralitas_nlp.evaluation.protocols.folds import sampled, without_copies_of
from netralitas_nlp.evaluation.protocols.hoax import by_origin
from netralitas_nlp.evaluation.protocols.support import by_candidate, by_election


def frame(*rows: tuple[str, str], **columns: object) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["source", "text"])
    labels = {"candidate_support": 1.0, "hate_speech": 0.0, "hoax": 0.0, "date": ""}
    return table.assign(**labels | columns)


ROWS = frame(
    ("constructed", "Nomor 2 pasti menang di kabupaten kita"),
    ("relabelled:pilpres2024_astagatra", "Anies paling siap memimpin"),
    ("relabelled:pilpres2024_astagatra", "Prabowo Gibran sekali putaran"),
    ("relabelled:pilpres2024_astagatra", "Debat Anies dan Prabowo tadi malam"),
    ("pilpres2024_target_sentiment", "tetap anies"),
    ("pilpres2019_sentiment", "prabowo sandi pasti bisa"),
    ("relabelled:pilgub_banten2024_youtube", "no 1 pasti pas"),
    ("pilgub_banten2024_youtube", "pilih yang bukan dia"),
    ("emotion_tweets", "hujan lagi hari ini"),
)


def test_an_election_leaves_training_with_every_source_that_speaks_of_it() -> None:
    parts = {name: (train, test) for name, train, test in by_election(ROWS)}
    assert set(parts) == {"pilpres-2024", "pilgub-banten-2024"}
    train, test = parts["pilpres-2024"]
    assert set(test["source"]) == {"relabelled:pilpres2024_astagatra"}
    assert not train["source"].str.contains("2024_astagatra|target_sentiment").any()
    assert {"constructed", "emotion_tweets", "pilpres2019_sentiment"} <= set(train["source"])
    train, test = parts["pilgub-banten-2024"]
    assert len(test) == 1
    assert not train["source"].str.contains("banten").any()


def test_a_candidate_left_out_is_named_nowhere_in_training() -> None:
    parts = {name: (train, test) for name, train, test in by_candidate(ROWS)}
    train, test = parts["anies-muhaimin"]
    assert test["text"].tolist() == ["Anies paling siap memimpin"]
    assert not train["text"].str.contains("anies", case=False).any()
    train, test = parts["prabowo-gibran"]
    assert test["text"].tolist() == ["Prabowo Gibran sekali putaran"]
    real = train[train["source"] != "constructed"]
    assert not real["text"].str.contains("prabowo", case=False).any()
    assert "constructed" in set(train["source"])


def test_hoaxes_of_unseen_sources_and_of_later_years_never_train() -> None:
    rows = frame(
        ("hoax_posts", "lama beredar"),
        ("hoax_posts", "baru beredar"),
        ("hoax_posts", "tanpa tanggal"),
        ("relabelled:hoax_posts", "dibaca ulang"),
        ("emotion_tweets", "senang sekali"),
        ("idsa_tweets", "kopi pagi"),
        hoax=[1.0, 1.0, 1.0, 1.0, 0.0, 0.0],
        candidate_support=0.0,
        date=["2019-03-01", "2024-01-05", "", "", "", ""],
    )
    parts = {name: (train, test) for name, train, test in by_origin(rows)}
    train, test = parts["source"]
    assert test["text"].tolist() == ["dibaca ulang"]
    assert set(train["source"]) == {"emotion_tweets", "idsa_tweets"}
    train, test = parts["time"]
    assert set(test["text"]) == {"baru beredar", "senang sekali"}
    assert set(train["text"]) == {"lama beredar", "kopi pagi"}


def test_copies_of_a_test_post_leave_training() -> None:
    text = "Ayo menangkan pasangan nomor dua di seluruh kecamatan, sebarkan ke tetangga kita semua"
    train = frame(
        ("a", text.upper() + "!!"),
        ("b", text.replace("tetangga", "tetangga2")),
        ("c", "Besok apel pagi jam tujuh di halaman kantor bupati, jangan terlambat"),
    )
    kept = without_copies_of(frame(("t", text)), train)
    assert kept["source"].tolist() == ["c"]


def test_all_posts_with_our_labels_train_and_a_share_of_the_public_ones() -> None:
    rows = pd.concat([ROWS] * 3, ignore_index=True)
    drawn = sampled(rows, seed=1, most=2)
    ours = drawn["source"].str.startswith("relabelled:") | (drawn["source"] == "constructed")
    assert ours.sum() == 15
    assert (~ours).sum() == 2
    assert drawn.equals(sampled(rows, seed=1, most=2))


def test_an_unknown_protocol_is_refused_with_the_known_ones() -> None:
    from netralitas_nlp.cli.evaluate_sets import measure_protocol

    with pytest.raises(UsageError, match="unseen-election"):
        measure_protocol("xyz", None, None, out=None, own=None, relabel=None)  # type: ignore[arg-type]
