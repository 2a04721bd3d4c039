"""JSON is read in every wrapping; what is broken is rejected, what was read before it is kept."""

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas_nlp.errors import InputError
from netralitas_nlp.io import jsonlike
from netralitas_nlp.io.containers import open_tables
from netralitas_nlp.io.tables import Overrides, RawRecord, RawTable
from netralitas_nlp.schema import Reject

POST = {"id": 1732550472320549179, "text": "Selamat pagi 🙏", "user": {"username": "bu_rahma"}}


def table_of(tmp_path: Path, data: str | bytes, name: str = "ekspor.bin") -> RawTable:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    (table,) = open_tables(str(path), overrides=Overrides())
    return table


def fields(table: RawTable) -> list[dict[str, object]]:
    return [dict(item.fields) for item in table.read() if isinstance(item, RawRecord)]


def rejects(table: RawTable) -> list[Reject]:
    return [item for item in table.read() if isinstance(item, Reject)]


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (json.dumps([POST, POST]), "json"),
        (json.dumps([POST, POST], indent=4), "json"),
        (json.dumps(POST, indent=1) + "\n" + json.dumps(POST, indent=1), "json"),
        (json.dumps(POST) + "\n" + json.dumps(POST) + "\n", "jsonl"),
        (json.dumps(POST) + "\r\n\r\n" + json.dumps(POST), "jsonl"),
        (json.dumps([POST]) + "\n" + json.dumps([POST]), "json"),
        ("window.YTD.tweets.part0 = " + json.dumps([POST, POST], indent=2), "x-archive"),
    ],
)
def test_every_wrapping_gives_the_same_records(tmp_path: Path, data: str, form: str) -> None:
    table = table_of(tmp_path, data)
    assert table.format == form
    assert table.columns == ("id", "text", "user")
    assert fields(table) == [POST, POST]
    assert [item.row for item in table.read() if isinstance(item, RawRecord)] == [1, 2]


def test_a_single_object_is_one_record_with_its_lists_inside(tmp_path: Path) -> None:
    chat = {"name": "Warga", "messages": [{"id": 1, "text": "halo"}]}
    assert fields(table_of(tmp_path, json.dumps(chat, indent=1))) == [chat]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marked_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    table = table_of(tmp_path, json.dumps([POST], ensure_ascii=False).encode(encoding))
    assert (table.encoding, fields(table)) == (encoding, [POST])


def test_integers_beyond_two_to_the_53_stay_exact(tmp_path: Path) -> None:
    (row,) = fields(table_of(tmp_path, '[{"id": 9007199254740993123}]'))
    assert row["id"] == 9007199254740993123


def test_values_that_json_does_not_know_become_null(tmp_path: Path) -> None:
    table = table_of(tmp_path, '{"text": "a", "n": NaN}\n{"text": "b", "n": -Infinity}\n')
    assert [row["n"] for row in fields(table)] == [None, None]


def test_lone_surrogates_are_kept(tmp_path: Path) -> None:
    assert fields(table_of(tmp_path, r'{"text": "putus \ud83d di sini"}' + "\n")) == [
        {"text": "putus \ud83d di sini"}
    ]


def test_a_broken_line_is_rejected_and_the_next_one_read(tmp_path: Path) -> None:
    table = table_of(tmp_path, '{"text": "a"}\n{"text": "b\n{"text": "c"}\n')
    (reject,) = rejects(table)
    assert (reject.source_row, reject.code, reject.raw) == (2, "reject_json_broken", '{"text": "b')
    assert reject.values["line"] == 2
    assert [row["text"] for row in fields(table)] == ["a", "c"]


@pytest.mark.parametrize("tail", ['{"text": "putus', '{"text": }, {"text": "c"}]', '{"text" "b"}]'])
def test_a_broken_array_keeps_what_came_before_and_rejects_the_rest(
    tmp_path: Path, tail: str
) -> None:
    table = table_of(tmp_path, '[{"text": "a"},\n' + tail)
    (reject,) = rejects(table)
    assert fields(table) == [{"text": "a"}]
    assert (reject.source_row, reject.code, reject.raw) == (2, "reject_json_broken", tail)
    assert (reject.values["line"], reject.values["left"]) == (2, len(tail))


def test_an_array_without_its_bracket_says_so(tmp_path: Path) -> None:
    table = table_of(tmp_path, '[{"text": "a"},\n')
    assert fields(table) == [{"text": "a"}]
    assert [reject.code for reject in rejects(table)] == ["reject_json_cut"]


def test_nesting_without_end_is_rejected_without_a_traceback(tmp_path: Path) -> None:
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    table = table_of(tmp_path, '[{"text": "a"}, ' + deep + "]")
    assert fields(table) == [{"text": "a"}]
    assert [reject.code for reject in rejects(table)] == ["reject_json_depth"]


def test_a_line_nested_too_deep_costs_only_itself(tmp_path: Path) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    table = table_of(tmp_path, '{"text": "a"}\n' + deep + '\n{"text": "b"}\n')
    assert [row["text"] for row in fields(table)] == ["a", "b"]
    assert [reject.code for reject in rejects(table)] == ["reject_json_depth"]


def test_a_number_too_long_for_the_machine_is_rejected(tmp_path: Path) -> None:
    table = table_of(tmp_path, '{"n": 1}\n{"n": ' + "9" * 5_000 + "}\n")
    assert [reject.code for reject in rejects(table)] == ["reject_json_depth"]


def test_a_list_of_bare_texts_is_read_as_texts(tmp_path: Path) -> None:
    assert fields(table_of(tmp_path, '["satu", "dua"]')) == [{"text": "satu"}, {"text": "dua"}]


def test_items_that_are_no_objects_are_rejected(tmp_path: Path) -> None:
    table = table_of(tmp_path, '[{"text": "a"}, 7, null, [1]]')
    assert [(r.source_row, r.raw) for r in rejects(table)] == [(2, "7"), (3, "null"), (4, "[1]")]
    assert {r.code for r in rejects(table)} == {"reject_json_no_object"}


@pytest.mark.parametrize("data", ["[]", "[ \n ]", "window.YTD.tweets.part0 = [ ]"])
def test_an_empty_list_has_no_records(tmp_path: Path, data: str) -> None:
    with pytest.raises(InputError) as caught:
        table_of(tmp_path, data)
    assert caught.value.code == "no_records"


def test_a_large_array_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "besar.json"
    with path.open("w") as out:
        out.write("[" + ",".join(json.dumps({"text": "kata " * 200}) for _ in range(20_000)) + "]")
    (table,) = open_tables(str(path), overrides=Overrides())
    tracemalloc.start()
    count = sum(1 for _ in table.read())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < path.stat().st_size / 2


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
DOCUMENTS = st.lists(
    st.dictionaries(st.text(max_size=6), VALUE, max_size=4), min_size=1, max_size=6
)


@settings(max_examples=100, deadline=None)
@given(documents=DOCUMENTS, size=st.integers(1, 60), ascii_only=st.booleans())
def test_whatever_is_written_is_read_back_at_any_chunk_size(
    tmp_path_factory: pytest.TempPathFactory,
    documents: list[dict[str, object]],
    size: int,
    ascii_only: bool,
) -> None:
    folder = tmp_path_factory.mktemp("json")
    array = json.dumps(documents, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonlike, "READ", size)
        assert fields(table_of(folder, array)) == documents
        lines = "\n".join(json.dumps(document) for document in documents)
        assert fields(table_of(folder, lines)) == documents
