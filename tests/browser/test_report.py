"""The report in a real browser: offline, safe, on a desk, a phone, and paper."""

import re

import pytest
from report_run import EVALUATION, campaign, make_run, post

from netralitas_nlp.evidence import Span, to_json
from netralitas_nlp.policy.policies import released_policy
from netralitas_nlp.report.page import write_report
from netralitas_nlp.scoring.chains import write_chains
from netralitas_nlp.scoring.run import RunFolder

pytestmark = pytest.mark.browser

HOSTILE = [
    post(
        "</blockquote><script>document.title='jebol'</script><img src=x onerror=alert(1)>"
        "<svg onload=alert(2)><style>*{display:none}</style> \u202eterbalik",
        (0.999, 0.0, 0.0),
        account="<script>alert(3)</script>",
        url="javascript:alert(4)",
        source_file="<img src=//contoh.id/x.png>.csv",
    ),
    post("tanpaspasi" * 150, (0.998, 0.0, 0.0), url="https://contoh.id/" + "a" * 900),
    post("Z" + "\u0351\u036b\u0343" * 300, (0.997, 0.0, 0.0), posted_at=""),
    post("يجب أن ننتخب المرشح الثاني pilih nomor 2 🇮🇩", (0.996, 0.0, 0.0), text_kind="quote"),
]
MARKED_TEXT = (
    "Ayo coblos <script>document.title='jebol'</script> \u202e✌️✌️ nomor dua"
    "<img src=x onerror=alert(5)>"
)


def span(label, words, weight):
    start = MARKED_TEXT.index(words)
    return Span(label, start, start + len(words), words, weight)


MARKED = post(
    MARKED_TEXT,
    (0.995, 0.0, 0.9),
    evidence=to_json(
        [
            span("candidate_support", "coblos <script>document", 0.3),
            span("candidate_support", "✌️✌️ nomor dua", 0.2),
            span("hoax", "nomor dua<img src=x onerror=alert(5)>", 0.4),
        ]
    ),
)
SIZES = {"phone": (360, 740), "small phone": (320, 568), "tablet": (800, 1000), "desk": (1440, 900)}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("laporan")
    run = make_run(folder / "run", [*HOSTILE, MARKED, *campaign(400)], evaluation=EVALUATION)
    write_report(run, out=folder / "report.html", reveal=True)
    return folder / "report.html"


@pytest.fixture(scope="module")
def empty_report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kosong")
    write_report(make_run(folder / "run", []), out=folder / "report.html", lang="en")
    return folder / "report.html"


def shown(page) -> int:
    return page.locator("#list > .post:visible").count()


def test_page_opens_without_request_error_or_policy_violation(visit, report):
    page = visit(report)
    assert "Laporan" in page.title()
    assert shown(page) > 100
    page.wait_for_timeout(200)


def test_script_in_a_post_does_not_run_and_is_shown_as_text(visit, report):
    page = visit(report)
    assert "jebol" not in page.title()
    assert "<script>document.title='jebol'</script>" in page.locator("#u1 .text").inner_text()
    assert page.locator("#u1 a").count() == 0
    assert page.locator("body script").count() == 1
    assert page.locator("img").count() == 0


def marks(page):
    return page.locator("article.post", has_text="onerror=alert(5)").locator(".text mark")


def test_evidence_is_marked_where_it_stands_and_runs_nothing(visit, report):
    page = visit(report)
    assert "jebol" not in page.title()
    texts = marks(page).all_text_contents()
    assert texts == [
        "coblos <script>document", "✌️✌️ ", "nomor dua", "<img src=x onerror=alert(5)>",
    ]  # fmt: skip
    classes = [mark.get_attribute("class") for mark in marks(page).all()]
    assert classes == ["candidate_support"] * 2 + ["candidate_support hoax", "hoax"]
    assert page.locator("img").count() == 0
    reasons = page.locator("article.post", has_text="onerror=alert(5)").locator(".reasons")
    assert "coblos <script>document" in reasons.inner_text()
    assert "0,49 tanpa kata yang ditandai" in reasons.inner_text()


@pytest.mark.parametrize("medium", ["screen", "print"])
def test_labels_of_marks_differ_without_colour(visit, report, medium):
    page = visit(report)
    page.emulate_media(media=medium)
    look = "e => { const s = getComputedStyle(e); return [s.textDecorationLine, "
    look += "s.borderBottomStyle, s.borderTopStyle].join(' '); }"
    legend = page.locator(".legend mark")
    assert legend.count() == 3
    assert len({mark.evaluate(look) for mark in legend.all()}) == 3
    assert marks(page).nth(2).evaluate(look) == "underline none dotted"


