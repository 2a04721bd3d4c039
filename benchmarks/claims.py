"""How well posts find the claim they repeat, on fact-checks of a later time.

    python benchmarks/claims.py --data DIR --out benchmarks/claims.md

DIR holds the folders ``hoax`` and ``neutral`` of the public sets. The claims are cut at their
median date. Whatever was chosen (the threshold, the shares of the likeness) was chosen on the
earlier half; the figures are those of the later half.

The pairs, hardest first. None has a query that holds its title, or is held by it.

- *own claim*: what circulated, against an index of titles alone. Only the fact-checker's title of
  that very text is right; a near copy of the claim counts as wrong.
- *own claim, explained*: the same posts against an index of titles and, where the list has one, of
  the checker's explanation. Every run of four words that the explanation of a claim shares with
  what circulated is cut out of it first, so that no quotation of the post is found.
- *repeat*: what circulated later, against an index of the claims of the earlier half. Right is an
  earlier claim that shares half of the content words of both titles, and three of them. Titles
  decide what is right; titles are never the query.
- *cut copy*: the first half of the words of what circulated, against an index of everything.

Precision is told twice: *that title* counts the fact-checker's title of that very text alone, *that
claim* also another title of the same claim, by the rule of *repeat*: lists hold many claims twice.

*Strangers* are what circulated later and has no such repeat (no earlier title shares a quarter of
its content words): a match of one is mostly false, so that their share is an upper bound.

False matches are counted on texts that repeat no claim (news, official posts) and on debunks, which
do speak of a claim: there a wrong one is a text shown as asserting it.
"""

import argparse
import csv
import gzip
import re
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from netralitas_nlp.claims import match as matching
from netralitas_nlp.claims.files import Claim, read_claims
from netralitas_nlp.claims.index import ClaimIndex, write_index
from netralitas_nlp.claims.match import ClaimMatcher, Ranked
from netralitas_nlp.claims.words import COMMON, bare_title, words
from netralitas_nlp.text.dedup import letters_key

THRESHOLDS = (0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.70)
DEBUNK_WORDS = 45
STRANGER = "stranger"
RUN = 4
TRIED = """
## What limits it, and what was tried

Of the 3,112 posts of the earlier half, 13 % share no content word with the title of their claim and
another 11 % share one: the claim was in the picture, or the text collected only comments on it. No
comparison of words can put those in order. In the later half the collected texts are longer and
say the claim itself more often, hence the higher figures there.

Figures here are success@10 on posts of the earlier half, compared within a row: rows marked * are
of every fourth post and the released code, the others of all posts and all claims compared at once.
What helped is released.

| idea | without | with |
|---|---|---|
| all words and runs of letters of the post, not the 32 and 40 rarest * | .717 | .742 |
| runs of four letters in place of three * | .742 | .751 |
| the checker's explanation as a third field, posts whose claim has one (710) | .772 | .815 |
| word beginnings (5 letters) in place of words | .752 | .752 |
| other constants of BM25 (k1 0.5 to 1.2, b 0.4 to 1) | .752 | .750 to .753 |
| latent semantic analysis, 400 dimensions, mixed in | .769 | .765 |
| translation of words learnt from other pairs of post and title | .769 | .770 |

Precision of *that title* stays under .90 at the threshold: most of its errors are another title of
the same claim, which the lists hold twice. A threshold of 0.6 would bring it there on the earlier
half, and lose half of the cut copies. *Repeat* has 55 pairs, of which 14 reach the threshold: its
figures are uncertain by ten points and more.
"""
csv.field_size_limit(10_000_000)


@dataclass(frozen=True)
class Pair:
    query: str
    right: frozenset[str]
    """Keys of the claims that count as found."""

    title: str = ""
    """Of the claim that the query belongs to."""


@dataclass(frozen=True)
class Answer:
    places: list[int]
    best: float
    same: bool
    """Whether the best claim is right, or says the same as the right one."""


