"""Which point of which pledge is cited, by district, label and day."""

import re
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from netralitas_nlp.errors import UsageError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.policy.clauses import citation, clause_for
from netralitas_nlp.policy.policies import released_policy
from netralitas_nlp.policy.rules import doubtful, overseers_on, rules_on

DATA = Path(__file__).resolve().parents[2] / "data" / "policy"
AFTER_ALL = date(2024, 10, 15)


@pytest.mark.parametrize(
    ("district", "point", "also"),
    [
        ("Luwu Utara", 3, (2,)),
        ("Murung Raya", 3, (2,)),
        ("Langkat", 2, ()),
        ("Lombok Tengah", 2, ()),
        ("Jeneponto", 2, ()),
    ],
)
def test_candidate_support_falls_under_the_point_of_the_district(
    district: str, point: int, also: tuple[int, ...]
) -> None:
    clause = clause_for("candidate_support", district, AFTER_ALL)
    assert clause.placement is not None
    assert (clause.point, clause.placement.also) == (point, also)
    assert clause.citation == f"{district} {point}"
    assert "calon" in clause.wording


@pytest.mark.parametrize("district", ["Luwu Utara", "Murung Raya", "Langkat", "Lombok Tengah"])
def test_hate_and_hoax_fall_under_point_three_everywhere(district: str) -> None:
    for label, words in (("hate_speech", "ujaran kebencian"), ("hoax", "berita bohong")):
        clause = clause_for(label, district, AFTER_ALL)  # type: ignore[arg-type]
        assert clause.point == 3
        assert words in clause.wording


def test_only_two_districts_name_candidates_in_point_three() -> None:
    naming = {
        district.district
        for district in released_policy().districts.values()
        if "calon" in district.pledge[-1].wording(3)
    }
    assert naming == {"Luwu Utara", "Murung Raya"}


def test_a_pledge_counts_from_its_day_on() -> None:
    made = date(2024, 10, 1)
    assert clause_for("hoax", "Jeneponto", made).point == 3
    before = clause_for("hoax", "Jeneponto", made - timedelta(days=1))
    assert (before.standing, before.point, before.citation, before.wording) == (
        "before", None, "", "",
    )  # fmt: skip


def test_an_unknown_day_cites_nothing() -> None:
    clause = clause_for("hate_speech", "Langkat", None)
    assert (clause.standing, clause.citation) == ("no_date", "")
    assert citation(LABELS, "Langkat", None) == ""


@pytest.mark.parametrize("name", ["Sukamaju Jaya", "", "Kota Langkat", "Langkat Utara"])
def test_an_unknown_district_is_refused_and_never_guessed(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        clause_for("hoax", name, AFTER_ALL)
    assert "Luwu Utara" in str(caught.value)


def test_a_misspelt_district_is_refused_with_the_likely_name() -> None:
    with pytest.raises(UsageError, match="Did you mean `Jeneponto`"):
        clause_for("hoax", "Jenepnto", AFTER_ALL)


@pytest.mark.parametrize(
    "name", ["LUWU  UTARA", "Kabupaten Luwu Utara", "Kab. Luwu Utara", "kab luwu utara", "lutra"]
)
def test_a_district_is_found_by_the_names_people_write(name: str) -> None:
    assert clause_for("hoax", name, AFTER_ALL).district == "Luwu Utara"


def test_a_row_cites_each_point_once_in_the_order_of_the_labels() -> None:
    assert citation(["hoax", "candidate_support"], "Langkat", AFTER_ALL) == "Langkat 2;Langkat 3"
    assert citation(LABELS, "Luwu Utara", AFTER_ALL) == "Luwu Utara 3"
    assert citation([], "Luwu Utara", AFTER_ALL) == ""


def test_the_reader_learns_what_is_uncertain_about_a_source() -> None:
    in_campaign = date(2024, 1, 15)
    assert clause_for("hoax", "Luwu Utara", in_campaign).cautions == ("date_uncertain",)
    assert clause_for("hoax", "Lombok Tengah", in_campaign).cautions == ("paraphrase", "unnumbered")
    assert clause_for("hoax", "Langkat", in_campaign).cautions == ()
    assert clause_for("hoax", "Langkat", date(2024, 11, 10)).cautions == ("other_election",)


def test_rules_hold_between_their_days() -> None:
    def ids(day: date) -> set[str]:
        return {rule.id for rule in rules_on(day)}

    assert "uu-5-2014-2f" in ids(date(2023, 10, 30))
    assert "uu-20-2023-24" not in ids(date(2023, 10, 30))
    assert "uu-5-2014-2f" not in ids(date(2023, 10, 31))
    assert "uu-20-2023-24" in ids(date(2023, 10, 31))
    assert not any(name.startswith("skb-2022") for name in ids(date(2022, 9, 21)))
    skb = {name for name in ids(date(2022, 9, 22)) if name.startswith("skb-2022")}
    assert len(skb) == 7


def test_rules_are_chosen_by_label_and_kind_of_election() -> None:
    day = date(2024, 11, 1)
    hoax = rules_on(day, labels=["hoax"])
    assert {rule.id for rule in hoax} == {"uu-ite-28-3-2024"}
    pilkada = {rule.id for rule in rules_on(day, election="pilkada")}
    assert "uu-10-2016-71-1" in pilkada
    assert "uu-7-2017-283" not in pilkada
    assert "uu-20-2023-24" in pilkada


def test_a_rule_that_may_have_been_replaced_says_so_from_that_day() -> None:
    (rule,) = [r for r in rules_on(date(2026, 2, 1)) if r.id == "uu-ite-28-2-2024"]
    assert doubtful(rule, date(2026, 1, 2))
    assert not doubtful(rule, date(2026, 1, 1))


def test_oversight_passes_from_kasn_to_bkn_without_a_gap() -> None:
    for day, body in ((date(2024, 8, 31), "kasn"), (date(2024, 9, 1), "bkn")):
        ids = {found.id for found in overseers_on(day)}
        assert ids & {"kasn", "bkn"} == {body}
        assert "bawaslu" in ids


def test_no_policy_file_names_a_sanction() -> None:
    sanction = re.compile(
        r"sanksi|hukuman|penjara|pidana penjara|kurungan|denda|dipecat|diberhentikan|pemecatan"
        r"|dismiss|prison|\bfine[ds]?\b|penalt|punish",
        re.IGNORECASE,
    )
    for file in DATA.rglob("*.toml"):
        values = str(tomllib.loads(file.read_text(encoding="utf-8")))
        assert sanction.search(values) is None, f"{file.name}: {sanction.search(values)}"
