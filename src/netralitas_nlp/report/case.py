"""The confirmed posts of one account, with all that is known about each: a dossier's material."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import pyarrow as pa
import pyarrow.compute as pc

from netralitas_nlp.errors import InputError
from netralitas_nlp.evidence import Span, from_json_counted
from netralitas_nlp.labels import LABELS, Label, TextKind
from netralitas_nlp.policy.policies import Policy
from netralitas_nlp.policy.stages import day_of
from netralitas_nlp.pseudonyms import bare_name, pseudonym
from netralitas_nlp.report.captures import Capture, read_captures
from netralitas_nlp.report.chains import Chain, chains_of
from netralitas_nlp.report.moments import moment
from netralitas_nlp.report.provisions import Provisions, cited_district, provisions
from netralitas_nlp.schema import PART_SCHEMA
from netralitas_nlp.scoring.manifest import Manifest
from netralitas_nlp.scoring.run import RunFolder
from netralitas_nlp.verdicts import Verdict, last_verdicts, read_verdicts

COLUMNS: Final = tuple(PART_SCHEMA.names)
_END: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CasePost:
    """A post on which a human's last word is yes for some label.

    Attributes:
        row: The scored row, by column.
        confirmed: Labels confirmed, in the order of ``LABELS``.
        verdicts: Every verdict on the row, in the order of the file.
        provisions: What it is held against.
        marks: Evidence spans of the confirmed labels.
        marks_dropped: Evidence entries that do not fit the text.
        captures: Screenshots.
        chain: Copies of the text; ``None`` where it stands alone.
        file_sha256: Digest of the input file; empty where the manifest does not know it.
    """

    row: Mapping[str, Any]
    confirmed: tuple[Label, ...]
    verdicts: tuple[Verdict, ...]
    provisions: Provisions
    marks: tuple[Span, ...]
    marks_dropped: int
    captures: tuple[Capture, ...]
    chain: Chain | None
    file_sha256: str

    @property
    def text(self) -> str:
        """The post, unaltered."""
        return self.row["text"] or ""

    @property
    def row_sha256(self) -> str:
        """SHA-256 of the source row as read: its column ``input``, one JSON object in ASCII."""
        return _sha256(self.row["input"] or "")

    @property
    def text_sha256(self) -> str:
        """SHA-256 of the text in UTF-8."""
        return _sha256(self.text)


@dataclass(frozen=True, slots=True)
class Case:
    """What a dossier is made of.

    Attributes:
        folder: Name of the run folder.
        manifest: Of the run.
        account: The author, as exported but without ``@``.
        posts: Confirmed posts, oldest first.
        policy: Wordings in use now.
        verdicts_file: Name of the file of verdicts.
        verdicts_sha256: Its digest.
        reviewers: Who decided about the posts, in order of their first verdict.
        key: Secret of the run's pseudonyms.
    """

    folder: str
    manifest: Manifest
    account: str
    posts: tuple[CasePost, ...]
    policy: Policy
    verdicts_file: str
    verdicts_sha256: str
    reviewers: tuple[str, ...]
    key: bytes

    @property
    def pseudonym(self) -> str:
        """Name of the account on lists."""
        return pseudonym(self.account, key=self.key)


def gather_case(
    run: RunFolder,
    account: str,
    *,
    verdicts: Path,
    policy: Policy,
    key: bytes,
    captures: Path | None = None,
) -> Case:
    """Return the confirmed posts of an account.

    The run is read in batches; memory holds its account names and the posts of this one.

    Args:
        run: A whole run.
        account: Handle, or the account's pseudonym in this run.
        verdicts: ``verdicts.jsonl``.
        policy: Wordings, calendars and rules.
        key: Secret of the run's pseudonyms.
        captures: CSV of screenshots.

    Raises:
        InputError: The verdicts are malformed or belong to another run, the account is not in the
            run or ambiguous, no post of it was confirmed, or the captures are malformed.
    """
    everything = tuple(read_verdicts(verdicts))
    names = _known(run, {v.row_id for v in everything}, verdicts)
    name = _account(account, names, run.path.name, key)
    shots = read_captures(captures) if captures else {}
    by_row: dict[str, list[Verdict]] = {}
    for verdict in everything:
        by_row.setdefault(verdict.row_id, []).append(verdict)
    rows = [row for row in _rows(run, COLUMNS, by_row) if bare_name(row["account"]) == name]
    last = last_verdicts(iter(everything))
    confirmed = {row["row_id"]: _confirmed(row["row_id"], last) for row in rows}
    kept = [row for row in rows if confirmed[row["row_id"]]]
    if not kept:
        raise InputError(
            "dossier_none_confirmed",
            account=pseudonym(name, key=key),
            file=verdicts.name,
            n=len(rows),
        )
    chains = chains_of(run, kept)
    posts = [
        _post(
            row,
            confirmed[row["row_id"]],
            by_row[row["row_id"]],
            manifest=run.manifest,
            policy=policy,
            captures=shots.get(row["row_id"], ()),
            chain=chains.get(row["duplicate_of"] or row["row_id"]),
        )
        for row in kept
    ]
    ordered = tuple(sorted(posts, key=_when))
    said = sorted((v for p in posts for v in p.verdicts), key=lambda v: (v.decided_at, v.line))
    return Case(
        folder=run.path.resolve().name,
        manifest=run.manifest,
        account=name,
        posts=ordered,
        policy=policy,
        verdicts_file=verdicts.name,
        verdicts_sha256=hashlib.sha256(verdicts.read_bytes()).hexdigest(),
        reviewers=tuple(dict.fromkeys(v.reviewer for v in said)),
        key=key,
    )


def _known(run: RunFolder, rows: set[str], verdicts: Path) -> set[str]:
    """Return the account names of the run; refuse verdicts on rows that it does not hold."""
    names: set[str] = set()
    strangers = set(rows)
    for batch in run.batches(["row_id", "account"]):
        names.update(bare_name(name) for name in batch["account"].unique().to_pylist())
        strangers.difference_update(batch["row_id"].to_pylist())
    if strangers:
        raise InputError(
            "dossier_other_run",
            file=verdicts.name,
            folder=run.path.name,
            n=len(strangers),
            total=len(rows),
            first=min(strangers),
        )
    return names - {""}


def _account(given: str, names: Collection[str], folder: str, key: bytes) -> str:
    """Return the account meant: by its name, its name in other letters, or its pseudonym."""
    plain = bare_name(given)
    if plain in names:
        return plain
    alike = [name for name in names if name.casefold() == plain.casefold()]
    if not alike:
        alike = [name for name in names if pseudonym(name, key=key) == plain.upper()]
    if len(alike) == 1:
        return alike[0]
    found = "dossier_account_several" if alike else "dossier_account_unknown"
    raise InputError(found, account=given, folder=folder, n=len(alike))


def _rows(
    run: RunFolder, columns: Sequence[str], wanted: Collection[str]
) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    ids = pa.array(sorted(wanted), pa.string())
    for batch in run.batches(columns):
        found += batch.filter(pc.is_in(batch["row_id"], value_set=ids)).to_pylist()
    return found


def _confirmed(row_id: str, last: Mapping[tuple[str, Label], Verdict]) -> tuple[Label, ...]:
    said = {label: last.get((row_id, label)) for label in LABELS}
    return tuple(label for label, verdict in said.items() if verdict and verdict.answer == "yes")


def _post(
    row: Mapping[str, Any],
    confirmed: tuple[Label, ...],
    verdicts: Sequence[Verdict],
    *,
    manifest: Manifest,
    policy: Policy,
    captures: tuple[Capture, ...],
    chain: Chain | None,
) -> CasePost:
    marks, dropped = from_json_counted(row["evidence"], row["text"] or "")
    of_run = manifest["config"].get("policy") or {}
    return CasePost(
        row=row,
        confirmed=confirmed,
        verdicts=tuple(verdicts),
        provisions=provisions(
            confirmed,
            kind=cast(TextKind, row["text_kind"] or "unknown"),
            district=cited_district(row["clause"], of_run.get("district")),
            on=day_of(row["posted_at"]) if row["posted_at"] else None,
            policy=policy,
        ),
        marks=tuple(mark for mark in marks if mark.label in confirmed),
        marks_dropped=dropped,
        captures=captures,
        chain=chain,
        file_sha256=_file_sha256(row["source_file"] or "", manifest),
    )


def _file_sha256(source_file: str, manifest: Manifest) -> str:
    """Return the digest of the input that a row came from; members of archives follow ``!``."""
    for facts in sorted(manifest["inputs"], key=lambda f: -len(f["file"])):
        rest = source_file.removeprefix(facts["file"])
        if rest != source_file and (not rest or rest[0] in "!#"):
            return facts["sha256"]
    return ""


def _when(post: CasePost) -> tuple[datetime, str, int]:
    at = moment(post.row["posted_at"])
    when = _END
    if at is not None:
        when = at.at if at.zoned else at.at.replace(tzinfo=UTC)
    return when, post.row["source_file"] or "", post.row["source_row"] or 0


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
