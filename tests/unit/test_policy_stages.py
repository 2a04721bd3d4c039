"""Which election stage a day belongs to, at the borders above all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas_nlp.errors import UsageError
from netralitas_nlp.policy.policies import released_policy
from netralitas_nlp.policy.stages import day_of, stage_code, stage_of, stages_on


@pytest.mark.parametrize(
    ("day", "election", "course", "stage"),
    [
        ("2022-12-05", "pemilu-2024", "before", None),
        ("2022-12-06", "pemilu-2024", "in_course", "pencalonan-dpd"),
        ("2023-10-18", "pemilu-2024", "in_course", "pencalonan-legislatif"),
        ("2023-10-19", "pemilu-2024", "in_course", "pencalonan-presiden"),
        ("2023-11-25", "pemilu-2024", "in_course", "pencalonan-presiden"),
        ("2023-11-27", "pemilu-2024", "between", "pencalonan-dpd"),
        ("2023-11-28", "pemilu-2024", "in_course", "kampanye"),
        ("2024-02-10", "pemilu-2024", "in_course", "kampanye"),
        ("2024-02-11", "pemilu-2024", "in_course", "masa-tenang"),
        ("2024-02-13", "pemilu-2024", "in_course", "masa-tenang"),
        ("2024-02-14", "pemilu-2024", "in_course", "pemungutan-suara"),
        ("2024-02-15", "pemilu-2024", "in_course", "rekapitulasi"),
        ("2024-03-20", "pemilu-2024", "in_course", "rekapitulasi"),
        ("2024-03-21", "pemilu-2024", "in_course", "penetapan"),
        ("2024-10-20", "pemilu-2024", "in_course", "pelantikan-presiden"),
        ("2024-10-21", "pemilu-2024", "after", "pelantikan-presiden"),
        ("2024-08-29", "pilkada-2024", "in_course", "pendaftaran"),
        ("2024-09-22", "pilkada-2024", "in_course", "penetapan-paslon"),
        ("2024-09-24", "pilkada-2024", "between", "penetapan-paslon"),
        ("2024-09-25", "pilkada-2024", "in_course", "kampanye"),
        ("2024-11-23", "pilkada-2024", "in_course", "kampanye"),
        ("2024-11-24", "pilkada-2024", "in_course", "masa-tenang"),
        ("2024-11-26", "pilkada-2024", "in_course", "masa-tenang"),
        ("2024-11-27", "pilkada-2024", "in_course", "pemungutan-suara"),
        ("2024-11-28", "pilkada-2024", "in_course", "rekapitulasi"),
        ("2024-12-16", "pilkada-2024", "in_course", "rekapitulasi"),
        ("2025-02-20", "pilkada-2024", "in_course", "pelantikan"),
        ("2025-02-21", "pilkada-2024", "after", "pelantikan"),
    ],
)
def test_both_border_days_belong_to_a_stage(
    day: str, election: str, course: str, stage: str | None
) -> None:
    answer = stage_of(date.fromisoformat(day), election)
    assert (answer.course, answer.stage.id if answer.stage else None) == (course, stage)


def test_an_unknown_day_has_no_stage_and_no_code() -> None:
    answer = stage_of(None, "pemilu-2024")
    assert (answer.course, answer.stage, answer.code) == ("no_date", None, "")
    assert stages_on(None) == ()
    assert stage_code(None) == ""


def test_an_unknown_election_is_refused_with_those_known() -> None:
    with pytest.raises(UsageError, match="pilkada-2024"):
        stage_of(date(2029, 1, 1), "pemilu-2029")


def test_the_column_names_every_running_election_and_marks_estimates() -> None:
    assert stage_code(date(2024, 1, 1)) == "pemilu-2024 kampanye"
    assert stage_code(date(2024, 9, 25)) == "pemilu-2024 penetapan?;pilkada-2024 kampanye"
    assert stage_code(date(2023, 11, 26)) == "pemilu-2024 antara-tahap"
    assert stage_code(date(2030, 1, 1)) == ""


@pytest.mark.parametrize(
    ("posted", "day"),
    [
        ("2024-02-10T23:59:00", date(2024, 2, 10)),
        ("2024-02-10", date(2024, 2, 10)),
        ("2024-02-10T16:59:59Z", date(2024, 2, 10)),
        ("2024-02-10T17:00:00Z", date(2024, 2, 11)),
        ("2024-02-10T23:30:00+09:00", date(2024, 2, 10)),
        ("2024-02-11T00:30:00+08:00", date(2024, 2, 11)),
        ("", None),
        ("kemarin", None),
        ("9999-12-31T23:00:00-05:00", None),
    ],
)
def test_a_time_is_taken_as_the_indonesian_day(posted: str, day: date | None) -> None:
    assert day_of(posted) == day


@given(st.dates(), st.sampled_from(sorted(released_policy().elections)))
def test_every_day_has_one_answer_that_agrees_with_the_calendar(day: date, election: str) -> None:
    answer = stage_of(day, election)
    stages = released_policy().elections[election].stage
    inside = any(stage.start <= day <= stage.end for stage in stages)
    assert (answer.course == "in_course") == inside
    if answer.course == "in_course":
        assert answer.stage is not None and answer.stage.start <= day <= answer.stage.end
    if answer.following is not None:
        assert answer.following.start > day
    assert answer.words("id") != answer.words("en")


def test_stages_of_one_calendar_leave_at_most_a_few_days_open_in_the_campaign_season() -> None:
    day, open_days = date(2024, 8, 24), 0
    while day <= date(2025, 2, 20):
        open_days += stage_of(day, "pilkada-2024").course != "in_course"
        day += timedelta(days=1)
    assert open_days == 2
