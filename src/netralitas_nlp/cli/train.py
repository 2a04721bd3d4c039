"""``netralitas train``: a model of your own from labelled posts of your own."""

import re
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netralitas_nlp.cli.compare import verdict_line, write_page
from netralitas_nlp.cli.options import (
    AccountCol,
    Encoding,
    ParentCol,
    Sheet,
    TextCol,
    overrides_from,
)
from netralitas_nlp.cli.progress import duration, number
from netralitas_nlp.cli.verb import EXIT_INTERRUPTED, Lang, language, reports_errors
from netralitas_nlp.errors import MissingExtraError, UsageError, phrase
from netralitas_nlp.labels import LABEL_NAMES, LABELS, Language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netralitas_nlp.labeled.files import Columns
    from netralitas_nlp.training.retrain import Plan, Retrained, TrainSettings

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
SECONDS_PER_LINE = 10.0

LabelsCol = Annotated[
    str | None,
    typer.Option("--labels-col", help="Kolom label gabungan (a;b). Bawaan: dikenali sendiri."),
]
SplitCol = Annotated[
    str | None, typer.Option("--split-col", help="Kolom train/dev/test; tanpa itu dibagi sendiri.")
]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", help="Kata Anda untuk label kami: KATA=LABEL. Boleh berulang."),
]
Run = Annotated[
    Path | None, typer.Option("--run", help="Folder hasil yang dinilai oleh verdicts.jsonl.")
]


