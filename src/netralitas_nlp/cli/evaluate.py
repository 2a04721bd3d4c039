"""``netralitas evaluate``: how good a model is, on sets that never trained it."""

import json
from collections.abc import Set
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netralitas_nlp.cli.options import Model, OperatingPoint
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import InputError, MissingExtraError, UsageError, phrase
from netralitas_nlp.labels import LABEL_NAMES, LABELS, Label, Language

if TYPE_CHECKING:
    from netralitas_nlp.evaluation.suite import Outcome, SuiteResult
    from netralitas_nlp.predictor import Scorer


@reports_errors
def evaluate(  # noqa: PLR0913 - one parameter per option
    *,
    suite: Annotated[
        bool, typer.Option("--suite", help="Jalankan suite perilaku, lulus per kemampuan.")
    ] = False,
    parity: Annotated[
        bool,
        typer.Option("--parity", help="Tukar nomor, nama, agama, suku: seberapa skor bergerak."),
    ] = False,
    faithful: Annotated[
        bool,
        typer.Option("--faithfulness", help="Skor tanpa kata buktinya, dan hanya dengan kata itu."),
    ] = False,
    public: Annotated[
        Path | None,
        typer.Option("--public", help="Folder himpunan publik: nilai pada semua himpunan tetap."),
    ] = None,
    protocol: Annotated[
        str | None,
        typer.Option(
            "--protocol",
            help="hs1, unseen-election, unseen-candidate, unseen-hoaxes: latih ulang per "
            "lipatan; perlu --public dan --base.",
        ),
    ] = None,
    base: Annotated[
        Path | None, typer.Option("--base", help="Folder penyandi untuk --protocol.")
    ] = None,
    own: Annotated[Path, typer.Option("--own", help="Unggahan berlabel proyek ini.")] = Path(
        "data/labeled/posts.csv"
    ),
    relabel: Annotated[
        Path, typer.Option("--relabel", help="Label kami atas unggahan publik.")
    ] = Path("data/labeled/relabel.csv"),
    suite_dir: Annotated[
        Path | None, typer.Option("--suite-dir", help="Suite lain; bawaan suite bawaan.")
    ] = None,
    roster: Annotated[
        list[str] | None,
        typer.Option(
            "--roster",
            help="Daftar peserta: presisi rata-rata unggahan uji --own dengan dan tanpa tanda "
            "peserta. Boleh berulang.",
            metavar="BERKAS",
        ),
    ] = None,
    model: Model = None,
    operating_point: OperatingPoint = "balanced",
    report: Annotated[
        Path, typer.Option("--report", help="Folder hasil JSON dan halaman evaluation.html.")
    ] = Path("evaluation"),
    lang: Lang = "id",
) -> None:
    """Nilai sebuah model pada suite perilaku atau himpunan tetap; hasilnya JSON dan halaman."""
    from netralitas_nlp.predictor import Scorer

    words = language(lang)
    if not (suite or parity or faithful or protocol or roster or public is not None):
        raise UsageError("evaluate_nothing")
    if protocol is not None:
        figures = _protocol(protocol, public, base, report / protocol, own=own, relabel=relabel)
        path = _write(report / f"{protocol}.json", figures)
        typer.echo(phrase("suite_written", "text", lang=words, file=path))
        typer.echo(phrase("page_written", "text", lang=words, file=_look(report, words)))
        return
    scorer = Scorer.from_pretrained(model, operating_point=operating_point)
    head = {
        "bundle": scorer.bundle.name,
        "digest": scorer.bundle.digest,
        "operating_point": operating_point,
    }
    lines: list[str] = []
    if suite:
        result = _suite(scorer, suite_dir)
        path = _write(report / "suite.json", head | result.as_dict())
        lines += [*_page(result, words), phrase("suite_written", "text", lang=words, file=path)]
    if parity:
        from netralitas_nlp.evaluation.parity import MOST_FLIPS

        moved = _parity(scorer, suite_dir, own)
        path = _write(
            report / "parity.json", head | {"most_flips": MOST_FLIPS, "attributes": moved}
        )
        lines += [*_movements(moved, words), phrase("suite_written", "text", lang=words, file=path)]
    if roster:
        gains = _roster_gain(scorer, roster, own)
        path = _write(report / "roster.json", head | gains)
        lines += [*_gains(gains, words), phrase("suite_written", "text", lang=words, file=path)]
    if faithful:
        kept = _faithful(scorer, suite_dir, own)
        path = _write(report / "faithfulness.json", head | {"sets": kept})
        lines += [*_kept(kept, words), phrase("suite_written", "text", lang=words, file=path)]
    if public is not None:
        figures = _fixed(scorer, public, own=own, relabel=relabel)
        path = _write(report / "fixed.json", head | figures)
        lines += [*_table(figures["sets"], operating_point, words)]
        lines.append(phrase("suite_written", "text", lang=words, file=path))
    lines.append(phrase("page_written", "text", lang=words, file=_look(report, words)))
    for line in lines:
        typer.echo(line)


