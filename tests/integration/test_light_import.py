"""The package starts light, and scoring never loads the training stack."""

import json
import subprocess
import sys
from pathlib import Path

HEAVY = {"torch", "transformers", "pandas", "sklearn", "scipy", "datasets", "safetensors"}


def modules_after(code: str, *arguments: str) -> set[str]:
    script = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def test_importing_the_package_loads_nothing_but_itself_and_the_standard_library() -> None:
    before = modules_after("")
    new = modules_after("import netralitas_nlp") - before - set(sys.stdlib_module_names)
    assert new == {"netralitas_nlp"}


def test_scoring_loads_neither_torch_nor_pandas_nor_transformers(tiny_bundle: Path) -> None:
    code = (
        "import sys\nfrom netralitas_nlp import Scorer\n"
        "scorer = Scorer.from_pretrained(sys.argv[1])\n"
        "assert scorer.score('rapat desa').scores"
    )
    loaded = modules_after(code, str(tiny_bundle))
    assert "onnxruntime" in loaded
    assert not loaded & HEAVY
