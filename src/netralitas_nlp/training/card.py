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
    environment = Environment(
        loader=PackageLoader("netralitas_nlp.training", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - Markdown, from our own figures
    )
    environment.filters |= {"percent": _percent, "decimal": _decimal, "number": _number}
    return environment.get_template("card.md.j2").render(
        evaluation=evaluation, sources=sources, labels=LABELS, names=LABEL_NAMES
    )


def _percent(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{100 * value:.{digits}f} %"


def _decimal(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _number(value: float) -> str:
    return f"{value:,.0f}"
