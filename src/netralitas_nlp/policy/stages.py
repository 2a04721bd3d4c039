"""Which stage of an election a day belongs to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final, Literal

from netralitas_nlp.errors import phrase
from netralitas_nlp.labels import Language
from netralitas_nlp.policy.policies import Policy, released_policy
from netralitas_nlp.policy.shapes import Election, Stage

Course = Literal["in_course", "between", "before", "after", "no_date"]

WIB: Final = timezone(timedelta(hours=7))
INDONESIAN_OFFSETS: Final = frozenset(timedelta(hours=h) for h in (7, 8, 9))


@dataclass(frozen=True, slots=True)
class StageAnswer:
    """Where a day lies in the calendar of one election.

    Attributes:
        election: Id of the election.
        course: ``in_course``: ``stage`` runs; ``between``: ``stage`` has ended and
            ``following`` has not begun; ``before`` and ``after`` the whole calendar;
            ``no_date``: the day is unknown.
        stage: See ``course``; of several stages that run, the shortest.
        following: The next stage, where there is one.
    """

    election: str
    course: Course
    stage: Stage | None = None
    following: Stage | None = None

    @property
    def certain(self) -> bool:
        """Whether no day that led to the answer is an estimate."""
        return all(stage.certain for stage in (self.stage, self.following) if stage)

    @property
    def code(self) -> str:
        """The value of the column ``stage``; empty outside the calendar.

        For example ``pemilu-2024 kampanye``; ``?`` follows where a day is an estimate.
        """
        if self.course not in {"in_course", "between"} or self.stage is None:
            return ""
        name = self.stage.phase if self.course == "in_course" else "antara-tahap"
        return f"{self.election} {name}" + ("" if self.certain else "?")

    def words(self, lang: Language = "id") -> str:
        """Return the answer as a sentence without the name of the election."""
        return phrase(
            "policy_stage",
            self.course,
            lang=lang,
            stage=self.stage.name.in_(lang) if self.stage else "",
            start=self.stage.start if self.stage else "",
            end=self.stage.end if self.stage else "",
            following=self.following.name.in_(lang) if self.following else "",
            begins=self.following.start if self.following else "",
        )


def stage_of(on: date | None, election: str, *, policy: Policy | None = None) -> StageAnswer:
    """Return the stage of an election on a day.

    Raises:
        UsageError: No calendar of that election is known.
    """
    return _answer(on, (policy or released_policy()).election(election))


def stages_on(on: date | None, *, policy: Policy | None = None) -> tuple[StageAnswer, ...]:
    """Return the answers of all elections whose calendar the day lies in, by id."""
    elections = (policy or released_policy()).elections
    answers = (_answer(on, elections[name]) for name in sorted(elections))
    return tuple(answer for answer in answers if answer.course in {"in_course", "between"})


def stage_code(on: date | None, *, policy: Policy | None = None) -> str:
    """Return the value of the column ``stage``: the codes of ``stages_on`` joined by ``;``."""
    return ";".join(answer.code for answer in stages_on(on, policy=policy))


def day_of(posted_at: str) -> date | None:
    """Return the Indonesian day of an ISO 8601 time; ``None`` where it cannot be told.

    A time with a zone outside Indonesia (UTC, as most platforms write) counts in Jakarta time,
    so that the evening of the last campaign day in London is not taken for that day here. A
    time with an Indonesian zone, or none at all, keeps its own day.
    """
    try:
        moment = datetime.fromisoformat(posted_at.strip())
    except ValueError:
        return None
    offset = moment.utcoffset()
    if offset is None or offset in INDONESIAN_OFFSETS:
        return moment.date()
    try:
        return moment.astimezone(WIB).date()
    except OverflowError:
        return None


def _answer(on: date | None, election: Election) -> StageAnswer:
    if on is None:
        return StageAnswer(election.election, "no_date")
    running = [stage for stage in election.stage if stage.start <= on <= stage.end]
    past = [stage for stage in election.stage if stage.end < on]
    coming = [stage for stage in election.stage if stage.start > on]
    following = min(coming, key=lambda stage: stage.start, default=None)
    if running:
        # A day of voting lies inside longer stages: the shortest says most about it.
        shortest = min(running, key=lambda stage: stage.end - stage.start)
        return StageAnswer(election.election, "in_course", shortest)
    if not past:
        return StageAnswer(election.election, "before", None, following)
    last = max(past, key=lambda stage: stage.end)
    return StageAnswer(election.election, "between" if following else "after", last, following)
