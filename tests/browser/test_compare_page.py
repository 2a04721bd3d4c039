"""The page of a comparison in a real browser: offline, safe, readable on a phone."""

import pytest
from made_labels import posts

from netralitas_nlp.labels import LABELS
from netralitas_nlp.report.comparison import render_comparison

pytestmark = pytest.mark.browser

EVIL = "</blockquote><script>document.title='jebol'</script><img src=x onerror=alert(1)> \u202eabc"


def side(name: str) -> dict:
    return {
        "name": name, "version": "1", "digest": "ab" * 32, "operating_point": "balanced",
        "thresholds": dict.fromkeys(LABELS, 0.5), "bytes": {"model.onnx": 29_450_828},
        "posts_per_second": 412.0,
    }  # fmt: skip


def flip(row: int, text: str, outcome: str) -> dict:
    return {
        "row": row, "text": text, "parent": "menanggapi ini", "truth": ["hoax"], "unknown": [],
        "first": [], "second": ["hoax"], "first_scores": dict.fromkeys(LABELS, 0.1),
        "second_scores": dict.fromkeys(LABELS, 0.9), "outcome": outcome,
    }  # fmt: skip


def found() -> dict:
    figure = {"first": 0.61, "second": 0.66, "value": 0.05, "low": -0.01, "high": 0.11, "p": 0.08,
              "p_adjusted": 0.4}  # fmt: skip
    test = {"only_first": 12, "only_second": 19, "p": 0.28}
    names = [f"{kind}:{label}" for kind in ("f1", "ap") for label in LABELS]
    part = {"posts": 30, "first_right": 0.7, "second_right": 0.8, **test}
    texts = [EVIL, "tanpaspasi" * 120, *(row["text"] for row in posts(1)[:12])]
    outcomes = ("worse", "better", "other")
    suite = {"cases": 1080, "passed": 0.6, "violations_passed": 0.4,
             "violations_flag_or_review": 0.8, "non_violations_passed": 0.9}  # fmt: skip
    return {
        "first": side("netralitas-bert-4x256-v2"),
        "second": side("<b>milik-saya</b>"),
        "data": {"file": "data.csv", "posts": 500, "groups": 480, "neutral": 300,
                 "positives": dict.fromkeys(LABELS, 60)},
        "verdict": {"kind": "better", "better": ["f1:hoax"], "worse": []},
        "repeats": 1000,
        "figures": {name: dict(figure) for name in [*names, "neutral_flagged"]},
        "mcnemar": dict.fromkeys([*LABELS, "all"], test),
        "slices": {"platform": {"<u>x</u>": part, "facebook": part}},
        "n_flips": len(texts),
        "flips": [flip(n, text, outcomes[n % 3]) for n, text in enumerate(texts)],
        "suite": {"first": suite, "second": suite, "mcnemar": test,
                  "functionalities": {"F01": {"name": "apel", "cases": 20, "first": 0.5,
                                              "second": 0.6}}},
        "parity": {"religion": {"posts": 40, "variants": 160, "first_shift": 0.03,
                                "second_shift": 0.02, "first_flips": 0.05,
                                "second_flips": 0.04}},
    }  # fmt: skip


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("banding") / "compare.html"
    file.write_text(render_comparison(found(), verdict="B lebih baik: F1 berita bohong."), "utf-8")
    return file


def test_the_page_opens_without_request_error_or_policy_violation(visit, page_file):
    page = visit(page_file)
    assert page.title() == "Perbandingan dua model"
    assert page.locator(".verdict p").first.inner_text() == "B lebih baik: F1 berita bohong."
    assert page.locator("article.flip").count() == 14
    assert page.locator("svg.forest circle").count() == 7
    assert page.locator("script, img").count() == 0
    assert EVIL.split("\u202e", maxsplit=1)[0].strip() in page.locator("#tanda").inner_text()


@pytest.mark.parametrize("width", [320, 360, 800, 1440])
def test_nothing_sticks_out_of_the_sheet(visit, page_file, width):
    page = visit(page_file, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_difference_is_drawn_on_the_side_of_its_sign(visit, page_file):
    page = visit(page_file)
    zero = float(page.locator("svg.forest line.axis").get_attribute("x1"))
    for dot in page.locator("svg.forest circle").all():
        assert float(dot.get_attribute("cx")) > zero
