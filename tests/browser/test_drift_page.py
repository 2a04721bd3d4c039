"""The page of drift in a real browser: drawn, narrow as a phone, and safe with hostile names."""

from pathlib import Path

import numpy as np
import pytest
from report_run import THRESHOLDS, batch, post

from netralitas_nlp.drift_findings import findings
from netralitas_nlp.profiles import Profile, profile_of_batches
from netralitas_nlp.report.drift_page import write_drift_page

pytestmark = pytest.mark.browser
HOSTILE = "<script>alert(1)</script>\u202egnp"


def profile(about: str, *, seed: int, n: int = 300) -> Profile:
    chance = np.random.default_rng(seed)
    rows = [
        post(
            f"unggahan nomor {i}", tuple(chance.beta(0.5, 6, 3)), n_tokens=int(chance.integers(40)),
            url="https://x.com/a/status/1", input=f'{{"lang": "{HOSTILE[:9]}"}}',
        )
        for i in range(n)
    ]  # fmt: skip
    return profile_of_batches([batch(rows)], about=about, pieces=len)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_page_opens_without_requests_and_shows_its_plots(visit, tmp_path, lang) -> None:
    reference, run = profile(HOSTILE, seed=1), profile(HOSTILE, seed=2)
    result = findings(reference, run, THRESHOLDS)
    out = tmp_path / "drift.html"
    write_drift_page(out, result, reference=reference, found=run, thresholds=THRESHOLDS, lang=lang)
    page = visit(out)
    assert page.locator("svg.chart.wide").count() == 5
    assert page.locator("svg.chart.wide").first.is_visible()
    assert page.locator("script").count() == 0
    assert "<script>" in page.locator("header").inner_text()
    assert page.locator("html").get_attribute("lang") == lang
    phone = visit(out, width=360, height=740)
    assert phone.locator("svg.chart.narrow").first.is_visible()
    wider = phone.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0


def test_the_page_replaces_an_older_one_in_whole(tmp_path: Path) -> None:
    one = profile("a", seed=1)
    out = tmp_path / "drift.html"
    out.write_text("lama")
    result = findings(one, one, THRESHOLDS)
    write_drift_page(out, result, reference=one, found=one, thresholds=THRESHOLDS)
    assert out.read_text("utf-8").startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir()] == ["drift.html"]