def test_policy_stops_what_escaping_would_have_missed(browser, report, tmp_path):
    text = report.read_text(encoding="utf-8")
    broken = tmp_path / "report.html"
    broken.write_text(
        text.replace("<main>", "<main><script>document.title='jebol'</script>"
                     "<img src='https://contoh.id/x.png'><i style='color:red'></i>", 1),
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
    assert set(page.evaluate("window.stopped")) == {"script-src-elem", "img-src", "style-src-attr"}
    page.close()


def test_filters_leave_exactly_the_posts_that_match(visit, report):
    page = visit(report)
    total = shown(page)
    assert page.locator("#f-shown").inner_text() == f"{total} dari {total} teks ditampilkan"
    for field, attribute in (("label", "labels"), ("decision", "decision"), ("kind", "kind")):
        values = page.locator(f"#f-{field} option").evaluate_all("all => all.map(o => o.value)")
        for value in values[1:]:
            page.select_option(f"#f-{field}", value)
            expected = page.locator(f"#list > .post[data-{attribute}~='{value}']").count()
            assert shown(page) == expected
            assert page.locator("#f-shown").inner_text().startswith(f"{expected} dari")
        page.click("#f-reset")
        assert shown(page) == total


def test_search_ignores_case_and_needs_every_word(visit, report):
    page = visit(report)
    page.fill("#f-text", "NOMOR torang")
    texts = page.locator("#list > .post:visible .text").all_inner_texts()
    assert texts
    assert all("nomor" in text.lower() and "torang" in text.lower() for text in texts)
    page.fill("#f-text", "tidak ada kata seperti ini")
    assert shown(page) == 0
    assert page.locator("#f-nothing").is_visible()


def test_date_range_keeps_only_posts_of_those_days(visit, report):
    page = visit(report)
    page.fill("#f-from", "2024-11-01")
    page.fill("#f-to", "2024-11-10")
    days = page.locator("#list > .post:visible").evaluate_all(
        "all => all.map(p => [p.dataset.first, p.dataset.last])"
    )
    assert days
    assert all(first <= "2024-11-10" and last >= "2024-11-01" for first, last in days)
    assert page.locator("#f-undated").is_visible()


def test_whole_list_is_readable_without_script(visit, report):
    page = visit(report, java_script_enabled=False)
    assert page.locator("#filters").is_hidden()
    assert shown(page) > 100


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["report", "empty_report"])
def test_page_never_scrolls_sideways(visit, request, name, size):
    width, height = SIZES[size]
    page = visit(request.getfixturevalue(name), width=width, height=height)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for details in page.locator("details").all():
        details.evaluate("d => d.setAttribute('open', '')")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_charts_fit_the_phone_and_keep_legible_letters(visit, report):
    page = visit(report, width=360, height=740)
    charts = page.locator("svg.chart:visible")
    assert charts.count() == 4
    for chart in charts.all():
        box = chart.bounding_box()
        assert box["x"] + box["width"] <= 360
        drawn = float(chart.get_attribute("width"))
        assert 12 * box["width"] / drawn >= 11


def test_keyboard_reaches_every_control(visit, report):
    page = visit(report)
    wanted = {"f-text", "f-label", "f-decision", "f-kind", "f-from", "f-to", "f-reset"}
    reached = set()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))
        if wanted <= reached:
            break
    assert wanted <= reached


def test_focus_is_visible(visit, report):
    page = visit(report)
    page.locator("#f-text").focus()
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_have_enough_contrast(visit, report, scheme):
    page = visit(report, color_scheme=scheme)
    measured = page.evaluate(CONTRAST)
    assert len(measured) > 20
    # WCAG 2.2 AA: 4.5 to 1 for text of normal size.
    assert {words: ratio for words, ratio in measured.items() if ratio < 4.5} == {}


def test_dark_scheme_is_dark(visit, report):
    page = visit(report, color_scheme="dark")
    color = page.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor")
    assert max(int(n) for n in re.findall(r"\d+", color)[:3]) < 60


def test_paper_shows_links_and_copies_but_no_filters(visit, report):
    page = visit(report)
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 10
    page.emulate_media(media="print")
    assert page.locator("#filters").is_hidden()
    assert page.locator("nav").is_hidden()
    printed = page.locator("#list .printed-url:visible").first.inner_text()
    assert printed.startswith("https://")


def test_empty_run_reads_as_a_page(visit, empty_report):
    page = visit(empty_report)
    assert "There was no post to score." in page.locator("#ringkasan").inner_text()
    assert page.locator("#filters").count() == 0