def main() -> None:
    args = arguments()
    rows = read_claims(args.data / "hoax/claims_db/claims.jsonl.gz")
    claims = [row for row in rows if isinstance(row, Claim)]
    median = sorted(c.date for c in claims if c.date)[sum(bool(c.date) for c in claims) // 2]
    earlier = [c for c in claims if c.date and c.date < median]
    later = [c for c in claims if c.date >= median]
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder), args.sample)
        first = lab.sets(earlier, known=earlier)
        texts = negatives(args.data)
        if args.choose:
            print("\n".join(curve(first)))
            return
        second = lab.sets(later, known=claims)
        rest = [t for t in texts if not t.date or t.date >= median]
        lines = report(first, second, lab, claims, rest, median)
    args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Lab:
    """Indexes, and the answers of a matcher to sets of pairs."""

    def __init__(self, folder: Path, sample: int) -> None:
        self.folder = folder
        self.sample = sample
        self.seconds: list[float] = []
        self.n = 0

    def matcher(
        self, claims: Iterable[Claim], *, titles: bool = False, explained: bool = False
    ) -> ClaimMatcher:
        self.n += 1
        path = self.folder / f"{self.n}.index"
        if titles or explained:
            claims = [
                replace(c, text="", note=unquoted(c.note, c.text) if explained else "")
                for c in claims
            ]
        write_index(claims, path)
        return ClaimMatcher(ClaimIndex(path))

    def sets(self, asked: Sequence[Claim], *, known: Sequence[Claim]) -> dict[str, list[Answer]]:
        """Return the answers for the three kinds of pairs, of the claims that are asked."""
        half = sorted(c.date for c in asked)[len(asked) // 2]
        cut = min(c.date for c in asked) if len(known) > len(asked) else half
        old = [c for c in known if c.date and c.date < cut]
        new = [c for c in asked if c.date >= cut]
        told = [c for c in asked if tells_more(c)]
        own = [Pair(c.text, frozenset({key(c)}), c.title) for c in told]
        cuts = [
            Pair(" ".join(c.text.split()[: len(c.text.split()) // 2]), frozenset({key(c)}), c.title)
            for c in told
            if len(c.text.split()) >= 12
        ]
        told_before = self.matcher(old)
        again, strangers = repeats(old, new)
        return {
            "own claim": self.answers(self.matcher(known, titles=True), own),
            "own claim, explained": self.answers(self.matcher(known, explained=True), own),
            "repeat": self.answers(told_before, again),
            "cut copy": self.answers(self.matcher(known), cuts),
            STRANGER: self.answers(told_before, strangers),
        }

    def answers(self, matcher: ClaimMatcher, pairs: Sequence[Pair]) -> list[Answer]:
        step = max(1, len(pairs) // self.sample)
        found = []
        for pair in pairs[::step]:
            began = time.perf_counter()
            ranked = matcher.rank(pair.query, limit=10)
            self.seconds.append(time.perf_counter() - began)
            places = [i for i, one in enumerate(ranked, 1) if entry_key(one) in pair.right]
            same = places[:1] == [1] or bool(ranked and says(ranked[0].entry.title, pair.title))
            found.append(Answer(places, ranked[0].similarity if ranked else 0.0, same))
        return found


def key(claim: Claim) -> str:
    return " ".join(words(bare_title(claim.title)))


def entry_key(ranked: Ranked) -> str:
    return ranked.entry.title_words


def tells_more(claim: Claim) -> bool:
    """Say whether a claim has a circulating text that is not its title over again."""
    title, text = letters_key(bare_title(claim.title)), letters_key(claim.text)
    return bool(title and text) and title not in text and text not in title


def unquoted(note: str, post: str) -> str:
    """Return an explanation without the runs of four words that it shares with a post."""
    told, said = words(note), words(post)
    runs = {tuple(said[i : i + RUN]) for i in range(len(said) - RUN + 1)}
    shared = {
        place
        for i in range(len(told) - RUN + 1)
        if tuple(told[i : i + RUN]) in runs
        for place in range(i, i + RUN)
    }
    return " ".join(word for place, word in enumerate(told) if place not in shared)


def says(title: str, other: str) -> bool:
    """Say whether two titles share half of their content words, and three of them."""
    one, two = content(title), content(other)
    return len(one & two) >= max(3, 0.5 * len(one | two))


def content(title: str) -> frozenset[str]:
    return frozenset(words(bare_title(title))) - COMMON


def repeats(old: Sequence[Claim], new: Sequence[Claim]) -> tuple[list[Pair], list[Pair]]:
    holders: dict[str, list[int]] = defaultdict(list)
    sets = [content(c.title) for c in old]
    for number, found in enumerate(sets):
        for word in found:
            holders[word].append(number)
    pairs, strangers = [], []
    for claim in (c for c in new if tells_more(c)):
        asked = content(claim.title)
        shared = Counter(n for word in asked for n in holders.get(word, ()))
        right = [n for n, k in shared.items() if k >= 3 and k >= 0.5 * len(asked | sets[n])]
        if right:
            pairs.append(Pair(claim.text, frozenset(key(old[n]) for n in right)))
        elif not any(k >= 0.25 * len(asked | sets[n]) for n, k in shared.items()):
            strangers.append(Pair(claim.text, frozenset()))
    return pairs, strangers


@dataclass(frozen=True)
class Text:
    kind: str
    text: str
    date: str = ""


def negatives(data: Path) -> list[Text]:
    found = []
    hoax, neutral = data / "hoax", data / "neutral"
    for file, columns, day in (
        (hoax / "turnbackhoax_1k/hoax_1k.csv.gz", ("fact", "conclusion"), "tanggal"),
        (
            hoax / "turnbackhoax_2025_2026/turnbackhoax_articles.csv.gz",
            ("penjelasan", "kesimpulan"),
            "date",
        ),
    ):
        for row in table(file):
            for column in columns:
                text = " ".join((row[column] or "").split()[:DEBUNK_WORDS])
                found.append(Text("debunks", text, iso(row.get(day) or "")))
    for row in table(hoax / "pilpres_hoax_titles_2023/data_berita.csv"):
        if row["Berita_Hoax"].strip().lower() == "false":
            found.append(Text("political news headlines 2023", row["Judul Artikel"], "2023-10-01"))
    for row in table(neutral / "election_headlines_2023/webscrape.csv", delimiter=";"):
        found.append(Text("election headlines 2023", row["Headline"], "2023-11-15"))
    for row in table(neutral / "headlines_2025/berita_deteksi_clickbait.csv"):
        found.append(Text("news headlines 2025", row["Judul"], "2025-07-01"))
    for row in table(neutral / "official_election_tweets/official_election_tweets.csv"):
        found.append(Text("official election posts", row["text"], "2023-09-01"))
    seen: set[str] = set()
    return [
        t for t in found
        if len(t.text.split()) >= 4 and not (t.text in seen or seen.add(t.text))
    ]  # fmt: skip


def table(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        lines = stream.read().decode("utf-8-sig", "replace").splitlines(keepends=True)
    return list(csv.DictReader(lines, delimiter=delimiter))


def iso(value: str) -> str:
    match = re.match(r"\d{4}-\d{2}-\d{2}", value)
    return match[0] if match else ""


def success(answers: Sequence[Answer], k: int) -> float:
    return sum(bool(a.places) and a.places[0] <= k for a in answers) / max(1, len(answers))


def precision(answers: Sequence[Answer], threshold: float) -> tuple[float, float, float]:
    """Return precision (that title, that claim) and recall of the best claim at a threshold."""
    matched = [a for a in answers if a.best >= threshold]
    right = sum(a.places[:1] == [1] for a in matched)
    n = max(1, len(matched))
    return right / n, sum(a.same for a in matched) / n, right / max(1, len(answers))


def curve(sets: dict[str, list[Answer]]) -> list[str]:
    """Return the figures of the half on which the threshold is chosen."""
    pairs = {name: answers for name, answers in sets.items() if name != STRANGER}
    heads = [f"{name}: that title, that claim, found" for name in pairs]
    lines = [
        "| threshold | " + " | ".join(heads) + f" | matched of {len(sets[STRANGER])} strangers |",
        "|---|" + "---|" * (len(pairs) + 1),
    ]
    for threshold in THRESHOLDS:
        cells = ["{:.3f}, {:.3f}, {:.3f}".format(*precision(a, threshold)) for a in pairs.values()]
        cells.append(f"{100 * matched(sets[STRANGER], threshold):.1f} %")
        lines.append(f"| {threshold:.2f} | " + " | ".join(cells) + " |")
    for name, answers in pairs.items():
        at = " ".join(f"@{k} {success(answers, k):.3f}" for k in (1, 5, 10))
        lines += ["", f"Success on *{name}* ({len(answers)} pairs): {at}."]
    return lines


def matched(answers: Sequence[Answer], threshold: float) -> float:
    return sum(a.best >= threshold for a in answers) / max(1, len(answers))


def report(first, second, lab, claims, rest, median) -> list[str]:
    threshold = matching.THRESHOLD
    n_ms = 1000 * statistics.median(lab.seconds)
    lines = [
        "# Claims", "",
        "Written by `python benchmarks/claims.py --data DIR`; its first lines say how the pairs "
        "are made.", "",
        f"{len(claims)} claims; the dated ones are cut at {median}. Threshold {threshold}, "
        f"chosen on the earlier half. Median time per post {n_ms:.0f} ms on one busy core.", "",
        "## Later half", "",
        "| pairs | n | success@1 | success@5 | success@10 "
        "| precision: that title | precision: that claim | found at threshold |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name, answers in second.items():
        if name == STRANGER:
            share = f"{100 * matched(answers, threshold):.1f} %"
            lines.append(f"| {name} | {len(answers)} | - | - | - | - | - | {share} matched |")
            continue
        exact, same, recall = precision(answers, threshold)
        cells = [f"{success(answers, k):.3f}" for k in (1, 5, 10)]
        lines.append(
            f"| {name} | {len(answers)} | "
            + " | ".join(cells)
            + f" | {exact:.3f} | {same:.3f} | {recall:.3f} |"
        )
    lines += ["", "## False matches, later half, all claims in the index", "",
              "| texts | n | any match | asserted and debunked | of the matches: stance |",
              "|---|---|---|---|---|"]  # fmt: skip
    matcher = lab.matcher(claims)
    later_posts = [Text("posts that circulated (for comparison)", c.text, c.date)
                   for c in claims if c.date >= median and tells_more(c)]  # fmt: skip
    groups: dict[str, list[Text]] = defaultdict(list)
    for text in (*rest, *later_posts):
        groups[text.kind].append(text)
    for kind, group in groups.items():
        chosen = group[:: max(1, len(group) // lab.sample)]
        matches = [m for t in chosen if (m := matcher.match(t.text))]
        stances = Counter(m.stance for m in matches)
        shown = sum(m.debunked for m in matches)
        said = ", ".join(f"{name} {n}" for name, n in sorted(stances.items())) or "-"
        lines.append(
            f"| {kind} | {len(chosen)} | {100 * len(matches) / len(chosen):.2f} % | "
            f"{100 * shown / len(chosen):.2f} % | {said} |"
        )
    lines += ["", "## Earlier half, on which the threshold was chosen", ""]
    return lines + curve(first) + TRIED.rstrip().split("\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/claims.md"))
    parser.add_argument("--sample", type=int, default=1000, help="about how many of each kind")
    parser.add_argument("--choose", action="store_true", help="print the earlier half alone")
    return parser.parse_args()


if __name__ == "__main__":
    main()
