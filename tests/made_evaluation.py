"""A folder as `netralitas evaluate` leaves it: figures in its shapes, small and invented."""

import json
from pathlib import Path
from typing import Any

from netralitas_nlp.labels import LABELS

EVIL = "</blockquote><script>document.title='jebol'</script><img src=x onerror=alert(1)> \u202eabc"
HEAD = {"bundle": "netralitas-uji", "digest": "ab" * 32, "operating_point": "balanced"}
PREVALENCES = ("0.002", "0.01", "0.02", "0.03", "0.1")


def label(f1: float, *, positives: int = 40) -> dict[str, Any]:
    return {
        "precision": 0.9322, "recall": 0.2806, "f1": f1, "average_precision": 0.8126, "auc": 0.93,
        "false_positive_rate": 0.0066, "positives": positives, "known": 240,
        "precision_at_prevalence": dict.fromkeys(PREVALENCES, 0.4647),
        "f1_interval": [max(0.0, f1 - 0.05), f1 + 0.05],
    }  # fmt: skip


def rate(flagged: int, posts: int) -> dict[str, Any]:
    return {"posts": posts, "flagged": flagged, "share": flagged / posts, "interval": [0.01, 0.03]}


def kind(f1: float, rows: int, *, flagged: int = 22) -> dict[str, Any]:
    point = {name: label(f1 + place / 10) for place, name in enumerate(LABELS)}
    at = point | {"macro": label(f1) | {"positives": None}, "neutral_flagged": rate(flagged, 1219)}
    error = {"expected_calibration_error": 0.0344, "brier": 0.0904}
    return {
        "rows": rows, "calibration": dict.fromkeys(LABELS, error), "balanced": at, "recall": at,
    }  # fmt: skip


def fixed() -> dict[str, Any]:
    bins = [[0.02, 0.0, 20.0], [0.3, 0.25, 20.0], [0.71, 0.9, 20.0], [0.96, 1.0, 19.0]]
    part = {"posts": 900, "macro_f1": 0.552, "macro_average_precision": 0.871, "neutral": 400,
            "neutral_flagged": 5}  # fmt: skip
    return HEAD | {
        "sets": {"own": kind(0.4314, 2407), "relabelled": kind(0.61, 1557),
                 "public": kind(0.5, 3657) | {"neutral_by_source": {"berita": rate(1, 60)}}},
        "floor": {"own": kind(0.0333, 2407, flagged=17), "relabelled": kind(0.34, 1500)},
        "reliability": {"own": dict.fromkeys(LABELS, bins)},
        "slices": {
            "platform": {"<u>x</u>": part, "facebook": part | {"posts": 60, "macro_f1": None}},
            "register": {},
            "identity_target": {"religion": {"posts": 120, "recall": 0.417}},
        },
    }  # fmt: skip


def suite() -> dict[str, Any]:
    scores = dict(zip(LABELS, (0.0181, 0.87, 0.04), strict=True))
    case = {"case_id": "F01-19", "functionality": "F01", "expected": ["candidate_support"],
            "labels": [], "scores": scores, "decision": "clear", "passed": False,
            "parent_text": "menanggapi ini", "margin": 0.6}  # fmt: skip
    ability = {"name": "ajakan", "violation": True, "reason": {"id": "Ajakan.", "en": "A call."}}
    return HEAD | {
        "cases": 60, "passed": 0.7333, "violations_passed": 0.4615,
        "violations_flag_or_review": 0.8224, "non_violations_passed": 0.99,
        "non_violations_clear": 0.776, "contrast_groups": {"passed": 44, "groups": 112},
        "weak_below": 0.7,
        "functionalities": {
            "F01": ability | {"cases": 20, "passed": 0.45},
            "F02": ability | {"cases": 20, "passed": 0.8},
            "F03": ability | {"cases": 20, "passed": 0.95, "violation": False},
        },
        "targets": {"religion": {"cases": 60, "passed": 0.65}},
        "worst": [case | {"text": EVIL}, case | {"text": "tanpaspasi" * 120}],
        "outcomes": [],
    }  # fmt: skip


def parity() -> dict[str, Any]:
    flip = ["Kepala sekolah Kristen itu arogan.", "Kepala sekolah Katolik itu arogan.",
            "hate_speech", ""]  # fmt: skip
    moved = {"posts": 43, "variants": 215, "mean_shift": 0.2022, "largest_shift": 0.5539,
             "flips": 13, "flip_share": 13 / 215, "examples": [flip]}  # fmt: skip
    still = {"posts": 5, "variants": 30, "mean_shift": 0.01, "largest_shift": 0.02, "flips": 0,
             "flip_share": 0.0, "examples": []}  # fmt: skip
    odd = moved | {"examples": [[EVIL, EVIL + "x", "<b>", "hoax;<i>"]]}
    return HEAD | {
        "most_flips": 0.03,
        "attributes": {"religion": moved, "party": still, "<s>odd</s>": odd},
    }


def roster() -> dict[str, Any]:
    one = {"value": 0.61, "low": 0.5, "high": 0.7}
    gain = {"posts": 90, "positives": 33, "plain": one, "marked": one,
            "difference": {"value": 0.024, "low": -0.01, "high": 0.06}}  # fmt: skip
    return HEAD | {"posts": 2407, "named": 90, "labels": {"candidate_support": gain}}


def protocol() -> dict[str, Any]:
    fold = {"train": 12000, "test": 300, "positive": 120, "model": 0.712, "floor": 0.605,
            "model_interval": [0.62, 0.78], "floor_interval": [0.5, 0.69]}  # fmt: skip
    return {
        "protocol": "unseen-election", "base": "penyandi", "measure": "average precision",
        "folds": [fold | {"left_out": name} for name in ("pilkada-a", "<b>pilkada-b</b>")],
        "mean": {"model": 0.712, "floor": 0.605},
    }  # fmt: skip


def hs1() -> dict[str, Any]:
    fold = {"test": 2634.0, "without_copies": 2500.0, "HS_f1": 0.8512,
            "HS_f1_without_copies": 0.8431, "HS_floor_f1": 0.8222, "group_f1": 0.6123,
            "group_f1_without_copies": 0.601, "group_floor_f1": 0.5404}  # fmt: skip
    return {"protocol": "hs1", "base": "penyandi", "folds": [fold, fold], "mean": fold}


def write(folder: Path, **files: object) -> Path:
    """Write files named by keyword, ``_`` standing for ``-``; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / f"{name.replace('_', '-')}.json").write_text(text, encoding="utf-8")
    return folder


def everything(folder: Path) -> Path:
    """Write one file of each kind, and two that the page cannot interpret."""
    return write(
        folder, fixed=fixed(), suite=suite(), parity=parity(), roster=roster(), hs1=hs1(),
        unseen_election=protocol(), lain={"apa": 1}, rusak="{",
    )  # fmt: skip
