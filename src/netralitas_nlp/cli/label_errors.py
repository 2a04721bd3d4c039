"""``netralitas label-errors``: which labels of a data set a person should look at again."""

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netralitas_nlp.cli.options import TextCol
from netralitas_nlp.cli.progress import number
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import MissingExtraError, UsageError, phrase
from netralitas_nlp.labels import LABEL_NAMES, Label, Language

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from netralitas_nlp.training.label_errors import LabelErrors, LabelledRow, Suspect

HEADER = (
    "rank", "row", "id", "label", "given", "suggested", "quality", "out_of_fold_score",
    "bundle_score", "likely", "reason", "text", "parent_text",
)  # fmt: skip
SHOWN = 5


@reports_errors
def label_errors(
    *,
    data: Annotated[
        Path, typer.Option("--data", help="Unggahan berlabel: CSV, XLSX, JSONL.", metavar="BERKAS")
    ],
    folds: Annotated[int, typer.Option("--folds", help="Banyaknya lipatan.", min=2, max=50)] = 5,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="CSV baru.", metavar="BERKAS.csv")
    ] = None,
    n: Annotated[
        int | None, typer.Option("--n", help="Baris yang ditulis; bawaan sepersepuluh.", min=1)
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="Folder, nama model, atau 'rilis': skornya bukti tambahan."),
    ] = None,
    text_col: TextCol = None,
    labels_col: Annotated[
        str | None, typer.Option("--labels-col", help="Kolom label gabungan (a;b).")
    ] = None,
    mapped: Annotated[
        list[str] | None, typer.Option("--map", help="KATA=LABEL. Boleh berulang.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Keluarkan JSON.")] = False,
    lang: Lang = "id",
) -> None:
    """Cari label yang mungkin keliru, untuk dilihat lagi oleh manusia; tidak ada yang diubah."""
    from netralitas_nlp.cli.train import columns_from

    words = language(lang)
    if out is not None and out.exists():
        raise UsageError("sample_out_exists", file=out.name)
    try:
        from netralitas_nlp.labeled.files import read_labelled
        from netralitas_nlp.training.label_errors import find_label_errors, labelled_rows
    except ModuleNotFoundError as error:
        raise MissingExtraError("extra_train", package=error.name) from None
    posts = read_labelled(
        data, columns_from(text_col=text_col, labels_col=labels_col, mapped=mapped)
    )
    rows = labelled_rows(posts)
    scores = _bundle_scores(rows, model) if model is not None else None
    found = find_label_errors(rows, folds=folds, most=n, bundle_scores=scores)
    unlabelled = len(posts) - len(rows)
    if out is not None:
        _write(out, found, words)
    if as_json:
        typer.echo(json.dumps(_as_json(found, unlabelled, words), ensure_ascii=False, indent=1))
        return
    for line in _page(found, unlabelled, words, out=out, model=model):
        typer.echo(line)


def _bundle_scores(rows: "list[LabelledRow]", model: str) -> "NDArray[np.float64]":
    import numpy as np

    from netralitas_nlp.labels import LABELS
    from netralitas_nlp.predictor import Scorer

    scorer = Scorer.from_pretrained(None if model == "rilis" else model)
    posts = scorer.score_stream((row.text, row.parent_text or None) for row in rows)
    # A text of nothing but signs has no score; half says nothing either way.
    return np.array([[post.scores.get(label, 0.5) for label in LABELS] for post in posts])


def reason(suspect: "Suspect", lang: Language) -> str:
    """Return in words why a label is doubtful."""

    def say(kind: str, **values: object) -> str:
        return phrase("label_errors_reason", kind, lang=lang, **values)

    name = LABEL_NAMES[lang][suspect.label]
    kind = "removed" if suspect.label in suspect.given else "added"
    parts = [say(kind, name=name, score=_decimal(suspect.score, lang))]
    if suspect.bundle_score is not None:
        parts.append(say("bundle", score=_decimal(suspect.bundle_score, lang)))
    if suspect.words:
        quoted = ", ".join(f"“{word}”" for word in suspect.words)
        parts.append(say(f"{kind}_words", words=quoted))
    if suspect.contradicted_by:
        parts.append(say("contradicted", ids=", ".join(suspect.contradicted_by)))
    return " ".join(parts)


def _write(path: Path, found: "LabelErrors", lang: Language) -> None:
    from netralitas_nlp.io.durable import whole_file
    from netralitas_nlp.io.view_cells import harmless, utf8
    from netralitas_nlp.io.view_text import BOM
    from netralitas_nlp.scoring.trouble import writing

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for rank, suspect in enumerate(found.suspects, start=1):
        cells = _cells(suspect, lang)
        writer.writerow([rank, *(harmless(c) if isinstance(c, str) else c for c in cells.values())])
    with writing(path.parent), whole_file(path) as file:
        file.write(BOM + utf8(text.getvalue()))


def _cells(suspect: "Suspect", lang: Language) -> dict[str, Any]:
    row = suspect.row
    bundle = suspect.bundle_score
    values = (
        row.number, row.row_id, suspect.label, _set(suspect.given), _set(suspect.suggested),
        round(suspect.quality, 6), round(suspect.score, 6),
        "" if bundle is None else round(bundle, 6), int(suspect.likely), reason(suspect, lang),
        row.text, row.parent_text,
    )  # fmt: skip
    return dict(zip(HEADER[1:], values, strict=True))


def _set(labels: tuple[Label, ...]) -> str:
    return ";".join(labels) or "none"


def _as_json(found: "LabelErrors", unlabelled: int, lang: Language) -> dict[str, Any]:
    return {
        "rows": found.rows,
        "unlabelled": unlabelled,
        "grouped_by": found.grouped_by,
        "likely": found.likely,
        "unjudged": list(found.unjudged),
        "suspects": [
            {"rank": rank, **_cells(suspect, lang)}
            for rank, suspect in enumerate(found.suspects, start=1)
        ],
    }


def _page(
    found: "LabelErrors",
    unlabelled: int,
    lang: Language,
    *,
    out: Path | None,
    model: str | None,
) -> list[str]:
    def say(kind: str, **values: object) -> str:
        return phrase("label_errors_view", kind, lang=lang, **values)

    lines = [say("title", n=number(found.rows, lang)), say(found.grouped_by)]
    lines += [
        "  " + say("likely", name=LABEL_NAMES[lang][label], n=number(n, lang))
        for label, n in found.likely.items()
    ]
    lines += ["  " + say("unjudged", name=LABEL_NAMES[lang][label]) for label in found.unjudged]
    if unlabelled:
        lines.append(say("left_out", unlabelled=number(unlabelled, lang)))
    if model is not None:
        lines.append(say("seen"))
    lines += ["", say("first")]
    for suspect in found.suspects[:SHOWN]:
        text = " ".join(suspect.row.text.split())
        given, suggested = _set(suspect.given), _set(suspect.suggested)
        lines.append(f"  {suspect.row.row_id}  {given} → {suggested}?  {_short(text)}")
        lines.append(f"      {reason(suspect, lang)}")
    lines.append("")
    if out is not None:
        lines.append(say("written", n=number(len(found.suspects), lang), file=out))
    return [*lines, say("note")]


def _short(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _decimal(value: float, lang: Language) -> str:
    text = f"{value:.2f}"
    return text.replace(".", ",") if lang == "id" else text