def _protocol(
    name: str, public: Path | None, base: Path | None, out: Path, *, own: Path, relabel: Path
) -> dict[str, Any]:
    from netralitas_nlp.evaluation.protocols import PROTOCOLS, run_protocol

    if name not in PROTOCOLS or public is None or base is None:
        raise UsageError("protocol_needs", name=name, available=", ".join(PROTOCOLS))
    try:
        return run_protocol(name, public, base, own=own, relabel=relabel, out=out)
    except ModuleNotFoundError as error:
        raise MissingExtraError("extra_train", package=error.name) from None


def _suite(scorer: "Scorer", folder: Path | None) -> "SuiteResult":
    from netralitas_nlp.datafiles import data_folder
    from netralitas_nlp.evaluation.suite import run_suite
    from netralitas_nlp.labeled.suite import load_suite

    return run_suite(load_suite(folder or data_folder("suite")), scorer)


def _parity(scorer: "Scorer", folder: Path | None, own: Path) -> dict[str, dict[str, Any]]:
    """Return movements over the suite and, where the file is there, our test posts."""
    from netralitas_nlp.datafiles import data_folder
    from netralitas_nlp.evaluation.parity import audit, audited_texts, load_attributes

    where = folder or data_folder("suite")
    texts, known = audited_texts(where, own)
    found = audit(texts, scorer, load_attributes(where / "parity.toml"), known=known)
    return {name: asdict(moved) | {"flip_share": moved.flip_share} for name, moved in found.items()}


def _movements(found: dict[str, dict[str, Any]], lang: Language) -> list[str]:
    lines = [phrase("parity_title", "text", lang=lang)]
    for name, moved in found.items():
        lines.append(
            f"  {name:<24}{moved['posts']:>7,}{moved['variants']:>9,}{moved['mean_shift']:>9.3f}"
            f"{moved['largest_shift']:>9.3f}{moved['flip_share']:>9.1%}"
        )
    return lines


def _roster_gain(scorer: "Scorer", roster: list[str], own: Path) -> dict[str, Any]:
    import numpy as np

    from netralitas_nlp.evaluation.roster_gain import roster_gain
    from netralitas_nlp.labeled.tables import read_csv

    marked = scorer.with_roster(roster)
    table = read_csv(own, needs=("text", "parent_text", "split", "group_id", *LABELS))
    known = {"1": 1.0, "0": 0.0, "": np.nan}
    for number, row in enumerate(table.rows, start=1):
        for label in LABELS:
            if row[label] not in known:
                raise InputError(
                    "own_posts_value", file=own, column=label, row=number, allowed='"", 0, 1',
                    value=row[label],
                )  # fmt: skip
    rows = [row for row in table.rows if row["split"] == "test"]
    return roster_gain(
        scorer,
        marked,
        [(row["text"], row["parent_text"] or None) for row in rows],
        {label: np.array([known[row[label]] for row in rows]) for label in LABELS},
        groups=[row["group_id"] for row in rows],
    )


def _gains(found: dict[str, Any], lang: Language) -> list[str]:
    counts = {"named": found["named"], "posts": found["posts"]}
    lines = [phrase("roster_gain_title", "text", lang=lang, **counts)]
    for label, one in found["labels"].items():
        plain, marked, moved = one["plain"], one["marked"], one["difference"]
        lines.append(
            f"  {LABEL_NAMES[lang][label]:<20}{one['positives']:>6}{plain['value']:>9.3f}"
            f"{marked['value']:>9.3f}{moved['value']:>+9.3f}"
            f" ({moved['low']:+.3f}–{moved['high']:+.3f})"
        )
    return lines


def _faithful(scorer: "Scorer", folder: Path | None, own: Path) -> dict[str, dict[str, Any]]:
    """Return figures on the suite and, where the file is there, on our test posts."""
    from netralitas_nlp.datafiles import data_folder
    from netralitas_nlp.evaluation.faithfulness import faithfulness, summary
    from netralitas_nlp.labeled.suite import load_suite
    from netralitas_nlp.labeled.tables import read_csv

    cases = load_suite(folder or data_folder("suite")).cases
    sets = {"suite": [(case.text, case.parent_text or None) for case in cases]}
    if own.is_file():
        tests = [row for row in read_csv(own).rows if row["split"] == "test"]
        sets["own"] = [(row["text"], row["parent_text"] or None) for row in tests]
    return {name: summary(faithfulness(items, scorer)) for name, items in sets.items()}


