"""Times of every spelling become ISO 8601, and never gain a zone that the export does not give."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas_nlp.io.times import is_month_first, is_relative, iso_time, joined

MOMENTS = st.datetimes(min_value=datetime(1995, 1, 1), max_value=datetime(2090, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)
MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
SHORT = "Jan Feb Mar Apr Mei Jun Jul Agt Sep Okt Nov Des"


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("Fri Apr 05 09:40:31 +0000 2024", "2024-04-05T09:40:31+00:00"),
        ("2025-12-24T11:04:54.000Z", "2025-12-24T11:04:54+00:00"),
        ("2025-06-18T09:25:28Z", "2025-06-18T09:25:28+00:00"),
        ("2022-11-19 03:51:58+00:00", "2022-11-19T03:51:58+00:00"),
        ("2024-03-02T01:15:30+0700", "2024-03-02T01:15:30+07:00"),
        ("2020-04-26 23:59:11", "2020-04-26T23:59:11"),
        ("2022-12-03 17:33:21 SE Asia Standard Time", "2022-12-03T17:33:21+07:00"),
        ("2022-12-03 17:33:21 WIB", "2022-12-03T17:33:21+07:00"),
        ("3 Desember 2022 17.33 WITA", "2022-12-03T17:33:00+08:00"),
        ("Sabtu, 3 Des 2022 | 17:33 WIT", "2022-12-03T17:33:00+09:00"),
        ("Jum'at, 2 Desember 2022", "2022-12-02"),
        ("2021-01-01 12:34:56 EST", "2021-01-01T12:34:56-05:00"),
        ("20-Feb-2022 (15:47:03)", "2022-02-20T15:47:03"),
        ("11/12/25 5:44", "2025-12-11T05:44:00"),
        ("22 07 2014 08:52:06", "2014-07-22T08:52:06"),
        ("3/24/2025, 2:41:03 PM", "2025-03-24T14:41:03"),
        ("24/3/2025, 12.41.03 AM", "2025-03-24T00:41:03"),
        ("14/10/2021, 3:34:09\u202fPM", "2021-10-14T15:34:09"),
        ("30/08/25 18.00", "2025-08-30T18:00:00"),
        ("1748132065", "2025-05-25T00:14:25+00:00"),
        (1748132065, "2025-05-25T00:14:25+00:00"),
        ("1711110676723", "2024-03-22T12:31:16.723000+00:00"),
        ("2022-11-19", "2022-11-19"),
    ],
)
def test_a_known_spelling_is_read(written: str | int, iso: str) -> None:
    assert iso_time(written) == iso


@pytest.mark.parametrize(
    "written",
    [
        "",
        "kemarin sore",
        "2023-02-31",
        "31/02/2023",
        "00/00/0000",
        "2024-03",
        "45123",
        "9" * 40,
        "1e99",
        None,
        True,
    ],
)
def test_what_is_no_time_becomes_empty(written: str | bool | None) -> None:
    assert iso_time(written) == ""


@pytest.mark.parametrize(
    "written",
    [
        "3 minggu yang lalu",
        "1 tahun yang lalu (diedit)",
        "2 hari lalu",
        "sebulan yang lalu",
        "5 months ago",
        "2 jam yg lalu",
    ],
)
def test_a_relative_time_is_known_as_such_and_stays_empty(written: str) -> None:
    assert is_relative(written)
    assert iso_time(written) == ""


@given(MOMENTS)
def test_iso_times_survive_unchanged(moment: datetime) -> None:
    assert iso_time(moment.isoformat()) == moment.isoformat()
    assert iso_time(moment.isoformat(sep=" ")) == moment.isoformat()
    assert iso_time(moment.replace(tzinfo=UTC).isoformat()) == moment.isoformat() + "+00:00"


@given(MOMENTS)
def test_seconds_and_milliseconds_give_the_same_moment(moment: datetime) -> None:
    seconds = int(moment.replace(tzinfo=UTC).timestamp())
    iso = moment.isoformat() + "+00:00"
    assert iso_time(seconds) == iso_time(str(seconds)) == iso_time(seconds * 1000) == iso


@given(MOMENTS, st.sampled_from([MONTHS.split(), SHORT.split()]), st.sampled_from(":."))
def test_indonesian_months_are_read(moment: datetime, names: list[str], dot: str) -> None:
    written = (
        f"{moment.day} {names[moment.month - 1]} {moment.year} {moment:%H}{dot}{moment:%M} WIB"
    )
    zone = timezone(timedelta(hours=7))
    assert iso_time(written) == moment.replace(second=0, tzinfo=zone).isoformat()


@given(MOMENTS)
def test_a_day_above_twelve_is_the_day_in_either_order(moment: datetime) -> None:
    moment = moment.replace(day=20)
    for month_first in (False, True):
        for written in (f"{moment:%d/%m/%Y %H:%M:%S}", f"{moment:%m/%d/%Y %H:%M:%S}"):
            assert iso_time(written, month_first=month_first) == moment.isoformat()


@given(MOMENTS, st.booleans())
def test_the_order_of_a_column_decides_doubtful_dates(moment: datetime, month_first: bool) -> None:
    written = f"{moment:%m/%d/%Y}" if month_first else f"{moment:%d/%m/%Y}"
    assert iso_time(written, month_first=month_first) == moment.date().isoformat()


def test_a_column_proves_its_order() -> None:
    assert is_month_first(["3/4/2025", "3/24/2025"]) is True
    assert is_month_first(["3/4/2025", "24/3/2025"]) is False
    assert is_month_first(["3/4/2025", "5/6/2025 10:00"]) is None
    assert is_month_first(["3/24/2025", "24/3/2025"]) is False


def test_a_zone_is_given_only_where_the_time_has_none() -> None:
    assert iso_time("2024-03-02 08:00", zone="WIB") == "2024-03-02T08:00:00+07:00"
    assert iso_time("2024-03-02 08:00", zone="+0800") == "2024-03-02T08:00:00+08:00"
    assert iso_time("2024-03-02 08:00Z", zone="WIB") == "2024-03-02T08:00:00+00:00"
    assert iso_time("2024-03-02", zone="UTC") == "2024-03-02"


def test_dates_in_several_columns_are_joined() -> None:
    assert iso_time(joined(["22", "Juli", "2014", "08:52:06"])) == "2014-07-22T08:52:06"
    assert iso_time(joined(["2024-03-02T00:00:00", "1899-12-31T08:15:00"])) == "2024-03-02T08:15:00"
    assert iso_time(joined(["2024-03-02 00:00:00", ""])) == "2024-03-02T00:00:00"


@given(st.one_of(st.text(max_size=80), st.integers(), st.floats(), st.none(), st.booleans()))
def test_whatever_stands_in_a_cell_a_time_is_iso_or_empty(value: str | int | float | None) -> None:
    iso = iso_time(value)
    assert iso == "" or datetime.fromisoformat(iso).year >= 1990


@given(st.text(max_size=300))
def test_no_text_breaks_the_tests_of_time(text: str) -> None:
    assert is_relative(text) in (True, False)
    assert is_month_first([text]) in (True, False, None)
