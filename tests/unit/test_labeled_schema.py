"""The form of the labelled posts: every rule of schema.toml, broken once, is found."""

from pathlib import Path

import pytest

from netralitas_nlp.errors import InputError
from netralitas_nlp.labeled.schema import Schema, canonical, load_schema, problems
from netralitas_nlp.labeled.tables import read_csv

SCHEMA_FILE = Path(__file__).parents[2] / "data/labeled/schema.toml"


@pytest.fixture(scope="module")
def schema() -> Schema:
    return load_schema(SCHEMA_FILE)


def post(number: int, **changes: str) -> dict[str, str]:
    row = {
        "id": f"a90-{number:04d}", "text": f"unggahan ke-{number} tentang rapat desa",
        "candidate_support": "0", "hate_speech": "0", "hoax": "0", "borderline": "0",
        "text_kind": "own", "parent_text": "", "persona": "guru", "district": "Garut",
        "platform": "facebook", "register": "everyday", "language": "id", "election": "none",
        "stage": "none", "contestant": "", "identity_target": "none", "scenario": "rapat-desa",
        "group_id": "a90:rapat-desa", "pair_id": "", "author_batch": "a90",
        "rationale": "Berita kantor.", "split": "train",
    }  # fmt: skip
    return row | changes


PAIR = {"pair_id": "a90:coblos", "election": "pilkada", "stage": "during"}
SUPPORT = {"candidate_support": "1", "contestant": "nomor 2"}


def found(schema: Schema, *rows: dict[str, str]) -> list[tuple[str, str]]:
    return [(p.code, p.column) for p in problems(list(rows[0]), rows, schema)]


def test_a_sound_table_has_no_problem(schema: Schema) -> None:
    assert found(schema, post(1), post(2, **PAIR), post(3, **PAIR, **SUPPORT)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"text": ""}, ("empty", "text")),
        ({"text": "x" * 2001}, ("too_long", "text")),
        ({"hoax": "ya"}, ("not_a_flag", "hoax")),
        ({"platform": "myspace"}, ("not_allowed", "platform")),
        ({"district": "Kabupaten Garut"}, ("not_allowed", "district")),
        ({"district": "Makassar"}, ("not_allowed", "district")),
        ({"identity_target": "camp"}, ("rule", "identity_target")),
        ({"contestant": "nomor 2"}, ("rule", "contestant")),
        ({"candidate_support": "1"}, ("rule", "election")),
        ({"stage": "before"}, ("rule", "stage")),
        ({"election": "pileg"}, ("rule", "stage")),
        ({"parent_text": "kata orang"}, ("rule", "parent_text")),
        ({"author_batch": "a91"}, ("rule", "author_batch")),
        ({"pair_id": "a90:sendiri"}, ("pair_size", "pair_id")),
    ],
)
def test_each_rule_of_a_row_is_found_broken(
    schema: Schema, changes: dict[str, str], expected: tuple[str, str]
) -> None:
    assert expected in found(schema, post(1, **changes))


def test_a_pair_must_differ_in_a_label_and_stay_together(schema: Schema) -> None:
    assert ("pair_same_labels", "pair_id") in found(schema, post(1, **PAIR), post(2, **PAIR))
    apart = post(2, **PAIR, **SUPPORT) | {"group_id": "a90:lain", "split": "test"}
    codes = found(schema, post(1, **PAIR), apart)
    assert ("straddles", "group_id") in codes
    assert ("straddles", "split") in codes


def test_an_id_is_used_once_and_the_header_is_exact(schema: Schema) -> None:
    assert ("repeated", "id") in found(schema, post(1), post(1))
    short = {key: value for key, value in post(1).items() if key != "rationale"}
    assert [p.code for p in problems(list(short), [short], schema)] == ["header"]


@pytest.mark.parametrize(
    ("column", "before", "after"),
    [
        ("district", "Kabupaten Garut", "Garut"),
        ("district", "Kab. Garut", "Garut"),
        ("district", "Makassar", "Kota Makassar"),
        ("language", "id-pap", "id-pmy"),
        ("persona", "kader posyandu", "warga"),
        ("contestant", "paslon 02", "nomor 2"),
        ("contestant", "nomor urut dua", "nomor 2"),
        ("contestant", "Bu Larasati", "Bu Larasati"),
    ],
)
def test_known_slips_are_put_right(schema: Schema, column: str, before: str, after: str) -> None:
    assert canonical(post(1, **{column: before}), schema)[column] == after


def test_canonical_text_is_never_touched(schema: Schema) -> None:
    odd = "  Kab. Garut id-pap\n paslon 02 "
    assert canonical(post(1, text=odd), schema)["text"] == odd


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n1,2\n3\n", "Row 2"),
        (b"a,b\n\xff,2\n", "UTF-8"),
        (b'a,b\n"1,2\n', "quotation"),
        (b"", "empty"),
    ],
)
def test_a_broken_csv_is_refused_with_its_place(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "posts.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_csv(path)
    assert words in str(caught.value)
    assert "posts.csv" in str(caught.value)
