"""``netralitas policy``: which wording, point, stage, rules and overseers apply on a day."""

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netralitas_nlp.cli.options import PolicyDir
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import UsageError, phrase
from netralitas_nlp.labels import LABEL_NAMES, LABELS, Language

if TYPE_CHECKING:
    from netralitas_nlp.policy.clauses import Clause
    from netralitas_nlp.policy.policies import Policy
    from netralitas_nlp.policy.shapes import District

app = typer.Typer(
    help="Ikrar, tahapan, aturan, dan pengawas yang berlaku pada suatu tanggal.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

AsJson = Annotated[bool, typer.Option("--json", help="Keluarkan JSON.")]


@app.command("show")
@reports_errors
def show(
    district: Annotated[str, typer.Argument(metavar="DAERAH", help="Nama kabupaten atau kota.")],
    *,
    on: Annotated[
        str | None,
        typer.Option("--on", help="Tanggal, misalnya 2024-11-27; bawaan hari ini.", metavar="TGL"),
    ] = None,
    as_json: AsJson = False,
    policy_dir: PolicyDir = None,
    lang: Lang = "id",
) -> None:
    """Tampilkan ikrar, poin tiap label, tahapan, aturan, dan pengawas pada suatu tanggal."""
    from netralitas_nlp.policy.policies import load_policy

    policy = load_policy(*(policy_dir or ()))
    found = policy.district(district)
    day = _day(on)
    words = language(lang)
    if as_json:
        typer.echo(json.dumps(_as_json(found, day, policy, words), ensure_ascii=True, indent=2))
        return
    for line in _page(found, day, policy, words, today=on is None):
        typer.echo(line)


@app.command("list")
@reports_errors
def list_(*, as_json: AsJson = False, policy_dir: PolicyDir = None, lang: Lang = "id") -> None:
    """Tampilkan daerah dan kalender pemilihan yang dikenal."""
    from netralitas_nlp.policy.policies import load_policy

    policy, words = load_policy(*(policy_dir or ())), language(lang)
    districts = sorted(policy.districts.values(), key=lambda d: d.district)
    if as_json:
        listed = {
            "policy_version": policy.version,
            "districts": [
                {
                    "district": d.district,
                    "province": d.province,
                    "aliases": list(d.aliases),
                    "pledges": [str(pledge.date) for pledge in d.pledge],
                }
                for d in districts
            ],
            "elections": sorted(policy.elections),
            "rules": [rule.id for rule in policy.rules],
            "institutions": [body.id for body in policy.institutions],
            "closing": _say("closing", words),
        }
        typer.echo(json.dumps(listed, ensure_ascii=True, indent=2))
        return
    typer.echo(_say("list_districts", words))
    for d in districts:
        dates = ", ".join(str(pledge.date) for pledge in d.pledge)
        line = _say("list_district", words, district=d.district, province=d.province, dates=dates)
        typer.echo(f"  {line}")
    typer.echo("\n" + _say("list_elections", words))
    for name, election in sorted(policy.elections.items()):
        days = {
            "start": min(stage.start for stage in election.stage),
            "end": max(stage.end for stage in election.stage),
        }
        line = _say("list_election", words, id=name, name=election.name.in_(words), **days)
        typer.echo(f"  {line}")
    counts = {"rules": len(policy.rules), "institutions": len(policy.institutions)}
    typer.echo("\n" + _say("list_counts", words, **counts))
    typer.echo(_say("version", words, version=policy.version))
    typer.echo(_say("closing", words))


def _say(part: str, lang: Language, **values: object) -> str:
    return phrase("policy_view", part, lang=lang, **values)


def _day(on: str | None) -> date:
    if on is None:
        return date.today()
    try:
        return datetime.strptime(on, "%Y-%m-%d").date()
    except ValueError:
        raise UsageError("policy_date_bad", value=on) from None


def _page(
    found: "District", day: date, policy: "Policy", lang: Language, *, today: bool
) -> list[str]:
    from netralitas_nlp.policy.clauses import clause_for

    title = _say("title", lang, district=found.district, province=found.province, on=day)
    lines = [title + (f" {_say('today', lang)}" if today else "")]
    if found.note:
        lines.append(f"  {found.note.in_(lang)}")
    clauses = [clause_for(label, found.district, day, policy=policy) for label in LABELS]
    lines += _pledge_lines(clauses[0], lang)
    lines += ["", _say("labels", lang)]
    for clause in clauses:
        lines.append(f"  {LABEL_NAMES[lang][clause.label]}: {_standing(clause, found, lang)}")
        if clause.placement and clause.placement.note:
            lines.append(f"    {clause.placement.note.in_(lang)}")
    cautions = dict.fromkeys(caution for clause in clauses for caution in clause.cautions)
    lines += [f"  ! {phrase('policy_caution', caution, lang=lang)}" for caution in cautions]
    lines += _stage_lines(day, policy, lang)
    lines += _rule_lines(day, policy, lang)
    lines += _oversight_lines(day, policy, lang)
    lines += ["", _say("version", lang, version=policy.version), _say("closing", lang)]
    return lines


def _pledge_lines(clause: "Clause", lang: Language) -> list[str]:
    pledge = clause.pledge
    if pledge is None:
        return []
    occasion = pledge.occasion.in_(lang)
    lines = ["", _say("pledge", lang)]
    lines.append("  " + _say("pledge_line", lang, date=pledge.date, occasion=occasion))
    lines += [f"  {note.in_(lang)}" for note in (pledge.date_note, pledge.note) if note]
    lines += [f"  {point.number}. {point.text}" for point in pledge.point]
    for source in pledge.source:
        lines.append("  " + _say("source", lang, **source.model_dump()))
    return lines


def _standing(clause: "Clause", found: "District", lang: Language) -> str:
    also = ", ".join(map(str, clause.placement.also)) if clause.placement else ""
    part = "found_also" if also else clause.standing
    first = found.pledge[0].date
    return phrase("policy_standing", part, lang=lang, point=clause.point, also=also, first=first)


def _stage_lines(day: date, policy: "Policy", lang: Language) -> list[str]:
    from netralitas_nlp.policy.stages import stages_on

    lines = ["", _say("stage", lang)]
    answers = stages_on(day, policy=policy)
    for answer in answers:
        name = policy.elections[answer.election].name.in_(lang)
        doubt = "" if answer.certain else f" {_say('estimate', lang)}"
        lines.append(f"  {name}: {answer.words(lang)}{doubt}")
        if answer.course == "in_course" and answer.stage and answer.stage.note:
            lines.append(f"    {answer.stage.note.in_(lang)}")
    return lines if answers else [*lines, f"  {_say('stage_none', lang)}"]


def _rule_lines(day: date, policy: "Policy", lang: Language) -> list[str]:
    from netralitas_nlp.policy.rules import doubtful, rules_on

    lines = ["", _say("rules", lang)]
    rules = rules_on(day, policy=policy)
    for rule in rules:
        about = ", ".join(LABEL_NAMES[lang][label] for label in rule.labels)
        scope = [about or _say("handling", lang)]
        if rule.elections:
            scope.append(_say("only", lang, elections=", ".join(rule.elections)))
        mark = f" {_say('check', lang)}" if doubtful(rule, day) else ""
        lines.append(f"  {rule.title}, {rule.article} ({'; '.join(scope)}){mark}")
        lines.append(f"    {rule.text.in_(lang)}")
        if rule.note:
            lines.append(f"    {rule.note.in_(lang)}")
    if any(doubtful(rule, day) for rule in rules):
        lines.append(f"  {_say('check_note', lang)}")
    return lines


def _oversight_lines(day: date, policy: "Policy", lang: Language) -> list[str]:
    from netralitas_nlp.policy.rules import overseers_on

    lines = ["", _say("oversight", lang)]
    bodies = overseers_on(day, policy=policy)
    for body in bodies:
        lines.append(f"  {body.short} ({body.name.in_(lang)}): {body.role.in_(lang)}")
        if body.note:
            lines.append(f"    {body.note.in_(lang)}")
    return lines if bodies else [*lines, f"  {_say('oversight_none', lang)}"]


def _as_json(found: "District", day: date, policy: "Policy", lang: Language) -> dict[str, Any]:
    from netralitas_nlp.policy.clauses import clause_for, pledge_on
    from netralitas_nlp.policy.rules import doubtful, overseers_on, rules_on
    from netralitas_nlp.policy.stages import stages_on

    pledge = pledge_on(found, day)
    labels = {}
    for label in LABELS:
        clause = clause_for(label, found.district, day, policy=policy)
        placement = clause.placement
        labels[label] = {
            "standing": clause.standing,
            "point": clause.point,
            "also": list(placement.also) if placement else [],
            "citation": clause.citation,
            "wording": clause.wording,
            "note": placement.note.in_(lang) if placement and placement.note else "",
            "cautions": list(clause.cautions),
        }
    return {
        "district": found.district,
        "province": found.province,
        "on": str(day),
        "policy_version": policy.version,
        "pledge": pledge.model_dump(mode="json", exclude={"labels"}) if pledge else None,
        "labels": labels,
        "stages": [
            {
                "election": answer.election,
                "course": answer.course,
                "code": answer.code,
                "words": answer.words(lang),
                "certain": answer.certain,
            }
            for answer in stages_on(day, policy=policy)
        ],
        "rules": [
            {**rule.model_dump(mode="json"), "doubtful": doubtful(rule, day)}
            for rule in rules_on(day, policy=policy)
        ],
        "oversight": [body.model_dump(mode="json") for body in overseers_on(day, policy=policy)],
        "closing": _say("closing", lang),
    }
