"""The containers of real exports, read as their key says; skipped where the samples are absent."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from netralitas_nlp.io.containers import open_tables
from netralitas_nlp.io.tables import Overrides
from netralitas_nlp.schema import Reject

SHARED = Path(os.environ.get("NETRALITAS_SHARED", Path(__file__).parents[2].parent / "shared"))
SAMPLES = SHARED / "exports" / "samples"
KEY = SAMPLES / "expected.json"
EXPECTED: dict[str, dict[str, Any]] = (
    json.loads(KEY.read_text(encoding="utf-8"))["files"] if KEY.exists() else {}
)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not EXPECTED, reason=f"no samples of real exports in {SAMPLES}"),
]


@pytest.mark.parametrize("name", sorted(EXPECTED) or ["-"])
def test_the_container_of_a_real_export_is_recognised(name: str) -> None:
    expected = EXPECTED[name]
    (table,) = open_tables(str(SAMPLES / name), overrides=Overrides())
    items = list(table.read())
    assert table.encoding == expected["encoding"]
    assert table.delimiter == expected["delimiter"]
    if expected["header_row"] is not None:
        assert table.header_row == expected["header_row"]
    if ":" in expected["container"]:
        assert table.sheet == expected["container"].partition(":")[2]
    if "messages[]" not in expected["container"]:
        assert len(items) == expected["records"]
    assert not any(isinstance(item, Reject) for item in items)