def _kept(sets: dict[str, dict[str, Any]], lang: Language) -> list[str]:
    lines = [phrase("faithfulness_title", "text", lang=lang)]
    for name, groups in sets.items():
        lines.append(phrase(f"faithfulness_{name}", "text", lang=lang))
        for group, one in groups.items():
            shown = LABEL_NAMES[lang].get(group, "")  # type: ignore[call-overload]
            shown = shown or phrase("faithfulness_all", "text", lang=lang)
            if not one["labels_explained"]:
                continue
            lines.append(
                f"  {shown:<20}{one['labels_explained']:>7,}{one['share_of_words']:>8.0%}"
                f"{one['comprehensiveness']:>10.3f}{one['random_comprehensiveness']:>10.3f}"
                f"{one['sufficiency']:>10.3f}{one['random_sufficiency']:>10.3f}"
            )
    return lines


def _fixed(scorer: "Scorer", public: Path, *, own: Path, relabel: Path) -> dict[str, Any]:
    try:
        from netralitas_nlp.evaluation.fixed import evaluate_fixed
        from netralitas_nlp.training.frames import load_frames
    except ModuleNotFoundError as error:
        raise MissingExtraError("extra_train", package=error.name) from None
    frames = load_frames(public, own=own, relabel=relabel if relabel.is_file() else None)
    figures = evaluate_fixed(scorer, frames.validate, own=own)
    # The floor was fitted when the model was; it stands on the same rows of the same sets.
    floor = (scorer.bundle.evaluation or {}).get("floor")
    return figures | ({"floor": floor} if floor else {})


def _table(sets: dict[str, Any], point: str, lang: Language) -> list[str]:
    lines = []
    for kind, figures in sets.items():
        at = figures[point]
        lines.append(phrase(f"fixed_{kind}", "text", lang=lang, rows=figures["rows"]))
        for label in LABELS:
            if label not in at:
                continue
            one, (low, high) = at[label], at[label]["f1_interval"]
            lines.append(
                f"  {LABEL_NAMES[lang][label]:<20} P {one['precision']:.2f}  R {one['recall']:.2f}"
                f"  F1 {one['f1']:.2f} ({low:.2f}–{high:.2f})  AP {one['average_precision']:.2f}"
            )
        neutral = at["neutral_flagged"]
        share = {"n": neutral["flagged"], "of": neutral["posts"], "share": neutral["share"] or 0.0}
        lines.append(phrase("fixed_neutral", "text", lang=lang, **share))
    return lines


def _write(path: Path, figures: dict[str, Any]) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError("report_unwritable", file=path, reason=error.strerror) from None
    return path


def _look(folder: Path, lang: Language) -> Path:
    """Write the page over everything that lies in the folder, whichever run wrote it."""
    from netralitas_nlp.report.evaluation import PAGE, write_evaluation_page

    try:
        return write_evaluation_page(folder, lang=lang)
    except OSError as error:
        raise UsageError("report_unwritable", file=folder / PAGE, reason=error.strerror) from None


def _page(result: "SuiteResult", lang: Language) -> list[str]:
    from netralitas_nlp.evaluation.suite import WEAK

    figures = result.as_dict()
    lines = []
    for name, group in sorted(result.by("functionality").items()):
        kind = result.suite.functionalities[name]
        mark = " " if result.share(group) >= WEAK else "!"
        lines.append(f"{mark} {name}  {result.share(group):>5.0%}  {kind.name}")
    whole, groups = result.contrast_groups()
    weak = sum(value["passed"] < WEAK for value in figures["functionalities"].values())
    lines += [
        "",
        phrase(
            "suite_sum", "text", lang=lang, cases=len(result.outcomes), passed=result.share(),
            violations=figures["violations_passed"], seen=figures["violations_flag_or_review"],
            harmless=figures["non_violations_passed"], weak=weak, whole=whole, groups=groups,
        ),
        "",
        phrase("suite_worst", "text", lang=lang),
    ]  # fmt: skip
    return lines + [_line(outcome, lang) for outcome in result.worst()]


def _line(outcome: "Outcome", lang: Language) -> str:
    def named(labels: "Set[Label]") -> str:
        return "+".join(LABEL_NAMES[lang][label] for label in sorted(labels)) or "-"

    text = " ".join(outcome.case.text.split())
    shown = text if len(text) <= 90 else text[:89] + "…"
    found = named(set(outcome.prediction.labels))
    return f"  {outcome.case.case_id}  {named(outcome.case.expected)} → {found}  {shown}"
