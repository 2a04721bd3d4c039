"""The clause, stage and policy version beside a scored row."""

from pathlib import Path

import pytest

from netralitas_nlp.errors import InputError, UsageError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.schema import Post
from netralitas_nlp.scoring.clauses import Citations, Where, where_from

REVIEW = dict.fromkeys(LABELS, 0.5)
SUPPORT, HATE, NONE = (0.9, 0.1, 0.1), (0.1, 0.9, 0.1), (0.1, 0.1, 0.1)


def post(
    *, posted_at: str = "2024-02-12T08:00:00+07:00", account: str = "", **fields: str | None
) -> Post:
    return Post("a.csv", 1, fields, "halo", posted_at=posted_at, account=account)


def citations(where: Where, *folders: str) -> Citations:
    return Citations(where, folders=folders, review=REVIEW)


def test_the_same_label_falls_under_the_point_of_its_own_district() -> None:
    assert citations(Where("Langkat")).of(post(), SUPPORT)[0] == "Langkat 2"
    assert citations(Where("Langkat")).of(post(), HATE)[0] == "Langkat 3"
    assert citations(Where("Kabupaten Luwu Utara")).of(post(posted_at="2024-11-20"), SUPPORT)[
        0
    ] == ("Luwu Utara 3")


def test_only_rows_that_a_reviewer_sees_are_cited_and_every_dated_row_has_a_stage() -> None:
    clause, stage, version = citations(Where("Langkat")).of(post(), NONE)
    assert clause is None
    assert stage is not None
    assert stage.startswith("pemilu-2024 ")
    assert version
    assert citations(Where("Langkat")).of(post(), None)[0] is None


def test_what_cannot_be_cited_says_why() -> None:
    langkat = citations(Where("Langkat"))
    assert langkat.of(post(posted_at=""), SUPPORT)[:2] == ("?no_date", None)
    assert langkat.of(post(posted_at="2001-01-01"), SUPPORT)[0] == "?before"
    column = citations(Where(column="kabupaten"))
    assert column.of(post(kabupaten="Antah Berantah"), SUPPORT)[0] == "?district"
    assert column.of(post(kabupaten=None), SUPPORT)[0] is None


def test_a_column_outranks_the_account_and_that_the_general_district(tmp_path: Path) -> None:
    path = tmp_path / "peta.csv"
    path.write_text("account,district\n@Bu.Guru,Jeneponto\n", encoding="utf-8")
    where = where_from(district="Langkat", column="kabupaten", file=path)
    assert where.of(post()) == "Langkat"
    assert where.of(post(account="bu.guru")) == "Jeneponto"
    assert where.of(post(account="bu.guru", kabupaten=" Luwu Utara ")) == "Luwu Utara"


def test_an_unknown_district_for_all_rows_stops_at_once_and_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="Langkat"):
        citations(Where("Antah Berantah"))


def test_a_map_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "peta.csv"
    path.write_text("akun,daerah\na,b\n", encoding="utf-8")
    with pytest.raises(InputError, match="account"):
        where_from(file=path)


def test_a_district_is_added_by_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "kebijakan/pledges"
    folder.mkdir(parents=True)
    example = Path(__file__).parents[2] / "data/policy/pledges/langkat.toml"
    text = example.read_text(encoding="utf-8").replace('"Langkat"', '"Rantau Selasih"', 1)
    (folder / "rantau-selasih.toml").write_text(text, encoding="utf-8")
    found = citations(Where("Rantau Selasih"), str(tmp_path / "kebijakan"))
    assert found.of(post(), SUPPORT)[0] == "Rantau Selasih 2"
    assert found.facts()["version"] != citations(Where()).facts()["version"]
