"""Evidence: places in the raw text, the same in any company, whose removal lowers the score."""

import random
import shutil
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas_nlp import Explanation, Scorer
from netralitas_nlp.errors import BundleError
from netralitas_nlp.evidence import Span, from_json, segments, to_json
from netralitas_nlp.labels import LABELS
from netralitas_nlp.model.sums import write_sums
from netralitas_nlp.text.raw_words import together, without

TEXTS = [text for text, _ in tiny.POSTS]
WORDS = sorted({word for text in TEXTS for word in text.split()})
PIECE = st.sampled_from([*WORDS, "#PilihNomorDua", "✌️✌️", "🇮🇩", "menaaaang", "cafe\u0301", "\\n"])
POST = st.lists(PIECE | st.text(st.characters(), max_size=6), min_size=1, max_size=30).map(" ".join)


@pytest.fixture(scope="module")
def scorer(tiny_bundle: Path) -> Scorer:
    return Scorer.from_pretrained(tiny_bundle, operating_point="recall")


LOUD = "Ayo bapak ibu, coblos nomor dua, menangkan Pak Sutan Ranggawe!"


@pytest.fixture(scope="module")
def released(released_bundle: Path) -> Scorer:
    return Scorer.from_pretrained(released_bundle)


def powerset(items: set[str]) -> list[tuple[str, ...]]:
    return [some for n in range(len(items) + 1) for some in combinations(sorted(items), n)]


def surest(scorer: Scorer, texts: list[str], label: str) -> str:
    return max(texts, key=lambda text: scorer.score(text).scores[label])  # type: ignore[index]


def test_one_text_gives_one_explanation_and_a_list_gives_a_list(scorer: Scorer) -> None:
    one = scorer.explain(TEXTS[0])
    assert isinstance(one, Explanation)
    assert one.prediction == scorer.score(TEXTS[0])
    assert scorer.explain(TEXTS) == [scorer.explain(text) for text in TEXTS]
    assert scorer.explain([]) == []
    with pytest.raises(TypeError, match="text 1 "):
        scorer.explain(["rapat", 3])  # type: ignore[list-item]


def test_flagged_and_near_posts_have_evidence_and_clear_ones_none(scorer: Scorer) -> None:
    found = scorer.explain(TEXTS)
    for one in found:
        reached = {
            label
            for label, score in one.prediction.scores.items()
            if score >= scorer.thresholds[label]["review"]
        }
        assert {span.label for span in one.spans} <= reached
        assert bool(one.spans) <= (one.prediction.decision != "clear")
    explained = [one for one in found if one.prediction.decision != "clear"]
    assert sum(bool(one.spans) for one in explained) > len(explained) / 2 > 0


@settings(max_examples=80)
@given(text=POST, parent=st.none() | POST)
def test_spans_are_places_of_the_raw_text(scorer: Scorer, text: str, parent: str | None) -> None:
    found = scorer.explain(text, parent=parent)
    order = [(LABELS.index(span.label), span.start) for span in found.spans]
    assert order == sorted(order)
    ends: dict[str, int] = {}
    for span in found.spans:
        assert ends.get(span.label, 0) <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
        assert 0 < span.weight <= 1
        ends[span.label] = span.end


@settings(max_examples=40)
@given(text=POST)
def test_weights_add_up_to_what_the_score_loses_without_the_spans(
    scorer: Scorer, text: str
) -> None:
    found = scorer.explain(text)
    labels = {span.label for span in found.spans}
    for label in labels:
        # Labels found by the same trial are taken out together.
        drops = []
        for others in powerset(labels - {label}):
            out = [(s.start, s.end) for s in found.spans if s.label in {label, *others}]
            left = scorer.score(without(text, together(out))).scores.get(label, 0.0)
            drops.append(found.prediction.scores[label] - left)
        weights = [span.weight for span in found.spans if span.label == label]
        assert min(abs(sum(weights) - drop) for drop in drops) <= 1e-4 * len(weights)


@settings(max_examples=10)
@given(
    items=st.lists(st.tuples(POST, st.none() | POST), min_size=1, max_size=8),
    order=st.randoms(use_true_random=False),
)
def test_company_and_order_do_not_move_evidence(
    tiny_bundle: Path, items: list[tuple[str, str | None]], order: random.Random
) -> None:
    # Fresh scorers: what one has met before must not matter either.
    wanted = [
        Scorer.from_pretrained(tiny_bundle, verify=False).explain(text, parent=parent)
        for text, parent in items
    ]
    mixed = list(range(len(items))) * 2
    order.shuffle(mixed)
    found = Scorer.from_pretrained(tiny_bundle, verify=False, threads=2).explain(
        [items[i][0] for i in mixed], parent=[items[i][1] for i in mixed]
    )
    assert found == [wanted[i] for i in mixed]


