"""The form of the policy files, checked when they are loaded."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from netralitas_nlp.datafiles import Key, Many, Name, Shape, Words
from netralitas_nlp.labels import Label

Phase = Literal[
    "pencalonan",
    "kampanye",
    "masa-tenang",
    "pemungutan-suara",
    "rekapitulasi",
    "penetapan",
    "pelantikan",
]
Act = Literal["post", "comment", "share", "like", "follow", "photo", "campaign"]
Number = Annotated[int, Field(ge=1, le=99)]


class Point(Shape):
    """One numbered promise, as reported."""

    number: Number
    text: Name


class Source(Shape):
    """A report of the pledge."""

    publisher: Name
    title: Name
    url: Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=500)]


class Placement(Shape):
    """The point under which a label falls in one pledge.

    Attributes:
        point: The point that is cited.
        also: Further points that cover the same.
        note: Why it is this point, where the wording needs a word.
    """

    point: Number
    also: Many[Number] = ()
    note: Words | None = None


class Pledge(Shape):
    """One pledge of a district, as reported.

    Attributes:
        date: The day it was made; it is cited from that day on.
        until: Last day it counts; absent where no end was reported.
        form: ``paraphrase`` where a reporter retold it.
        numbered: Whether the report numbers the points; if not, the numbers are ours.
        elections: Elections that the pledge names.
        labels: Where each label falls; a label that no point covers is absent.
    """

    date: dt.date
    date_certain: bool = True
    date_note: Words | None = None
    until: dt.date | None = None
    form: Literal["verbatim", "paraphrase"]
    numbered: bool
    elections: Many[Key] = ()
    occasion: Words
    note: Words | None = None
    source: Annotated[Many[Source], Field(min_length=1)]
    point: Annotated[Many[Point], Field(min_length=1)]
    labels: Annotated[dict[Label, Placement], Field(min_length=1)]

    @model_validator(mode="after")
    def _points_exist(self) -> Self:
        numbers = [point.number for point in self.point]
        if len(set(numbers)) < len(numbers):
            raise PydanticCustomError("data_point_twice", "a point number is used twice")
        for label, place in self.labels.items():
            for number in (place.point, *place.also):
                if number not in numbers:
                    context = {"label": label, "point": number}
                    raise PydanticCustomError("data_point_absent", "no such point", context)
        if self.until and self.until < self.date:
            raise PydanticCustomError("data_dates_reversed", "until lies before date")
        return self

    def wording(self, number: int) -> str:
        """Return the text of one point."""
        return next(point.text for point in self.point if point.number == number)


class District(Shape):
    """A district and its pledges, oldest first."""

    district: Name
    province: Name
    aliases: Many[Name] = ()
    revised: dt.date
    note: Words | None = None
    pledge: Annotated[Many[Pledge], Field(min_length=1)]

    @model_validator(mode="after")
    def _oldest_first(self) -> Self:
        days = [pledge.date for pledge in self.pledge]
        if days != sorted(set(days)):
            raise PydanticCustomError("data_pledges_order", "pledges are not in order of date")
        return self


class Stage(Shape):
    """One stage of an election; both days belong to it.

    Attributes:
        certain: ``False`` where a day is an estimate.
    """

    id: Key
    phase: Phase
    name: Words
    start: dt.date
    end: dt.date
    certain: bool = True
    note: Words | None = None

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end < self.start:
            raise PydanticCustomError("data_dates_reversed", "end lies before start")
        return self


class Election(Shape):
    """An election and its calendar."""

    election: Key
    name: Words
    revised: dt.date
    source: Name
    stage: Annotated[Many[Stage], Field(min_length=1)]

    @model_validator(mode="after")
    def _stages_once(self) -> Self:
        names = [stage.id for stage in self.stage]
        if len(set(names)) < len(names):
            raise PydanticCustomError("data_id_twice", "an id is used twice")
        return self


class Lasting(Shape):
    """What holds from one day to another; ``until`` is absent while it holds."""

    since: dt.date
    since_certain: bool = True
    until: dt.date | None = None

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.until and self.until < self.since:
            raise PydanticCustomError("data_dates_reversed", "until lies before since")
        return self


class Rule(Lasting):
    """A provision in our own words. Consequences are no part of it.

    Attributes:
        labels: Labels it concerns; empty for rules on handling and data.
        acts: Acts on social media that it names.
        elections: Kinds of election it is limited to; empty means all.
        check_from: From this day its standing has to be checked by the reader.
    """

    id: Key
    title: Name
    article: Name
    kind: Literal["statute", "joint_decree", "circular", "ruling"]
    status: Literal["in_force", "amended", "repealed", "guidance"]
    check_from: dt.date | None = None
    elections: Many[Literal["pemilu", "pilkada"]] = ()
    labels: Many[Label]
    acts: Many[Act] = ()
    text: Words
    note: Words | None = None


class Rules(Shape):
    """The file ``rules.toml``."""

    revised: dt.date
    rule: Many[Rule]


class Institution(Lasting):
    """A body that oversees, from one day to another."""

    id: Key
    short: Name
    name: Words
    role: Words
    until_certain: bool = True
    note: Words | None = None


class Institutions(Shape):
    """The file ``institutions.toml``."""

    revised: dt.date
    institution: Many[Institution]