CONTRAST = r"""() => {
  const parse = (c) => (c.match(/[\d.]+/g) || []).map(Number);
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => {
      v /= 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const found = {};
  for (const e of document.querySelectorAll("main *, header *, footer *, nav *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility()) continue;
    const style = getComputedStyle(e);
    const svg = e.namespaceURI.endsWith("svg");
    const pair = [light(parse(svg ? style.fill : style.color)), light(ground(e))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    const name = e.tagName + "." + (e.getAttribute("class") || "") + " " + style.color;
    found[name] = Math.min(found[name] || 99, ratio);
  }
  return found;
}"""


def test_claims_and_chains_are_read_at_any_width(visit, tmp_path):
    text = "Server penghitungan suara Rantau Selasih sudah diatur dari luar negeri sejak bulan lalu"
    claim = {
        "claim_title": "[SALAH] <b>Server</b> KPU diatur " + "panjangsekali" * 12,
        "claim_url": "https://periksa.example/salah/server-kpu",
        "claim_similarity": 0.81,
        "claim_stance": "asserts",
        "claim_verdict": "false",
        "claim_date": "2024-02-20",
    }
    hoax = (0.1, 0.1, 0.9)
    rows = [
        post(text, hoax, account="satu", posted_at="2024-09-01T08:00:00+07:00", **claim),
        post(text.upper(), hoax, account="dua", posted_at="2024-09-02T09:00:00+07:00", **claim),
        post("Tidak benar " + text[:60], hoax, **claim | {"claim_stance": "denies"}),
        post("Kabar <i>lain</i> tentang pupuk langka", hoax, clause="Langkat 3", stage="tahap" * 90,
             posted_at="2024-01-15T08:00:00+07:00"),
    ]  # fmt: skip
    run = RunFolder.open(make_run(tmp_path / "run", rows))
    write_chains(run)
    run.manifest["config"]["policy"] = {"version": released_policy().version, "column": "daerah"}
    run.save()
    write_report(run.path, out=tmp_path / "r.html")
    for width in (320, 1440):
        page = visit(tmp_path / "r.html", width=width)
        cards = page.locator("#list article")
        assert cards.count() == 3
        copied = page.locator("#list article", has=page.locator(".chain"))
        assert copied.count() == 1
        assert "2 unggahan hampir sama, dari 2 akun, dalam 1 hari" in copied.inner_text()
        assert copied.locator(".account").last.inner_text() != "satu"
        assert "cocok dengan klaim yang sudah dibantah" in copied.inner_text()
        assert "belum diverifikasi" not in copied.inner_text()
        shown = copied.locator(".claim a")
        assert shown.get_attribute("href") == claim["claim_url"]
        assert "noopener" in shown.get_attribute("rel")
        others = [cards.nth(n).inner_text() for n in range(3) if "hampir sama" not in
                  cards.nth(n).inner_text()]  # fmt: skip
        assert all("belum diverifikasi, perlu cek fakta" in said for said in others)
        assert not any("sudah dibantah" in said for said in others)
        assert any("membantah" in said for said in others)
        cited = page.locator("#list article", has_text="pupuk langka")
        assert "Langkat 3" in cited.locator(".pledge").inner_text()
        assert "tidak menyebarkan ujaran kebencian" in cited.locator(".wording").inner_text()
        assert "Daerah unggahan ini tidak diketahui" in copied.locator(".pledge").inner_text()
        for medium in ("print", "screen"):
            page.emulate_media(media=medium)
            assert cited.locator(".pledge").is_visible()
            assert cited.locator(".stage").is_visible()
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0


def test_link_that_names_an_account_is_told_and_not_shown_at_any_width(visit, tmp_path):
    rows = [
        post("Ayo pilih nomor dua", (0.9, 0, 0), account="sekar.uji", source_row=41,
             url="https://www.facebook.com/Sekar.Uji/posts/12", source_file="sekar.uji.csv"),
        post("Pilih nomor tiga saja", (0.8, 0, 0), account="sekar.uji",
             url="https://x.com/sekar_uji/status/184003643642/photo/1?s=20"),
    ]  # fmt: skip
    write_report(make_run(tmp_path / "run", rows), out=tmp_path / "r.html")
    for width in (320, 1440):
        page = visit(tmp_path / "r.html", width=width)
        card = page.locator("#list article", has_text="nomor dua")
        assert "tautan memuat nama akun; lihat scored.csv, source_row 41" in card.inner_text()
        assert card.locator("a").count() == 0
        other = page.locator("#list article", has_text="nomor tiga").locator("a")
        assert other.get_attribute("href") == "https://x.com/i/status/184003643642"
        assert not re.search("sekar.?uji", page.content(), re.IGNORECASE)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0
