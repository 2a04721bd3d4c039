"""Shapes of the files that `netralitas evaluate` writes, as far as its page shows them.

Whatever stands in a file is checked here once, so that the page can rely on it.
"""

import math
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from netralitas_nlp.labels import Label, Language


def _defined(value: object) -> object:
    return None if isinstance(value, float) and math.isnan(value) else value


MOST_ROWS: Final = 10_000_000
"""Most posts in a bin or cases of an ability: an exact interval takes memory for each."""

Known = Annotated[float | None, BeforeValidator(_defined)]
"""A figure, ``None`` where it is undefined."""

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Bounds = tuple[Known, Known]


class Figures(BaseModel):
    """Figures of a file. Keys that are not shown are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Head(Figures):
    """Which model a file speaks of; empty where the file does not say."""

    bundle: str = ""
    digest: str = ""
    operating_point: str = ""


class LabelFigures(Figures):
    """Figures of one label at one operating point, or their means."""

    precision: Known = None
    recall: Known = None
    f1: Known = None
    f1_interval: Bounds | None = None
    average_precision: Known = None
    positives: Count | None = None
    precision_at_prevalence: Mapping[str, Known] = {}


class Rate(Figures):
    """Neutral posts flagged, with the exact interval of their share."""

    posts: Count
    flagged: Count
    share: Known
    interval: Bounds


class Point(Figures):
    """One operating point: what a file keeps under ``candidate_support``, ``macro`` and so on."""

    labels: Mapping[Label, LabelFigures]
    macro: LabelFigures
    neutral_flagged: Rate

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, value: object) -> object:
        return _gathered(value, "labels", keep=("macro", "neutral_flagged"))


class Calibration(Figures):
    """How far scores are from frequencies: 0 is perfect."""

    expected_calibration_error: Known
    brier: Known


class RowKind(Figures):
    """Figures of one kind of rows at every operating point."""

    rows: Count
    points: Mapping[str, Point]
    calibration: Mapping[Label, Calibration] = {}
    neutral_by_source: Mapping[str, Rate] = {}

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, value: object) -> object:
        return _gathered(value, "points", keep=("rows", "calibration", "neutral_by_source"))


class Slice(Figures):
    """Figures of a part of the test posts; identity targets have a recall alone."""

    posts: Count
    macro_f1: Known = None
    macro_average_precision: Known = None
    neutral: Count | None = None
    neutral_flagged: Count | None = None
    recall: Known = None


Bin = tuple[Share, Share, Annotated[float, Field(gt=0, le=MOST_ROWS)]]
"""Mean score, observed frequency, number of posts."""


class Fixed(Head):
    """``fixed.json``: the fixed sets, and the floor on the same rows where it is known."""

    sets: Mapping[str, RowKind]
    floor: Mapping[str, RowKind] = {}
    reliability: Mapping[str, Mapping[Label, tuple[Bin, ...]]] = {}
    slices: Mapping[str, Mapping[str, Slice]] = {}

    def floor_of(self, kind: str) -> RowKind | None:
        """Return the floor on a kind of rows, ``None`` where it was measured on other rows."""
        floor = self.floor.get(kind)
        return floor if floor is not None and floor.rows == self.sets[kind].rows else None


class Passed(Figures):
    """Cases and the share of them that passed."""

    cases: Annotated[int, Field(gt=0, le=MOST_ROWS)]
    passed: Share

    @property
    def count(self) -> int:
        """Cases that passed."""
        return round(self.cases * self.passed)


class FunctionalityFigures(Passed):
    """One functionality of the suite."""

    name: str
    violation: bool
    reason: Mapping[Language, str] = {}


class WorstCase(Figures):
    """A failed case, whole."""

    case_id: str
    functionality: str = ""
    text: str
    parent_text: str = ""
    expected: tuple[Label, ...]
    labels: tuple[Label, ...]
    scores: Mapping[Label, Share]


class ContrastGroups(Figures):
    """Groups of cases that must pass together."""

    passed: Count
    groups: Count


class SuiteFigures(Head):
    """``suite.json``."""

    cases: Count
    passed: Share
    violations_passed: Share
    violations_flag_or_review: Share
    non_violations_passed: Share
    non_violations_clear: Share
    contrast_groups: ContrastGroups
    functionalities: Mapping[str, FunctionalityFigures]
    weak_below: Known = None
    targets: Mapping[str, Passed] = {}
    worst: tuple[WorstCase, ...] = ()


class Movement(Figures):
    """How the exchange of one attribute moves scores and labels."""

    posts: Count
    variants: Count
    mean_shift: Share
    largest_shift: Share
    flips: Count
    examples: tuple[tuple[str, str, str, str], ...] = ()


class ParityFigures(Head):
    """``parity.json``."""

    attributes: Mapping[str, Movement]
    most_flips: Known = None


class Estimate(Figures):
    """A figure with its 95 % interval."""

    value: Known
    low: Known
    high: Known


class Gain(Figures):
    """Average precision of one label without and with contestants marked."""

    positives: Count
    plain: Estimate
    marked: Estimate
    difference: Estimate


class RosterGain(Head):
    """``roster.json``."""

    posts: Count
    named: Count
    labels: Mapping[Label, Gain]


class Fold(Figures):
    """A fold of a protocol: model and floor on what that fold never trained on."""

    left_out: str
    train: Count
    test: Count
    positive: Count
    model: Known
    model_interval: Bounds
    floor: Known
    floor_interval: Bounds


class Means(Figures):
    """Means over the folds of a protocol."""

    model: Known
    floor: Known


class Protocol(Figures):
    """A protocol that leaves out elections, candidates or hoaxes."""

    protocol: str
    base: str
    measure: str
    folds: tuple[Fold, ...]
    mean: Means


class Hs1Fold(Figures):
    """F1 on HS1: ``HS`` as published, ``group`` for protected groups alone."""

    test: float
    without_copies: float
    hs: Known = Field(alias="HS_f1")
    hs_without_copies: Known = Field(alias="HS_f1_without_copies")
    hs_floor: Known = Field(alias="HS_floor_f1")
    group: Known = Field(alias="group_f1")
    group_without_copies: Known = Field(alias="group_f1_without_copies")
    group_floor: Known = Field(alias="group_floor_f1")


class Hs1(Figures):
    """The published folds of HS1."""

    protocol: Literal["hs1"]
    base: str
    folds: tuple[Hs1Fold, ...]
    mean: Hs1Fold


def _gathered(value: object, name: str, *, keep: tuple[str, ...]) -> object:
    """Put the keys that the file chooses itself under ``name``, so that they can be checked."""
    if not isinstance(value, dict):
        return value
    rest: dict[str, Any] = {key: part for key, part in value.items() if key not in keep}
    return {key: value[key] for key in keep if key in value} | {name: rest}
