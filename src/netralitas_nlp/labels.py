"""The three labels, the decisions and the kinds of text: the closed word lists of the project."""

from typing import Final, Literal, get_args

Label = Literal["candidate_support", "hate_speech", "hoax"]
Decision = Literal["flag", "review", "clear"]
TextKind = Literal["own", "share", "quote", "reply", "repost", "like", "unknown"]
Language = Literal["id", "en"]

LABELS: Final[tuple[Label, ...]] = get_args(Label)
DECISIONS: Final[tuple[Decision, ...]] = get_args(Decision)
TEXT_KINDS: Final[tuple[TextKind, ...]] = get_args(TextKind)
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

UNSCORED_KINDS: Final[frozenset[TextKind]] = frozenset({"like"})
"""Kinds that are reported but never scored: they hold no words of the author."""

LABEL_NAMES: Final[dict[Language, dict[Label, str]]] = {
    "id": {
        "candidate_support": "kepentingan calon",
        "hate_speech": "ujaran kebencian",
        "hoax": "berita bohong",
    },
    "en": {
        "candidate_support": "candidate support",
        "hate_speech": "hate speech",
        "hoax": "hoax",
    },
}
"""What people read. The Indonesian names are the words of the pledge itself."""
