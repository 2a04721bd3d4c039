"""Records into posts: each role read, repaired, and counted where something had to be done."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from urllib.parse import quote

from netralitas_nlp.io import ids
from netralitas_nlp.io.kinds import is_bare_repost, is_like_row, kind_of_word
from netralitas_nlp.io.meaning import KindRule, Meaning, SkipRule
from netralitas_nlp.io.paths import items_at, present, value_at
from netralitas_nlp.io.privacy import with_pseudonyms, without_private
from netralitas_nlp.io.repair import is_cut, repaired
from netralitas_nlp.io.roles import Entry, text_of, value_of, values_of
from netralitas_nlp.io.tables import RawRecord, RawTable, Rows
from netralitas_nlp.io.times import is_relative, iso_time
from netralitas_nlp.labels import TextKind
from netralitas_nlp.schema import MAX_RAW, JsonValue, Post, Reject

_PLACE: Final = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Plan:
    """How one table is read.

    Attributes:
        meaning: What its columns mean.
        source_file: Name that its rows carry.
        nested: Whether records hold lists and objects.
        month_first: Order of its slashed dates.
        ids_rounded: Whether a spreadsheet rounded its ids as a whole.
    """

    meaning: Meaning
    source_file: str
    nested: bool = False
    month_first: bool = False
    ids_rounded: bool = False


def posts_of(
    raw: RawTable, plan: Plan, problems: Counter[str], some: Rows | None = None
) -> Iterator[Post | Reject]:
    """Yield every record of a table as a post, broken ones as rejects, in order.

    Args:
        raw: The table.
        plan: How it is read.
        problems: Counts what had to be repaired, recovered or left open.
        some: Only these rows; see ``Table.some`` for what is counted then.
    """
    if some is not None:
        yield from _some_posts(raw, plan, problems, some)
        return
    for row, item in _numbered(entries_of(raw, plan.meaning, problems), plan):
        yield _made(row, item, plan, problems)


def _some_posts(
    raw: RawTable, plan: Plan, problems: Counter[str], some: Rows
) -> Iterator[Post | Reject]:
    read = raw.read
    if raw.span is not None and some.stop is not None and not plan.meaning.records:
        read = partial(raw.span, some.first, some.stop)
    own = _Share(raw, problems)
    mine = some.holds(1)
    for row, item in _numbered(entries_of(raw, plan.meaning, problems, read=read), plan):
        mine = some.holds(row)
        if mine:
            made = _made(row, item, plan, problems)
            own.take(mine)
            yield made
        else:
            own.take(mine)
    own.take(mine)
    own.settle()


class _Share:
    """What the counters of a pass have counted for some of its rows."""

    def __init__(self, raw: RawTable, problems: Counter[str]) -> None:
        self._raw = raw
        self._pairs = [
            (raw.problems, Counter(raw.notes), Counter[str]()),
            (problems, Counter[str](), Counter[str]()),
        ]

    def take(self, mine: bool) -> None:
        """Ascribe what was counted since the last call."""
        for now, before, share in self._pairs:
            for code, count in now.items():
                if count != before[code]:
                    if mine:
                        share[code] += count - before[code]
                    before[code] = count

    def settle(self) -> None:
        """Leave only the share in the counters."""
        for now, _, share in self._pairs:
            now.clear()
            now.update(share)
        self._raw.problems.update(self._raw.notes)


def _numbered(
    entries: Iterator[Entry | Reject], plan: Plan
) -> Iterator[tuple[int, Entry | Reject]]:
    """Yield each entry with its row: of the posts where a record holds many, else of records."""
    if plan.meaning.records:
        yield from enumerate(entries, start=1)
        return
    for item in entries:
        yield item.source_row if isinstance(item, Reject) else item.row, item


def _made(row: int, item: Entry | Reject, plan: Plan, problems: Counter[str]) -> Post | Reject:
    if isinstance(item, Reject):
        return replace(item, source_file=plan.source_file, source_row=row)
    return _post(item if item.row == row else replace(item, row=row), plan, problems)


def entries_of(
    raw: RawTable,
    meaning: Meaning,
    problems: Counter[str],
    *,
    read: Callable[[], Iterator[RawRecord | Reject]] | None = None,
) -> Iterator[Entry | Reject]:
    """Yield the records of a table that are posts; the others are counted in ``problems``.

    Args:
        raw: The table.
        meaning: What its columns mean.
        problems: Counts the records that are no posts.
        read: Starts the pass, in place of ``raw.read``.
    """
    for item in (read or raw.read)():
        if isinstance(item, Reject):
            yield item
            continue
        for entry in _inside(item, meaning, problems):
            if isinstance(entry, Entry) and _skipped(entry, meaning.skip):
                problems["records_not_posts"] += 1
                continue
            yield entry


def _inside(
    record: RawRecord, meaning: Meaning, problems: Counter[str]
) -> Iterator[Entry | Reject]:
    if not meaning.records:
        yield Entry(record.row, record.fields, record.links, record.fields)
        return
    found = False
    for path in meaning.records:
        for member in items_at(record.fields, path):
            if isinstance(member, dict):
                found = True
                yield Entry(record.row, member, {}, record.fields)
            elif member is not None:
                found = True
                yield Reject("", record.row, "reject_not_an_object", raw=str(member)[:MAX_RAW])
        if found:
            return
    problems["documents_without_posts"] += 1


def _skipped(entry: Entry, rules: tuple[SkipRule, ...]) -> bool:
    return any(
        str(value).casefold() in rule.equals if rule.equals else present(value)
        for rule in rules
        if (value := value_at(entry.fields, rule.when)) is not None
    )


def _post(entry: Entry, plan: Plan, problems: Counter[str]) -> Post:
    meaning = plan.meaning
    text = _text(entry, meaning, "text")
    kind = _kind(entry, meaning, text)
    if kind == "repost":
        text = _text(entry, meaning, "repost_text") or text
    mended = repaired(text)
    problems["text_repaired"] += mended != text
    url = _url(entry, meaning)
    post_id = _post_id(entry, plan, url, problems)
    account = _account(entry, meaning)
    if not url:
        url = _built_url(entry, meaning, account, post_id)
    cut = is_cut(mended, dots=meaning.dots_cut) or _said_cut(entry, meaning, mended)
    problems["text_cut"] += cut
    return Post(
        source_file=plan.source_file,
        source_row=entry.row,
        fields=_fields(entry, plan),
        text=mended,
        parent_text=repaired(_text(entry, meaning, "parent_text")) or None,
        account=account,
        posted_at=_time(entry, plan, problems),
        url=url,
        post_id=post_id,
        text_kind=kind,
        truncated=cut,
    )


def _text(entry: Entry, meaning: Meaning, role: str) -> str:
    # Any words count as text, also "-" or "none", which stand for nothing in other columns.
    empty = ""
    for source in meaning.sources(role):  # type: ignore[arg-type]
        text = text_of(value_of(entry, source, "text"))
        if text.strip():
            return text
        empty = empty or text
    if role == "text":
        return empty
    return next((text_of(value) for value in values_of(entry, meaning, role)), "")  # type: ignore[arg-type]


def _kind(entry: Entry, meaning: Meaning, text: str) -> TextKind:
    for rule in meaning.kinds:
        if _holds(rule, entry):
            return rule.kind
    if is_bare_repost(text):
        return "repost"
    if is_like_row(text):
        return "like"
    for value in values_of(entry, meaning, "kind"):
        named = kind_of_word(str(value))
        if named:
            return named
    return meaning.default_kind


def _holds(rule: KindRule, entry: Entry) -> bool:
    value = value_at(entry.fields, rule.when)
    if not present(value):
        return False
    word = str(value)
    if rule.equals:
        return word.strip().casefold() in rule.equals
    if rule.matches is not None:
        return re.search(rule.matches, word) is not None
    if rule.differs is not None:
        other = ids.clean_id(value_at(entry.fields, rule.differs))
        mine = ids.clean_id(value)
        # Ids that a spreadsheet damaged differ or agree by accident.
        if not other or any(map(ids.is_damaged, (mine, other))):
            return False
        return mine != other and not any(map(ids.looks_rounded, (mine, other)))
    return True


def _url(entry: Entry, meaning: Meaning) -> str:
    for value in values_of(entry, meaning, "url"):
        address = str(value).strip()
        if address.startswith(("http://", "https://")):
            # Some builds of a crawler write "undefined" for the account; X resolves "i".
            return address.replace(".com/undefined/status/", ".com/i/status/")
    return ""


def _built_url(entry: Entry, meaning: Meaning, account: str, post_id: str) -> str:
    for template in meaning.links:
        fill = partial(_filled, entry=entry, account=account, post_id=post_id)
        try:
            return _PLACE.sub(fill, template)
        except LookupError:
            continue
    return ""


def _filled(place: re.Match[str], *, entry: Entry, account: str, post_id: str) -> str:
    name = place[1]
    known = {"account": account, "post_id": post_id}
    value = known[name] if name in known else ids.clean_id(value_at(entry.fields, name))
    if not value:
        raise LookupError(name)
    return quote(value.removeprefix("@") if name == "account" else value, safe="@:")


def _post_id(entry: Entry, plan: Plan, url: str, problems: Counter[str]) -> str:
    damaged = ""
    for source in plan.meaning.sources("post_id"):
        found = ids.clean_id(value_of(entry, source, "post_id")).removeprefix(
            plan.meaning.id_prefix
        )
        if not found:
            continue
        if not ids.is_damaged(found) and not _was_rounded(found, url, plan):
            problems["id_recovered"] += bool(damaged)
            return found
        damaged = found
    from_url = ids.id_from_url(url) if damaged else ""
    if from_url:
        problems["id_recovered"] += 1
        return from_url
    problems["id_damaged"] += bool(damaged)
    return ""


def _was_rounded(post_id: str, url: str, plan: Plan) -> bool:
    if not ids.looks_rounded(post_id):
        return False
    if plan.ids_rounded:
        return True
    exact = ids.id_from_url(url)
    return exact != post_id and exact[: ids.EXACT_DIGITS] == post_id[: ids.EXACT_DIGITS]


def _account(entry: Entry, meaning: Meaning) -> str:
    for value in values_of(entry, meaning, "account"):
        account = ids.clean_account(value)
        if account:
            if (meaning.chat or account.lstrip("~ ").startswith("+")) and ids.is_phone(account):
                return ids.pseudonym(account)
            return repaired(account)
    return ""


def _time(entry: Entry, plan: Plan, problems: Counter[str]) -> str:
    meaning = plan.meaning
    zone = meaning.zone
    if meaning.zone_column:
        zone = text_of(value_at(entry.fields, meaning.zone_column)) or zone
    seen: JsonValue = None
    for value in values_of(entry, meaning, "posted_at"):
        seen = value
        moment = iso_time(value, zone=zone, month_first=plan.month_first)
        if moment:
            problems["time_without_zone"] += not _zoned(moment)
            return moment
    if seen is not None:
        problems["time_relative" if is_relative(seen) else "time_unreadable"] += 1
    return ""


def _zoned(moment: str) -> bool:
    return len(moment) > 10 and ("+" in moment[19:] or "-" in moment[19:])


def _said_cut(entry: Entry, meaning: Meaning, text: str) -> bool:
    if meaning.cut_when is None or not text:
        return False
    flag = value_at(entry.fields, meaning.cut_when)
    if str(flag).casefold() != "true":
        return False
    # The tool cuts its first field; a longer one further down the list is whole.
    return not any(
        present(value_at(entry.fields, source))
        for source in meaning.sources("text")
        if "extended" in source
    )


def _fields(entry: Entry, plan: Plan) -> dict[str, JsonValue]:
    fields = without_private(entry.fields, drop=plan.meaning.drop, nested=plan.nested)
    if plan.meaning.chat:
        fields = with_pseudonyms(fields, plan.meaning.sources("account"))
    return fields
