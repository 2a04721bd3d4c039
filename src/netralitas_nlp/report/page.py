"""The page: one HTML file that shows a run to a human, offline, with nothing to load."""

from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import jinja2
from markupsafe import Markup

from netralitas_nlp.io.durable import write_whole
from netralitas_nlp.labels import DECISIONS, LABELS, TEXT_KINDS, Language
from netralitas_nlp.policy.policies import Policy
from netralitas_nlp.pseudonyms import run_key
from netralitas_nlp.report.aggregate import COLUMNS, Totals, aggregate
from netralitas_nlp.report.assets import asset, security_policy
from netralitas_nlp.report.beside import claims_threshold, pledges_of
from netralitas_nlp.report.charts import PATTERNS, swatch
from netralitas_nlp.report.contestants import roster_views
from netralitas_nlp.report.figures import distribution_figures, time_figure
from netralitas_nlp.report.file_names import FileNames
from netralitas_nlp.report.levels import Thresholds
from netralitas_nlp.report.material import material, measured, model_facts
from netralitas_nlp.report.moments import moment
from netralitas_nlp.report.posts import PostView
from netralitas_nlp.report.untrusted import escaping
from netralitas_nlp.report.words import Words, words
from netralitas_nlp.scoring.chains import each_chain
from netralitas_nlp.scoring.clusters import Chain
from netralitas_nlp.scoring.manifest import Manifest
from netralitas_nlp.scoring.run import RunFolder
from netralitas_nlp.scoring.trouble import writing
from netralitas_nlp.text.rosters import Rosters

MAX_POSTS: Final = 300
"""Texts in the list: what a browser on an old phone still opens at once."""


def write_report(
    run: Path,
    *,
    out: Path,
    lang: Language = "id",
    reveal: bool = False,
    limit: int = MAX_POSTS,
    policy: Policy | None = None,
) -> None:
    """Write the page of a run.

    Memory does not grow with the rows: counts are streamed and the list holds ``limit`` texts.
    Accounts have the pseudonyms of the run (see ``pseudonyms``); links and names of input files
    that name the account of a post are shown without it or not at all. Texts stay as written.

    Args:
        run: The run folder.
        out: The HTML file; replaced in one step, or left as it was.
        lang: Language of the page.
        reveal: Show account names instead of pseudonyms.
        limit: Most texts in the list.
        policy: What the posts were held against; the packaged one where ``None``. Wordings are
            shown where its version is that of the run.

    Raises:
        RunError: The folder is no run, its secret cannot be made or read, or ``out`` cannot be
            written.
    """
    folder = RunFolder.open(run)
    thresholds: Thresholds = folder.manifest["bundle"].get("thresholds", {})  # type: ignore[assignment]
    totals = aggregate(folder.batches(columns=COLUMNS), thresholds, limit=limit)
    shown = {post.chain for post in (*totals.listed, *totals.passed)}
    chains = {c.first_row: c for c in each_chain(folder) if c.first_row in shown}
    key = b"" if reveal else run_key(folder.path)
    page = render(
        folder.manifest, totals, key=key, lang=lang, reveal=reveal, chains=chains, policy=policy
    )
    with writing(out.parent):
        write_whole(out, page.encode("utf-8", "replace"))


def render(
    manifest: Manifest,
    totals: Totals,
    *,
    key: bytes,
    lang: Language = "id",
    reveal: bool = False,
    chains: Mapping[str, Chain] = MappingProxyType({}),
    policy: Policy | None = None,
) -> str:
    """Return the page as text.

    Args:
        manifest: Of the run.
        totals: What ``aggregate`` made of its rows.
        key: Secret of the run's pseudonyms.
        lang: Language of the page.
        reveal: Show account names instead of pseudonyms.
        chains: Chains of near copies by the row id of their first post.
        policy: See ``write_report``.
    """
    w = words(lang)
    style, script = asset("report.css"), asset("report.js")
    thresholds: Thresholds = manifest["bundle"].get("thresholds", {})  # type: ignore[assignment]
    hidden = () if reveal else _accounts(totals, chains)
    file_names = FileNames([facts["file"] for facts in manifest["inputs"]], hidden, w)
    view = partial(
        PostView,
        words=w,
        thresholds=thresholds,
        key=key,
        reveal=reveal,
        file_names=file_names,
        rosters=Rosters.from_facts(manifest.get("rosters", ())),
        claims_threshold=claims_threshold(manifest),
        chains=chains,
        pledges=pledges_of(manifest, policy),
    )
    listed = [view(post, number) for number, post in enumerate(totals.listed, 1)]
    context: dict[str, Any] = {
        "w": w,
        "lang": lang,
        "csp": security_policy(style, script),
        "style": Markup(style),  # noqa: S704 -- our own file
        "script": Markup(script),  # noqa: S704 -- our own file
        "patterns": PATTERNS,
        "labels": LABELS,
        "decisions": DECISIONS,
        "kinds": [k for k in TEXT_KINDS if any(totals.kinds[k, d] for d in DECISIONS)],
        "listed_kinds": [k for k in TEXT_KINDS if any(p.kind == k for p in listed)],
        "t": totals,
        "manifest": manifest,
        "reveal": reveal,
        "made_at": _made_at(manifest, w),
        "material": material(manifest, w, file_names),
        "rosters": roster_views(manifest, w),
        "rosters_marked": manifest["config"].get("rosters_marked", False),
        "model": model_facts(manifest, w),
        "measured": measured(manifest, w),
        "time": time_figure(totals, w),
        "distributions": distribution_figures(totals, thresholds, w),
        "posts": listed,
        "sample": [view(post, number) for number, post in enumerate(totals.passed, 1)],
    }
    return environment().get_template("report.html.j2").render(context)


def _accounts(totals: Totals, chains: Mapping[str, Chain]) -> Iterator[str]:
    """Yield the accounts that stand on the page."""
    for post in (*totals.listed, *totals.passed):
        yield from (place.account for place in (post.place, *post.others))
    yield from (chain.first_account for chain in chains.values())


def _made_at(manifest: Mapping[str, Any], w: Words) -> str:
    when = moment(manifest.get("finished_at") or manifest.get("created_at"))
    return w.moment(when) if when else w.plain("time_unknown")


@cache
def environment() -> jinja2.Environment:
    """Return the templates of the room: everything is escaped, nothing may be left undefined."""
    made = escaping("netralitas_nlp.report")
    made.globals["swatch"] = swatch
    return made