@reports_errors
def train(  # noqa: PLR0913 - one parameter per option
    *,
    data: Annotated[
        Path,
        typer.Option(
            "--data",
            help="Unggahan berlabel: CSV, JSONL, Parquet, XLSX, folder datasets, verdicts.jsonl.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder bundel yang dibuat.")],
    base: Annotated[
        str | None,
        typer.Option("--base", help="Bundel, folder BERT, atau nama hub; bawaan model rilis."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", help="Pengaturan latihan (TOML).")
    ] = None,
    text_col: TextCol = None,
    labels_col: LabelsCol = None,
    account_col: AccountCol = None,
    parent_col: ParentCol = None,
    split_col: SplitCol = None,
    mapped: Map = None,
    sheet: Sheet = None,
    encoding: Encoding = None,
    run: Run = None,
    replay: Annotated[
        bool | None,
        typer.Option(
            "--with-released/--without-released",
            help="Campurkan unggahan rilis agar yang lama tidak terlupa; bawaan: ya bila ada.",
        ),
    ] = None,
    released: Annotated[
        Path | None, typer.Option("--released", help="posts.csv rilis, bila di tempat lain.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="Nama bundel; bawaan nama folder --out.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Benih acak.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Lanjutkan latihan yang terhenti.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Buang latihan yang terhenti, mulai dari awal.")
    ] = False,
    tensorboard: Annotated[
        Path | None, typer.Option("--tensorboard", help="Folder catatan TensorBoard.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Periksa data dan tunjukkan rencana, tanpa melatih.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Tanpa kemajuan.")] = False,
    lang: Lang = "id",
) -> None:
    """Latih ulang model pada data berlabel Anda; hasilnya bundel terkalibrasi dan terukur."""
    start = time.monotonic()
    words = language(lang)
    columns = columns_from(
        text_col=text_col, labels_col=labels_col, account_col=account_col, parent_col=parent_col,
        split_col=split_col, mapped=mapped, sheet=sheet, encoding=encoding,
    )  # fmt: skip
    bundle_name = _name(name, out)
    try:
        from netralitas_nlp.training import retrain as room
    except ModuleNotFoundError as error:
        raise MissingExtraError("extra_train", package=error.name) from None
    from netralitas_nlp.labeled.files import read_labelled

    settings = room.with_seed(_settings(config), seed)
    _hush()
    planned = room.plan(
        read_labelled(data, columns, run=run),
        base=base,
        settings=settings,
        released=released,
        replay=replay,
    )
    first = _is_first()
    if first:
        for line in _plan_lines(planned, words):
            typer.echo(line)
    if dry_run:
        typer.echo(_say("dry", words))
        return
    shown = _progress(words) if first and not quiet else nullcontext((None, None))
    try:
        with shown as (tell, on_step):
            made = room.retrain(
                planned, out=out, name=bundle_name, resume=resume, fresh=fresh,
                on_step=on_step or _nothing, tensorboard=tensorboard, tell=tell,
            )  # fmt: skip
    except KeyboardInterrupt:
        raise typer.Exit(EXIT_INTERRUPTED) from None
    if made is not None:
        for line in _result_lines(made, out, words, minutes=(time.monotonic() - start) / 60):
            typer.echo(line)


def columns_from(
    *,
    text_col: str | None = None,
    labels_col: str | None = None,
    account_col: str | None = None,
    parent_col: str | None = None,
    split_col: str | None = None,
    mapped: list[str] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
) -> "Columns":
    """Return what the options of a verb say about a labelled file.

    Raises:
        InputError: A ``--map`` is not of the form WORD=LABEL.
    """
    from netralitas_nlp.errors import InputError
    from netralitas_nlp.labeled.files import Columns

    words: dict[str, str] = {}
    for one in mapped or ():
        word, sign, label = one.rpartition("=")
        if not sign or not word.strip():
            raise InputError(
                "labelled_map",
                word=word or one,
                meant=label if sign else "",
                allowed=", ".join(LABELS),
            )
        words[word.strip()] = label.strip()
    return Columns(
        export=overrides_from(
            text_col=text_col, account_col=account_col, parent_col=parent_col, sheet=sheet,
            encoding=encoding,
        ),
        labels=labels_col,
        split=split_col,
        words=words,
    )  # fmt: skip


def _name(name: str | None, out: Path) -> str:
    chosen = name or re.sub(r"[^A-Za-z0-9._-]+", "-", out.resolve().name).strip("-._")
    if not NAME.fullmatch(chosen):
        raise UsageError("train_name", name=chosen or out)
    return chosen


def _settings(config: Path | None) -> "TrainSettings":
    from netralitas_nlp.datafiles import read_shape
    from netralitas_nlp.training.retrain import TrainSettings

    return TrainSettings() if config is None else read_shape(config, TrainSettings)


def _is_first() -> bool:
    import os

    return int(os.environ.get("RANK", "0")) == 0


def _hush() -> None:
    """Keep the libraries underneath from writing between our lines."""
    import logging
    import warnings

    from datasets import disable_progress_bars
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    disable_progress_bars()
    for noisy in ("torch.onnx", "onnxscript", "onnx_ir", "torch.distributed"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module=r"torch\.|onnxscript|copyreg|transformers")


def _nothing(_done: int, _total: int, _figures: Mapping[str, float]) -> None:
    pass


Tell = Callable[[str], None]
OnStep = Callable[[int, int, Mapping[str, float]], None]


def _progress(lang: Language) -> "AbstractContextManager[tuple[Tell, OnStep]]":
    return _bar(lang) if sys.stderr.isatty() else nullcontext(_lines(lang))


def _lines(lang: Language) -> tuple[Tell, OnStep]:
    clock = {"start": 0.0, "last": time.monotonic(), "first": 0}

    def tell(stage: str) -> None:
        typer.echo(_say(f"stage_{stage}", lang), err=True)

    def on_step(done: int, total: int, figures: Mapping[str, float]) -> None:
        if figures:
            typer.echo(_figures_line(figures, lang), err=True)
        present = time.monotonic()
        if not clock["first"]:
            # The first step, of this attempt, pays for what is set up once.
            clock.update(first=done, start=present)
        fresh = done - clock["first"]
        if present - clock["last"] < SECONDS_PER_LINE or not fresh:
            return
        clock["last"] = present
        left = duration((present - clock["start"]) / fresh * (total - done), lang)
        typer.echo(_say("step", lang, done=done, total=total, left=left), err=True)

    return tell, on_step


@contextmanager
def _bar(lang: Language) -> "Iterator[tuple[Tell, OnStep]]":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn()]  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_say("stage_train", lang), total=None)

        def tell(stage: str) -> None:
            bar.update(task, description=_say(f"stage_{stage}", lang), total=None, completed=0)

        def on_step(done: int, total: int, figures: Mapping[str, float]) -> None:
            bar.update(task, completed=done, total=total)
            if figures:
                bar.console.print(_figures_line(figures, lang), highlight=False)

        yield tell, on_step


