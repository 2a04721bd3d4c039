"""``netralitas evaluate``: how good a model is, on sets that never trained it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from netralitas_nlp.cli.evaluate_audits import (
    measure_faithfulness,
    measure_parity,
    measure_roster,
)
from netralitas_nlp.cli.evaluate_files import Measured, write_figures, write_page
from netralitas_nlp.cli.evaluate_sets import measure_protocol, measure_public
from netralitas_nlp.cli.evaluate_suite import measure_suite
from netralitas_nlp.cli.options import Model, OperatingPoint
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import UsageError, phrase
from netralitas_nlp.labels import Language


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
        out = report / protocol
        folds = measure_protocol(protocol, public, base, out, own=own, relabel=relabel)
        _finish([folds], {}, report, words)
        return
    scorer = Scorer.from_pretrained(model, operating_point=operating_point)
    head = {
        "bundle": scorer.bundle.name,
        "digest": scorer.bundle.digest,
        "operating_point": operating_point,
    }

    def measured() -> Iterator[Measured]:
        if suite:
            yield measure_suite(scorer, suite_dir, words)
        if parity:
            yield measure_parity(scorer, suite_dir, own, words)
        if roster:
            yield measure_roster(scorer, roster, own, words)
        if faithful:
            yield measure_faithfulness(scorer, suite_dir, own, words)
        if public is not None:
            sets = {"own": own, "relabel": relabel}
            yield measure_public(scorer, public, operating_point, words, **sets)

    _finish(measured(), head, report, words)


def _finish(
    found: Iterable[Measured], head: Mapping[str, Any], folder: Path, lang: Language
) -> None:
    """Write each result as soon as it is there, then the page; print all at the end."""
    lines: list[str] = []
    for one in found:
        path = write_figures(folder / f"{one.name}.json", {**head, **one.figures})
        lines += [*one.lines, phrase("suite_written", "text", lang=lang, file=path)]
    lines.append(phrase("page_written", "text", lang=lang, file=write_page(folder, lang)))
    for line in lines:
        typer.echo(line)
