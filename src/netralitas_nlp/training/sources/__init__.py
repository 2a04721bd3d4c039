"""The public labelled sets, in the order in which copies of a text are looked for."""

from netralitas_nlp.training.sources import hate, hoax, neutral, support
from netralitas_nlp.training.sources.common import PublicSet

PUBLIC_SETS: tuple[PublicSet, ...] = (*hate.SETS, *neutral.SETS, *support.SETS, *hoax.SETS)
"""Hate sets first; official notices before the election sets they were filtered from."""