def _figures_line(figures: Mapping[str, float], lang: Language) -> str:
    each = "".join(
        f" · AP {LABEL_NAMES[lang][label]} {figures[f'eval_ap_{label}']:.2f}"
        for label in LABELS
        if f"eval_ap_{label}" in figures
    )
    return _say("epoch", lang, loss=figures.get("eval_loss", float("nan")), figures=each)


def _plan_lines(planned: "Plan", lang: Language) -> list[str]:
    from netralitas_nlp.labeled.splits import balance, taught

    posts, base = planned.posts, planned.base
    groups = len(set(planned.groups))
    lines = [_say("balance_title", lang, file=posts.file, posts=number(len(posts), lang),
                  groups=number(groups, lang))]  # fmt: skip
    for label, one in balance(posts).items():
        shown = {"yes": one.yes, "no": one.no, "unknown": one.unknown}
        lines.append(
            _say("balance", lang, label=LABEL_NAMES[lang][label],
                 **{key: number(value, lang) for key, value in shown.items()})
        )  # fmt: skip
    parts = {name: number(posts.split.count(name), lang) for name in ("train", "dev", "test")}
    lines.append(_say("splits", lang, **parts))
    lines.append(
        _say("base", lang, name=base.name, layers=base.layers, hidden=base.hidden,
             rate=planned.settings.learning_rate)
    )  # fmt: skip
    untaught = [LABEL_NAMES[lang][label] for label in LABELS if label not in taught(posts)]
    if untaught:
        lines.append(_say("untaught", lang, labels=", ".join(untaught)))
    if planned.replay is None:
        lines.append(_say("no_replay", lang))
    else:
        lines.append(_say("replay", lang, n=number(len(planned.replay.train), lang)))
        if planned.replay.seen:
            lines.append(_say("seen", lang, n=number(planned.replay.seen, lang)))
    return lines


def _result_lines(made: "Retrained", out: Path, lang: Language, *, minutes: float) -> list[str]:
    e = made.evaluation
    point, tested = e["operating_point"], e["data"]["splits"]["test"]
    lines = ["", _say("test_title", lang, n=number(tested, lang), point=point)]
    for label in LABELS:
        one = e["operating_points"][point].get(label)
        if one is not None:
            low, high = (x if x is not None else float("nan") for x in one["f1_interval"])
            lines.append(
                _say("figures", lang, label=LABEL_NAMES[lang][label], low=low, high=high,
                     precision=one["precision"], recall=one["recall"], f1=one["f1"],
                     ap=one["average_precision"], positives=one["positives"])
            )  # fmt: skip
    if e["kept"]:
        lines.append(_say("kept_title", lang))
        lines += [_kept_line(one, lang) for one in e["kept"]]
    for comparison, words in ((made.comparison, "new"), (made.known, "known")):
        if comparison:
            shown = verdict_line(comparison, lang)
            lines.append(_say(words, lang, name=comparison["first"]["name"], verdict=shown))
    lines.append(_say("done", lang, minutes=minutes, folder=out))
    if made.comparison:
        page = out.with_name(out.name + ".compare.html")
        write_page(made.comparison, page, lang)
        lines.append(_say("page", lang, file=page))
    return [*lines, _say("card", lang, file=out / "README.md"), _say("human", lang)]


def _kept_line(one: Mapping[str, Any], lang: Language) -> str:
    what = (
        _say("kept_calibration", lang, label=LABEL_NAMES[lang][one["label"]])
        if one["what"] == "calibration"
        else _say("kept_point", lang, name=one["what"])
    )
    instead = _say(f"kept_{one['instead']}", lang)
    return _say("kept", lang, what=what, found=one["found"], least=one["least"], instead=instead)


def _say(kind: str, lang: Language, **values: object) -> str:
    return phrase("train_view", kind, lang=lang, **values)
