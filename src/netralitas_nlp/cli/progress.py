"""Progress on standard error: a bar on a terminal, plain lines otherwise."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer

from netralitas_nlp.errors import phrase
from netralitas_nlp.labels import Language
from netralitas_nlp.scoring.progress import OnProgress, Progress, Stage

SECONDS_PER_LINE: Final = 10.0
"""A log of a run of hours stays readable, and a stuck one shows within seconds."""


@contextmanager
def shown_progress(*, lang: Language, quiet: bool) -> Iterator[OnProgress | None]:
    """Show progress while the block runs.

    Yields:
        What to call at each moment; ``None`` where nothing is to be shown.
    """
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar(lang) as tell:
            yield tell
    else:
        yield Lines(lang)


def number(value: float, lang: Language) -> str:
    """Return a whole number with the separators of the language."""
    text = f"{value:,.0f}"
    return text.replace(",", ".") if lang == "id" else text


def duration(seconds: float, lang: Language) -> str:
    """Return a span of time in the two largest units that matter."""
    whole = max(0, round(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if hours:
        return phrase("duration_hours", "text", lang=lang, hours=hours, minutes=minutes)
    if minutes:
        return phrase("duration_minutes", "text", lang=lang, minutes=minutes, seconds=rest)
    return phrase("duration_seconds", "text", lang=lang, seconds=rest)


class Lines:
    """A line now and then: where we are, how fast, how long still.

    Args:
        lang: Language of the lines.
        every: Seconds between two lines.
    """

    def __init__(self, lang: Language, *, every: float = SECONDS_PER_LINE) -> None:
        self._lang = lang
        self._every = every
        self._clock = _Clock()
        self._last = time.monotonic()

    def __call__(self, moment: Progress) -> None:
        """Take note of a moment and write a line if it is time."""
        rate, left = self._clock.measure(moment)
        present = time.monotonic()
        if present - self._last < self._every:
            return
        self._last = present
        typer.echo(self._line(moment, rate, left), err=True)

    def _line(self, moment: Progress, rate: float, left: float | None) -> str:
        lang = self._lang
        return phrase(
            f"progress_{moment.stage}" if left is not None else f"progress_{moment.stage}_open",
            "text",
            lang=lang,
            done=number(moment.done, lang),
            total=number(moment.total or moment.done, lang),
            rate=number(rate, lang),
            left=duration(left or 0, lang),
        )


class _Clock:
    """Rate and time left, from what this process has done since the stage began."""

    def __init__(self) -> None:
        self._stage: Stage | None = None
        self._start = 0.0
        self._fresh = 0

    def measure(self, moment: Progress) -> tuple[float, float | None]:
        """Return rows per second, and the seconds left where the total is known."""
        present = time.monotonic()
        if moment.stage != self._stage:
            self._stage, self._start, self._fresh = moment.stage, present, moment.fresh
        seconds = present - self._start
        rate = (moment.fresh - self._fresh) / seconds if seconds > 0 else 0.0
        if moment.total is None or rate <= 0:
            return rate, None
        return rate, max(0, moment.total - moment.done) / rate


@contextmanager
def _bar(lang: Language) -> Iterator[OnProgress]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    clock = _Clock()
    columns = [TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[words]}")]
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(phrase("stage_start", "text", lang=lang), total=None, words="")

        def tell(moment: Progress) -> None:
            rate, left = clock.measure(moment)
            words = phrase(
                "bar" if left is not None else "bar_open",
                "text",
                lang=lang,
                done=number(moment.done, lang),
                rate=number(rate, lang),
                left=duration(left or 0, lang),
            )
            bar.update(
                task,
                description=phrase(f"stage_{moment.stage}", "text", lang=lang),
                completed=moment.done,
                total=moment.total,
                words=words,
            )

        yield tell
