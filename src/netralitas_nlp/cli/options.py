"""Options that several verbs share: what the user says about a file, in place of recognition."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from netralitas_nlp.io.tables import Overrides

TextCol = Annotated[
    str | None,
    typer.Option(
        "--text-col", help="Kolom teks: nama, jalur bertitik, atau nomor dari 0.", metavar="KOLOM"
    ),
]
AccountCol = Annotated[
    str | None, typer.Option("--account-col", help="Kolom akun penulis.", metavar="KOLOM")
]
TimeCol = Annotated[
    str | None,
    typer.Option(
        "--time-col", help="Kolom waktu; gabungkan dengan +, misalnya tanggal+jam.", metavar="KOLOM"
    ),
]
UrlCol = Annotated[
    str | None, typer.Option("--url-col", help="Kolom tautan unggahan.", metavar="KOLOM")
]
IdCol = Annotated[str | None, typer.Option("--id-col", help="Kolom id unggahan.", metavar="KOLOM")]
ParentCol = Annotated[
    str | None,
    typer.Option("--parent-col", help="Kolom teks yang dibalas atau dibagikan.", metavar="KOLOM"),
]
Sheet = Annotated[
    str | None, typer.Option("--sheet", help="Lembar kerja yang dibaca.", metavar="NAMA")
]
Encoding = Annotated[
    str | None,
    typer.Option("--encoding", help="Pengodean teks, misalnya utf-8 atau cp1252.", metavar="NAMA"),
]

Model = Annotated[
    str | None, typer.Option("--model", help="Folder atau nama model; bawaan model rilis.")
]
OperatingPoint = Annotated[
    str, typer.Option("--operating-point", help="Ambang: balanced, precision atau recall.")
]
PolicyDir = Annotated[
    list[str] | None,
    typer.Option(
        "--policy-dir",
        help="Folder kebijakan Anda; menambah atau mengganti bawaan. Boleh berulang.",
        metavar="FOLDER",
    ),
]

RosterFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--roster",
        help="Daftar peserta pemilihan (TOML) yang dikenali dalam teks. Boleh berulang.",
        metavar="BERKAS",
    ),
]


def overrides_from(
    *,
    text_col: str | None = None,
    account_col: str | None = None,
    time_col: str | None = None,
    url_col: str | None = None,
    id_col: str | None = None,
    parent_col: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
) -> "Overrides":
    """Return the overrides that the options of a verb state; blank ones count as not given."""
    from netralitas_nlp.io.tables import Overrides

    return Overrides(
        text_col=text_col or None,
        account_col=account_col or None,
        time_col=time_col or None,
        url_col=url_col or None,
        id_col=id_col or None,
        parent_col=parent_col or None,
        sheet=sheet or None,
        encoding=encoding or None,
    )
