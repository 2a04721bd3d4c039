"""What the desk makes of evidence, clauses and times that come with a row."""

import re
from datetime import date
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from netralitas_nlp.errors import catalogue
from netralitas_nlp.evidence import Span, from_json, to_json
from netralitas_nlp.labels import LABELS
from netralitas_nlp.policy.pledges import cited, stage_words
from netralitas_nlp.policy.policies import load_policy
from netralitas_nlp.policy.stages import stage_code
from netralitas_nlp.report.untrusted import marked
from netralitas_nlp.review.app import PAGES
from netralitas_nlp.review.asking import environment
from netralitas_nlp.review.words import desk_words, time_words

W = desk_words("id")
NAMES = {label: W.label(label) for label in LABELS}
WILD = st.text(alphabet=st.sampled_from("ab <>&\"'\u202e\n\U0001f1ee"), max_size=40)
PLACES = st.integers(-3, 45)
EDGES = st.lists(st.tuples(st.sampled_from(LABELS), PLACES, PLACES), max_size=6)


def span(label, start, end, text):
    return Span(label, start, end, text[start:end], 1.0)


def read(spans, text):
    return from_json(to_json(spans), text)


@given(text=WILD, edges=EDGES)
def test_marks_add_nothing_to_the_words_and_let_no_markup_through(text, edges):
    shown = marked(text, read([span(*edge, text) for edge in edges], text), NAMES)
    plain = re.sub(r"</?(mark|span)[^>]*>", "", shown)
    assert "<" not in plain
    assert "<" not in re.sub(r"<[^>]*>", "", shown)
    words = Markup(plain).unescape()
    assert [words.count(c) for c in "ab<>&\"'"] == [text.count(c) for c in "ab<>&\"'"]
    assert shown.count("<mark") == shown.count("</mark>")


@given(text=WILD, start=PLACES, end=PLACES)
def test_span_outside_the_text_marks_nothing(text, start, end):
    shown = marked(text, read([span("hoax", start, end, text)], text), NAMES)
    assert ("<mark" in shown) == (0 <= start < end <= len(text))


def test_overlap_of_two_labels_names_both():
    text = "Menangkan nomor dua, viralkan"
    spans = [span("candidate_support", 0, 19, text), span("hoax", 10, 29, text)]
    shown = marked(text, read(spans, text), NAMES)
    assert shown.count("<mark") == 3
    assert (
        'class="candidate_support hoax" title="kepentingan calon, berita bohong">nomor dua<'
        in shown
    )


def test_time_is_shown_in_the_three_zones_and_the_day_follows():
    at = "2024-09-21T22:30:00+07:00"
    assert time_words(at, W, zone="WIB") == "21\u00a0Sep\u00a02024, 22.30 WIB"
    assert time_words(at, W, zone="WITA") == "21\u00a0Sep\u00a02024, 23.30 WITA"
    assert time_words(at, W, zone="WIT") == "22\u00a0Sep\u00a02024, 00.30 WIT"


def test_time_without_zone_is_shown_as_written_and_says_so():
    assert time_words("2024-09-21T22:30:00", W, zone="WIT").endswith("22.30 (zona tidak diketahui)")
    assert "jam tidak diketahui" in time_words("2024-09-21", W, zone="WIT")
    assert time_words("", W) == time_words("kemarin", W) == "waktu tidak diketahui"


def test_cited_point_comes_with_its_wording_on_that_day():
    found = cited("Luwu Utara 3", "2024-09-21T08:00:00+08:00", policy=load_policy(), lang="id")
    assert found[0].wording.startswith("Menggunakan media sosial secara bijak")
    assert found[0].occasion


def test_point_that_the_policy_does_not_hold_is_cited_without_wording():
    policy = load_policy()
    for clause, day in (
        ("Negeri Antah 3", "2024-09-21"),
        ("Luwu Utara 99", "2024-09-21"),
        ("Luwu Utara 3", "1999-01-01"),
        ("Luwu Utara 3", ""),
        ("?before", "2024-09-21"),
        ("3", "2024-09-21"),
    ):
        found = cited(clause, day, policy=policy, lang="id")
        assert [one.citation for one in found] == [clause]
        assert found[0].wording == ""
    assert cited("", "2024-09-21", policy=policy, lang="id") == []


def test_stage_is_put_in_words_where_the_policy_is_the_same():
    policy, day = load_policy(), "2024-10-15T08:00:00+07:00"
    code = stage_code(date(2024, 10, 15), policy=policy)
    assert "Masa kampanye" in stage_words(code, day, policy=policy, lang="id")
    other = "pilkada-2099 kampanye"
    assert stage_words(other, day, policy=policy, lang="id") == other
    assert stage_words("", day, policy=policy, lang="id") == ""


def test_both_languages_have_the_same_words_with_the_same_values():
    words = catalogue()["desk"]
    assert set(words["id"]) == set(words["en"])
    for key, text in words["id"].items():
        names = set(re.findall(r"{(\w+)}", text))
        assert names == set(re.findall(r"{(\w+)}", words["en"][key])), key


def test_every_word_of_a_template_exists_and_every_word_is_used():
    loader = environment().loader
    source = "\n".join(
        loader.get_source(environment(), name)[0] for name in loader.list_templates()
    )
    code = "\n".join(
        f.read_text(encoding="utf-8")
        for f in files("netralitas_nlp.review").iterdir()
        if f.name.endswith(".py")
    )
    known = desk_words("id").entries
    asked = set(re.findall(r"""\bw\(["']([a-z_]+)["'][,)]""", source))
    assert asked <= set(known)
    endings = (
        "why_",
        "said_",
        "order_",
        "answer_",
        "count_",
        "state_",
        "clause_",
        "act_",
        "help_",
        "nav_",
        "when_",
        "parent_missing_",
    )
    for key in catalogue()["desk"]["id"]:
        quoted = f'"{key}"' in source or f"'{key}'" in source or f'"{key}"' in code
        door = key.endswith(("_title", "_text")) and f'"{key.rsplit("_", 1)[0]}"' in code
        assert quoted or door or key.startswith(endings), key


def test_every_post_needs_a_session_and_every_path_is_ours():
    for page in PAGES:
        assert page.method == "GET" or page.path.count("/") == 1
