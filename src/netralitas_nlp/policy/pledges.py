"""What a row cites, word for word: the points of the pledge behind its ``clause``."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from netralitas_nlp.errors import UsageError, phrase
from netralitas_nlp.labels import LABELS, Language
from netralitas_nlp.policy.clauses import clause_for
from netralitas_nlp.policy.policies import Policy
from netralitas_nlp.policy.stages import day_of, stage_code, stages_on

REASONS: Final = ("district", "no_date", "before", "after", "not_covered", "unnamed")
"""Why nothing is cited, as a row has it behind ``?``; see ``scoring.clauses``.

The last one is said of rows without an entry, in runs that were told where districts stand.
"""


@dataclass(frozen=True, slots=True)
class Cited:
    """One point of a pledge.

    Attributes:
        citation: As in the row, for example ``Langkat 2``.
        wording: As reported; empty where the policy at hand does not know it.
        occasion: Where the pledge was made; empty where unknown.
        cautions: What the reader has to know about the source.
    """

    citation: str
    wording: str = ""
    occasion: str = ""
    cautions: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Code of ``REASONS`` where nothing is cited; ``other`` where it is none of them."""
        if not self.citation.startswith("?"):
            return ""
        return self.citation[1:] if self.citation[1:] in REASONS else "other"


def cited(
    clause: str, posted_at: str | None, *, policy: Policy | None, lang: Language
) -> list[Cited]:
    """Return the points that a row cites, in its order.

    Args:
        clause: The column of the row: citations or reasons joined by ``;``.
        posted_at: When the post was written, ISO 8601.
        policy: The wordings; ``None`` gives citations without wording.
        lang: Language of occasion and cautions; the wording stays as reported.
    """
    day = day_of(posted_at) if posted_at else None
    found = []
    for citation in filter(None, (clause or "").split(";")):
        if policy is None or citation.startswith("?") or day is None:
            found.append(Cited(citation))
        else:
            found.append(_wording(citation, policy, day, lang))
    return found


def stage_words(code: str, posted_at: str | None, *, policy: Policy | None, lang: Language) -> str:
    """Return the column ``stage`` in words; the code itself where the policy at hand differs.

    Args:
        code: The column of the row.
        posted_at: When the post was written, ISO 8601.
        policy: The calendars; ``None`` gives the code.
        lang: Language of the words.
    """
    day = day_of(posted_at) if posted_at else None
    if not code or policy is None or stage_code(day, policy=policy) != code:
        return code
    found = stages_on(day, policy=policy)
    names = [policy.elections[answer.election].name.in_(lang) for answer in found]
    return "; ".join(f"{n}, {a.words(lang)}" for n, a in zip(names, found, strict=True))


def _wording(citation: str, policy: Policy, day: date, lang: Language) -> Cited:
    name, _, _ = citation.rpartition(" ")
    try:
        clauses = [clause_for(label, name, day, policy=policy) for label in LABELS]
    except UsageError:
        return Cited(citation)
    for clause in clauses:
        if clause.citation == citation and clause.pledge is not None:
            return Cited(
                citation,
                wording=clause.wording,
                occasion=clause.pledge.occasion.in_(lang),
                cautions=tuple(phrase("policy_caution", c, lang=lang) for c in clause.cautions),
            )
    return Cited(citation)
