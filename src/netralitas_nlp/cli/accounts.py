"""``netralitas accounts``: the accounts of a run, ordered by what waits for review."""

import csv
import io
import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netralitas_nlp.cli.progress import number
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import InputError, phrase
from netralitas_nlp.labels import LABEL_NAMES, LABELS, Language

if TYPE_CHECKING:
    from netralitas_nlp.accounts import Account, AccountList
    from netralitas_nlp.scoring.run import RunFolder

SHOWN = 25
HEADER = (
    "account", "waiting", "waiting_flag", "waiting_review", "decided", "scored", "texts",
    "independent_flags", "share_flagged", "share_low", "share_high",
    *(f"flagged_{label}" for label in LABELS), "first", "last", "clauses", "note",
)  # fmt: skip


@reports_errors
def accounts(
    run: Annotated[str, typer.Argument(metavar="HASIL", help="Folder hasil netralitas score.")],
    *,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Tampilkan nama akun; dicatat di reveal.log.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Keluarkan JSON.")] = False,
    out: Annotated[
        str | None, typer.Option("--out", "-o", help="Tulis semua akun ke CSV.", metavar="CSV")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", help="Akun yang ditampilkan; 0 untuk semua.", min=0)
    ] = SHOWN,
    lang: Lang = "id",
) -> None:
    """Tampilkan akun menurut unggahan yang menunggu ditinjau manusia."""
    from netralitas_nlp.accounts import COLUMNS, gather, whole_run
    from netralitas_nlp.pseudonyms import REVEAL_LOG, log_reveal, pseudonym, run_key
    from netralitas_nlp.verdicts import VERDICTS, decided_rows

    words = language(lang)
    opened = whole_run(run)
    own = opened.path / VERDICTS
    decided = decided_rows(own) if own.exists() else frozenset[str]()
    found = gather(opened.batches(COLUMNS), decided=decided)
    if found.scored and not found.accounts:
        raise InputError("accounts_none", n=found.scored, folder=opened.path.name)
    if reveal:
        log_reveal(opened.path, _command(run, as_json=as_json, out=out, limit=limit))
        names = {a.name: a.name for a in found.accounts}
    else:
        key = run_key(opened.path)
        names = {a.name: pseudonym(a.name, key=key) for a in found.accounts}
    if out is not None:
        _write_csv(Path(out), found, names, words)
    if as_json:
        typer.echo(json.dumps(_as_json(opened, found, names, words, reveal), indent=1))
        return
    for line in _page(opened, found, names, words, limit):
        typer.echo(line)
    if reveal:
        typer.echo(_say("revealed", words, file=opened.path / REVEAL_LOG))
    if out is not None:
        typer.echo(_say("written", words, file=out))


def _say(kind: str, lang: Language, **values: object) -> str:
    return phrase("accounts_view", kind, lang=lang, **values)


def _command(run: str, *, as_json: bool, out: str | None, limit: int) -> str:
    options = ["--json"] * as_json + (["--out", out] if out is not None else [])
    options += ["--limit", str(limit)] if limit != SHOWN else []
    return shlex.join(["netralitas", "accounts", run, "--reveal", *options])


def _page(
    run: "RunFolder", found: "AccountList", names: dict[str, str], lang: Language, limit: int
) -> list[str]:
    waiting = [a for a in found.accounts if a.waiting]
    shown = waiting[:limit] if limit else waiting
    title = {"n": len(found.accounts), "scored": found.scored, "waiting": len(waiting)}
    lines = [_say("title", lang, **{k: number(v, lang) for k, v in title.items()})]
    if run.manifest["state"] != "finished":
        lines.append(_say("unfinished", lang))
    lines += [_say("note", lang), ""]
    for account in shown:
        lines += _account_lines(account, names[account.name], lang)
    if len(waiting) > len(shown):
        lines.append(_say("more", lang, n=number(len(waiting) - len(shown), lang)))
    if not waiting:
        lines.append(_say("none", lang))
    if found.without_account:
        lines.append(_say("without", lang, n=number(found.without_account, lang)))
    return lines


def _account_lines(account: "Account", name: str, lang: Language) -> list[str]:
    counts = {k: getattr(account, k) for k in ("waiting", "flag", "review", "decided", "scored")}
    low, high = account.interval
    lines = [_say("account", lang, name=name, **{k: number(v, lang) for k, v in counts.items()})]
    share = {
        "flags": number(account.independent_flags, lang),
        "texts": number(account.texts, lang),
        "share": _percent(account.share_flagged, lang),
        "low": _percent(low, lang),
        "high": _percent(high, lang),
    }
    lines.append("  " + _say("share", lang, **share))
    seen = [
        f"{LABEL_NAMES[lang][k]} {number(account.labels[k], lang)}"
        for k in LABELS
        if account.labels[k]
    ]
    if seen:
        lines.append("  " + _say("labels", lang, labels=" · ".join(seen)))
    if account.first:
        lines.append("  " + _say("time", lang, first=account.first, last=account.last))
    if account.clauses:
        lines.append("  " + _say("clauses", lang, clauses=", ".join(account.clauses)))
    return lines


def _percent(share: float, lang: Language) -> str:
    text = f"{100 * share:.1f}"
    return text.replace(".", ",") if lang == "id" else text


def _facts(account: "Account", name: str) -> dict[str, Any]:
    low, high = account.interval
    return {
        "account": name,
        "waiting": account.waiting,
        "waiting_flag": account.flag,
        "waiting_review": account.review,
        "decided": account.decided,
        "scored": account.scored,
        "texts": account.texts,
        "independent_flags": account.independent_flags,
        "share_flagged": account.share_flagged,
        "share_low": low,
        "share_high": high,
        **{f"flagged_{label}": account.labels[label] for label in LABELS},
        "first": account.first,
        "last": account.last,
        "clauses": list(account.clauses),
    }


def _as_json(
    run: "RunFolder", found: "AccountList", names: dict[str, str], lang: Language, reveal: bool
) -> dict[str, Any]:
    return {
        "note": _say("note", lang),
        "order": "waiting",
        "state": run.manifest["state"],
        "revealed": reveal,
        "scored": found.scored,
        "without_account": found.without_account,
        "accounts": [_facts(a, names[a.name]) for a in found.accounts],
    }


def _write_csv(path: Path, found: "AccountList", names: dict[str, str], lang: Language) -> None:
    from netralitas_nlp.io.durable import whole_file
    from netralitas_nlp.io.view_cells import as_text, harmless, utf8
    from netralitas_nlp.io.view_text import BOM
    from netralitas_nlp.scoring.trouble import writing

    note = _say("note", lang)
    with writing(path.parent), whole_file(path) as file:
        file.write(BOM + utf8(",".join(HEADER) + "\r\n"))
        for account in found.accounts:
            facts = _facts(account, names[account.name])
            facts |= {"clauses": ";".join(account.clauses), "note": note}
            values = [facts[name] for name in HEADER]
            cells = [harmless(v) if isinstance(v, str) else as_text(v) for v in values]
            text = io.StringIO(newline="")
            csv.writer(text).writerow(cells)
            file.write(utf8(text.getvalue()))
