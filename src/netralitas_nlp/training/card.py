"""The model card, written from measured figures alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from netralitas_nlp.labels import LABEL_NAMES, LABELS


def render_card(evaluation: Mapping[str, Any], sources: Sequence[Mapping[str, Any]]) -> str:
    """Return Markdown.

    Args:
        evaluation: What ``evaluation.json`` holds.
        sources: The ``[[set]]`` tables of ``data/sources.toml``.
    """
    return (
        _environment()
        .get_template("card.md.j2")
        .render(evaluation=evaluation, sources=sources, labels=LABELS, names=LABEL_NAMES)
    )


def render_retrained_card(evaluation: Mapping[str, Any]) -> str:
    """Return the Markdown card of a model that a user has retrained.

    Args:
        evaluation: What its ``evaluation.json`` holds.
    """
    point = evaluation["operating_points"][evaluation["operating_point"]]
    return (
        _environment()
        .get_template("retrained.md.j2")
        .render(e=evaluation, point=point, labels=LABELS, names=LABEL_NAMES)
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("netralitas_nlp.training", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - Markdown, from our own figures
    )
    environment.filters |= {
        "percent": _percent,
        "decimal": _decimal,
        "number": _number,
        "plain": _plain,
    }
    return environment


def _percent(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{100 * value:.{digits}f} %"


def _decimal(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _number(value: float) -> str:
    return f"{value:,.0f}"


def _plain(value: object) -> str:
    """Return a name for a line of Markdown: what marks it up or breaks the line is left out."""
    kept = "".join(c for c in str(value) if c.isprintable() and c not in "`*_[]<>|#\\")
    return kept[:200]
