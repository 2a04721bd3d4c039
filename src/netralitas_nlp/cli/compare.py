"""``netralitas compare``: is one model better than another, on the same labelled posts?"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netralitas_nlp.cli.options import (
    AccountCol,
    Encoding,
    OperatingPoint,
    ParentCol,
    Sheet,
    TextCol,
)
from netralitas_nlp.cli.progress import number
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import InputError, MissingExtraError, UsageError, phrase
from netralitas_nlp.labels import LABEL_NAMES, Language

if TYPE_CHECKING:
    from netralitas_nlp.labeled.rows import LabelledPosts
    from netralitas_nlp.predictor import Scorer


@reports_errors
def compare(  # noqa: PLR0913 - one parameter per option
    first: Annotated[str, typer.Argument(metavar="A", help="Model lama: folder atau nama.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Model baru: folder atau nama.")],
    *,
    on: Annotated[
        Path, typer.Option("--on", help="Unggahan berlabel yang tidak melatih A maupun B.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Halaman HTML.", metavar="HTML")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Cetak JSON sebagai ganti ringkasan.")
    ] = False,
    split: Annotated[
        str | None, typer.Option("--split", help="Hanya bagian ini: train, dev atau test.")
    ] = None,
    text_col: TextCol = None,
    labels_col: Annotated[
        str | None, typer.Option("--labels-col", help="Kolom label gabungan (a;b).")
    ] = None,
    account_col: AccountCol = None,
    parent_col: ParentCol = None,
    split_col: Annotated[
        str | None, typer.Option("--split-col", help="Kolom train/dev/test.")
    ] = None,
    mapped: Annotated[
        list[str] | None, typer.Option("--map", help="KATA=LABEL. Boleh berulang.")
    ] = None,
    sheet: Sheet = None,
    encoding: Encoding = None,
    run: Annotated[
        Path | None, typer.Option("--run", help="Folder hasil yang dinilai verdicts.jsonl.")
    ] = None,
    suite: Annotated[
        bool,
        typer.Option("--suite/--no-suite", help="Sertakan suite perilaku dan kesetaraan."),
    ] = True,
    suite_dir: Annotated[
        Path | None, typer.Option("--suite-dir", help="Suite lain; bawaan suite bawaan.")
    ] = None,
    operating_point: OperatingPoint = "balanced",
    lang: Lang = "id",
) -> None:
    """Bandingkan dua model pada unggahan berlabel yang sama; selisih diuji, tidak dikira-kira."""
    from netralitas_nlp.cli.train import columns_from
    from netralitas_nlp.datafiles import data_folder
    from netralitas_nlp.evaluation.comparison import compare_models
    from netralitas_nlp.labeled.files import read_labelled
    from netralitas_nlp.labeled.splits import groups_of

    words = language(lang)
    columns = columns_from(
        text_col=text_col, labels_col=labels_col, account_col=account_col, parent_col=parent_col,
        split_col=split_col, mapped=mapped, sheet=sheet, encoding=encoding,
    )  # fmt: skip
    posts = _part(read_labelled(on, columns, run=run), split)
    folder = (suite_dir or data_folder("suite")) if suite else None
    found = compare_models(
        open_scorer(first, operating_point),
        open_scorer(second, operating_point),
        posts,
        groups=groups_of(posts),
        suite=folder,
        tell=lambda stage: typer.echo(_say(f"stage_{stage}", words), err=True),
    )
    if out is not None:
        write_page(found, out, words)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for line in _lines(found, words):
        typer.echo(line)
    if out is not None:
        typer.echo(_say("page", words, file=out))


def verdict_line(found: dict[str, Any], lang: Language) -> str:
    """Return what a comparison shows, in one line."""
    verdict, data = found["verdict"], found["data"]
    if verdict["kind"] == "no_difference":
        return _say("no_difference", lang, n=number(data["posts"], lang))
    named = {
        side: ", ".join(figure_name(name, lang) for name in verdict[side])
        for side in ("better", "worse")
    }
    return _say(verdict["kind"], lang, **named)


def figure_name(name: str, lang: Language) -> str:
    """Return the words for a tested figure such as ``f1:hoax``."""
    kind, _, label = name.partition(":")
    if not label:
        return _say(f"figure_{kind}", lang)
    return _say(f"figure_{kind}", lang, label=LABEL_NAMES[lang][label])  # type: ignore[index]


def write_page(found: dict[str, Any], out: Path, lang: Language) -> None:
    """Write the page of a comparison.

    Raises:
        UsageError: It cannot be written there.
    """
    from netralitas_nlp.io.durable import write_whole
    from netralitas_nlp.report.comparison import render_comparison

    page = render_comparison(found, verdict=verdict_line(found, lang), lang=lang)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, page.encode("utf-8", "replace"))
    except OSError as error:
        raise UsageError("compare_unwritable", file=out, reason=error.strerror) from None


def open_scorer(model: str, point: str) -> "Scorer":
    """Return the scorer of a bundle, or of a plain BERT folder by way of torch.

    A model without the operating point that was asked for by default is judged at the one it has.

    Raises:
        BundleError: There is no such model.
        MissingExtraError: It needs torch, which is not installed.
    """
    from netralitas_nlp.model.bundle import Bundle, is_bundle
    from netralitas_nlp.model.places import find_folder
    from netralitas_nlp.predictor import Scorer
    from netralitas_nlp.thresholds import UNCALIBRATED

    folder = find_folder(model)
    if is_bundle(folder):
        bundle = Bundle.from_folder(folder)
        chosen = point if point in bundle.operating_points else _only(bundle, point)
        return Scorer.from_pretrained(folder, operating_point=chosen)
    try:
        from netralitas_nlp.model.foreign import foreign_bundle

        points = foreign_bundle(folder).operating_points
        chosen = point if points else UNCALIBRATED
        return Scorer.from_pretrained(folder, backend="torch", operating_point=chosen)
    except ModuleNotFoundError as error:
        raise MissingExtraError("extra_train", package=error.name) from None


def _only(bundle: Any, point: str) -> str:
    from netralitas_nlp.thresholds import UNCALIBRATED

    return UNCALIBRATED if list(bundle.operating_points) == [UNCALIBRATED] else point


def _part(posts: "LabelledPosts", split: str | None) -> "LabelledPosts":
    if split is None:
        return posts
    from netralitas_nlp.labeled.rows import split_word

    wanted = split_word(split, file="--split", row=1, column="--split")
    chosen = [i for i, name in enumerate(posts.split) if name == wanted]
    if not chosen:
        raise InputError("split_empty", file=posts.file, split=wanted)
    return posts.take(chosen)


def _lines(found: dict[str, Any], lang: Language) -> list[str]:
    first, second, data = found["first"], found["second"], found["data"]
    lines = [
        _say("title", lang, first=first["name"], second=second["name"], file=data["file"],
             posts=number(data["posts"], lang), groups=number(data["groups"], lang)),
        "",
        _say("header", lang),
    ]  # fmt: skip
    for name, one in found["figures"].items():
        lines.append(
            f"  {figure_name(name, lang):<34}{_num(one['first']):>8}{_num(one['second']):>8}"
            f"{_num(one['value'], sign=True):>9}  ({_num(one['low'], sign=True)} … "
            f"{_num(one['high'], sign=True)})  p {_num(one['p_adjusted'])}"
        )
    flips = found["n_flips"]
    lines += ["", _say("flips", lang, n=number(flips, lang))]
    if "suite" in found:
        suite = found["suite"]
        lines.append(
            _say("suite", lang, first=suite["first"]["passed"], second=suite["second"]["passed"],
                 p=suite["mcnemar"]["p"])
        )  # fmt: skip
    lines.append(
        _say("speed", lang, first=first["posts_per_second"] or 0,
             second=second["posts_per_second"] or 0, first_mb=_megabytes(first),
             second_mb=_megabytes(second))
    )  # fmt: skip
    return [*lines, "", _say("verdict", lang, verdict=verdict_line(found, lang))]


def _megabytes(side: dict[str, Any]) -> float:
    return float(next(iter(side["bytes"].values()), 0)) / 1e6


def _num(value: float | None, *, digits: int = 3, sign: bool = False) -> str:
    if value is None:
        return "–"
    return f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"


def _say(kind: str, lang: Language, **values: object) -> str:
    return phrase("compare_view", kind, lang=lang, **values)
