"""The dossier in a real browser: offline, safe, on a phone, and on A4."""

import json
import re

import pytest
from dossier_run import ACCOUNT, rows, verdict, write_verdicts
from report_run import make_run, post

from netralitas_nlp.report.dossier import write_dossier

pytestmark = pytest.mark.browser

ATTACK = (
    "</blockquote></main><script>document.title='jebol'</script><img src=x onerror=alert(1)>"
    "<svg onload=alert(2)><style>*{display:none}</style><a href='https://contoh.id'>klik</a> "
    "\u202eterbalik"
)
MARKS = [{"label": "hoax", "start": 10, "end": 30, "text": ATTACK[10:30], "weight": 1}]
HOSTILE = [
    post(
        ATTACK,
        (0.1, 0.1, 0.9),
        account=ACCOUNT,
        parent_text=ATTACK,
        url="javascript:alert(4)",
        source_file="<img src=//contoh.id/x.png>.csv",
        evidence=json.dumps(MARKS),
        claim_title=ATTACK,
        claim_url="javascript:alert(5)",
        claim_stance="<script>alert(6)</script>",
        post_id="<b>1</b>",
        bundle="<i>m</i>",
        row_id="1" * 16,
    ),
    post("tanpaspasi" * 300, (0.1, 0.1, 0.9), account=ACCOUNT, url="https://contoh.id/" + "a" * 900,
         row_id="2" * 16),
    post("Z" + "\u0351\u036b\u0343" * 300, (0.1, 0.1, 0.9), account=ACCOUNT, row_id="3" * 16),
]  # fmt: skip


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("berkas")
    run = make_run(folder / "run", [*rows(), *HOSTILE])
    entries = [
        verdict(row["row_id"], "hoax", "yes", reviewer="<script>alert(7)</script>")
        for row in [*rows()[:1], *HOSTILE]
    ]
    verdicts = write_verdicts(folder / "v.jsonl", entries)
    written = write_dossier(
        run, ACCOUNT, verdicts=verdicts, sheet=True, reveal=True, reviewer_names=True
    )
    return dict(zip(("dossier", "sheet"), written.files, strict=True))


@pytest.mark.parametrize("name", ["dossier", "sheet"])
def test_what_strangers_wrote_is_shown_and_never_run(visit, papers, name):
    page = visit(papers[name])
    page.wait_for_timeout(200)
    assert "jebol" not in page.title()
    assert page.locator("script, img, svg").count() == 0
    texts = page.locator("blockquote").all_inner_texts()
    shown = ATTACK.replace("\u202e", "RLO")
    assert any(shown in text for text in texts)
    hrefs = page.locator("a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert all(href.startswith("https://") for href in hrefs)
    assert page.locator("mark").first.inner_text() in ATTACK


def test_policy_stops_what_escaping_would_have_missed(browser, papers, tmp_path):
    text = papers["dossier"].read_text(encoding="utf-8")
    broken = tmp_path / "dossier.html"
    broken.write_text(
        text.replace("<header", "<script>document.title='jebol'</script>"
                     "<img src='https://contoh.id/x.png'><i style='color:red'></i><header", 1),
        encoding="utf-8",
    )  # fmt: skip
    page = browser.new_page()
    page.add_init_script(
        "window.stopped = [];"
        "document.addEventListener('securitypolicyviolation',"
        " (e) => window.stopped.push(e.effectiveDirective));"
    )
    page.goto(broken.as_uri())
    page.wait_for_function("window.stopped.length >= 3")
    assert "jebol" not in page.title()
    page.close()


@pytest.mark.parametrize("name", ["dossier", "sheet"])
@pytest.mark.parametrize("width", [320, 390, 800, 1440])
def test_paper_never_scrolls_sideways(visit, papers, name, width):
    page = visit(papers[name], width=width, height=800)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["dossier", "sheet"])
def test_paper_prints_on_a4_with_its_marks(visit, papers, name):
    page = visit(papers[name])
    pdf = page.pdf(prefer_css_page_size=True)
    # A4 is 595 x 842 points.
    assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45][.\d]* 84[12][.\d]*\s*\]", pdf)
    page.emulate_media(media="print")
    mark = page.locator("mark").first
    assert mark.evaluate("m => getComputedStyle(m).textDecorationLine") == "underline"
    # 210 mm less two margins of 18 mm, at 96 dots per inch.
    page.set_viewport_size({"width": 657, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 657


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_blank_lines_and_boxes_are_there_to_fill_in(visit, papers, scheme):
    page = visit(papers["dossier"], color_scheme=scheme)
    assert page.locator(".blank .fill:visible").count() >= 12
    assert page.locator(".boxes li:visible").count() == 13


def test_the_foot_of_a_page_takes_any_name_for_words(visit, tmp_path):
    name = '"} body{display:none} </style><script>alert(1)</script>'
    row = post("pilih dua", (0.9, 0.1, 0.1), account=name, row_id="1" * 16)
    run = make_run(tmp_path / "run", [row])
    verdicts = write_verdicts(tmp_path / "v.jsonl", [verdict("1" * 16, "hoax", "yes")])
    (file,) = write_dossier(run, name, verdicts=verdicts, reveal=True).files
    page = visit(file)
    assert page.locator("body").is_visible()
    assert page.locator("script").count() == 0
    assert name in page.locator("footer").inner_text()
    page.emulate_media(media="print")
    assert page.locator("footer").is_hidden()
    rules = page.evaluate("[...document.styleSheets[0].cssRules].map(r => r.cssText).join('\\n')")
    assert "bottom-left" in rules
