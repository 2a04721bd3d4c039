"""The page of an evaluation in a real browser: offline, safe, readable on a phone and on paper."""

import made_evaluation as made
import pytest

from netralitas_nlp.report.evaluation import write_evaluation_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    return write_evaluation_page(made.everything(tmp_path_factory.mktemp("penilaian")))


def test_the_page_opens_without_request_error_or_policy_violation(visit, page_file):
    page = visit(page_file)
    assert page.title() == "Penilaian model"
    assert page.locator("script, img").count() == 0
    assert page.locator("section").count() == 9
    assert made.EVIL.split("\u202e", maxsplit=1)[0].strip() in page.locator("#suite").inner_text()
    assert page.locator("#keandalan svg.wide circle").count() == 12


@pytest.mark.parametrize("width", [320, 360, 800, 1440])
def test_nothing_sticks_out_of_the_sheet(visit, page_file, width):
    page = visit(page_file, width=width)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_paper_shows_the_flips_that_a_screen_folds_away(visit, page_file):
    page = visit(page_file)
    swap = page.locator(".swap").first
    assert not swap.is_visible()
    page.emulate_media(media="print")
    assert swap.bounding_box()["height"] > 20
