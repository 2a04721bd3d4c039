"""Real exports are read as their key says: columns, records, empty texts; skipped where absent."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from netralitas_nlp.io.inspection import inspected
from netralitas_nlp.io.tables import Overrides

SHARED = Path(os.environ.get("NETRALITAS_SHARED") or Path(__file__).parents[2].parent / "shared")
SAMPLES = SHARED / "exports" / "samples"
KEY = SAMPLES / "expected.json"
EXPECTED: dict[str, dict[str, Any]] = (
    json.loads(KEY.read_text(encoding="utf-8"))["files"] if KEY.exists() else {}
)
NAMES = {"text": "text", "account": "account", "posted_at": "time", "url": "url", "post_id": "id"}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not EXPECTED, reason=f"no samples of real exports in {SAMPLES}"),
]


@pytest.mark.parametrize("name", sorted(EXPECTED) or ["-"])
def test_a_real_export_is_understood_as_its_key_says(name: str) -> None:
    expected = EXPECTED[name]
    (report,) = inspected(str(SAMPLES / name), overrides=Overrides(), lang="id")
    assert {ours: report.columns[ours] for ours in NAMES} == {
        ours: expected[theirs] for ours, theirs in NAMES.items()
    }
    assert report.n_records == expected["records"]
    assert report.n_empty_text == expected["empty_text"]
    assert report.encoding == expected["encoding"]
    assert report.n_rejects == 0
    assert all(problem.text for problem in report.problems)