def test_evidence_in_the_middle_of_a_long_text_is_found_there(released: Scorer) -> None:
    filler, loud = " ".join(tiny.NEUTRAL * 4), "\n".join([LOUD] * 6)
    text = f"{filler}\n{loud}\n{filler}"
    found = released.explain(text)
    assert found.prediction.n_windows > 3
    spans = [span for span in found.spans if span.label == "candidate_support"]
    inside = [span for span in spans if len(filler) < span.start < len(filler) + len(loud)]
    assert sum(s.weight for s in inside) > 0.5 * sum(s.weight for s in spans) > 0


def test_every_occurrence_of_a_word_is_marked(released: Scorer) -> None:
    text = f"{LOUD} {tiny.NEUTRAL[0]} {tiny.NEUTRAL[1]} {LOUD.upper()}"
    marked = [s for s in released.explain(text).spans if s.label == "candidate_support"]
    first = {i for s in marked for i in range(s.start, s.end) if i < len(LOUD)}
    shift = len(text) - len(LOUD)
    second = {i - shift for s in marked for i in range(s.start, s.end) if i >= shift}
    assert first == second != set()


def test_evidence_that_lies_in_the_parent_is_not_put_into_the_text(scorer: Scorer) -> None:
    parent = surest(scorer, tiny.SUPPORT, "candidate_support")
    text = "selamat pagi"
    for span in scorer.explain(text, parent=parent).spans:
        assert text[span.start : span.end] == span.text


def test_stored_figures_of_pieces_give_the_same_evidence(
    scorer: Scorer, tiny_bundle: Path, tmp_path: Path
) -> None:
    assert (tiny_bundle / "pieces.npy").is_file()
    folder = shutil.copytree(tiny_bundle, tmp_path / "model")
    (folder / "pieces.npy").unlink()
    write_sums(folder)
    lazy = Scorer.from_pretrained(folder, operating_point="recall")
    assert lazy.explain(TEXTS) == scorer.explain(TEXTS)


@pytest.mark.parametrize(
    "table", [np.zeros((3, 3), np.float32), np.zeros((9, 3)), np.array(["x"]), None]
)
def test_figures_of_another_model_are_refused(
    tiny_bundle: Path, tmp_path: Path, table: np.ndarray | None
) -> None:
    folder = shutil.copytree(tiny_bundle, tmp_path / "model")
    if table is None:
        (folder / "pieces.npy").write_bytes(b"bukan tabel")
    else:
        np.save(folder / "pieces.npy", table)
    write_sums(folder)
    scorer = Scorer.from_pretrained(folder)
    with pytest.raises(BundleError, match=r"pieces\.npy"):
        scorer.explain("rapat")


def test_json_keeps_spans_and_drops_what_does_not_fit_the_text() -> None:
    text = "Ayo coblos ✌️ dua"
    good = Span("candidate_support", 4, 10, "coblos", 0.25)
    sign = Span("hoax", 11, 13, "✌️", 0.5)
    assert from_json(to_json([good, sign]), text) == (good, sign)
    assert from_json(to_json([good]), "teks lain sama sekali") == ()
    assert from_json(to_json([good, good]), text) == (good,)
    for broken in (None, "", "x", "{}", "[1]", '[{"label": "hoax"}]', "[" * 9_999):
        assert from_json(broken, text) == ()
    floats = '[{"label": "hoax", "start": 0.0, "end": 3.0, "text": "Ayo", "weight": 0.1}]'
    assert from_json(floats, text) == ()
    assert (
        from_json('[{"label": [], "start": 0, "end": 3, "text": "Ayo", "weight": 1}]', text) == ()
    )
    lies = '[{"label": "x", "start": 0, "end": 3, "text": "Ayo", "weight": 0.1}]'
    assert from_json(lies, text) == ()


@given(st.text(max_size=30), st.data())
def test_segments_joined_are_the_text(text: str, data: st.DataObject) -> None:
    edges = st.integers(0, len(text) + 5)
    drawn = data.draw(st.lists(st.tuples(st.sampled_from(LABELS), edges, edges), max_size=6))
    spans = [Span(label, a, b, text[a:b], 0.1) for label, a, b in drawn if a < b]
    found = segments(text, spans)
    assert "".join(part.text for part in found) == text
    assert all(part.text for part in found)
    place = 0
    for part in found:
        for i in range(place, place + len(part.text)):
            assert set(part.labels) == {s.label for s in spans if s.start <= i < s.end}
        place += len(part.text)
