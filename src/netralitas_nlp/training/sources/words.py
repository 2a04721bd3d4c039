"""Word lists by which rows of the public sets are kept, mapped or left out.

They serve the mapping of training data only; no score depends on them.
"""

import re
from pathlib import Path
from typing import Final

import pandas as pd

from netralitas_nlp.training.sources.common import read_table

CAMP: Final = re.compile(
    r"\b(?:ke)?ce?bong(?:er|ers|an)?\b|\bcebonk\w*|\bkampret(?:er|ers|os)?\b|\bkadrun\w*"
    r"|\bkadal gurun\b|\bnasbung\b|\bpana(?:sbung|stak)\b|\bbani (?:serbet|taplak|micin|kotak)\b",
    re.IGNORECASE,
)
"""Names of political camps used as insults."""

IDENTITY: Final = re.compile(
    r"\b(?:islam|muslim|moslem|kristen|katolik|nasrani|hindu|bud+ha|yahudi|jews?|ka[fp]ir|kopar"
    r"|syiah|ahmadiyah|wahabi|aseng|[ck]h?ina|cokin|tionghoa|chinese|pribumi|arab|onta|unta|jawa"
    r"|javanese|batak|papua|ambon|madura|sunda|dayak|minang|bugis|melayu|malay\w*|negro|nigg\w+"
    r"|rohingya|israel|pki|komunis\w*|ath?eis\w*|lgbt|homo|gay|lesbi\w*|maho|ben[ck]ong|banci"
    r"|waria|perempuan|wanita|janda|agama|agomo|suku|ras|kaum)\b",
    re.IGNORECASE,
)
"""Groups by belief, origin or gender. A mention proves nothing; beside a hate label it names the
ground of it."""

SLUR: Final = re.compile(
    r"\b(?:ka[fp]ir|kopar|aseng|cokin|onta|negro|nigg\w+|maho|ben[ck]ong|banci|monyet papua"
    r"|[ck]ina (?:babi|anjing|laknat)|antek asing|pki|laknat\w*|yahudi)\b",
    re.IGNORECASE,
)
"""Words that are contempt of a group in most of their uses."""

DISABILITY: Final = re.compile(
    r"\b(?:cacat|autis\w*|tuli|buta|bisu|gagu|lumpuh|pincang|difabel|tuna(?:netra|rungu|wicara"
    r"|grahita|daksa)|down ?syndrome?|gangguan jiwa|keterbelakangan)\b",
    re.IGNORECASE,
)
"""Disabilities. Everyday swearing at eyes and ears (*picek*, *budek*) is not among them."""

CANDIDATES_2024: Final = re.compile(
    r"anies|baswedan|muhaimin|cak ?imin|gus ?imin|\bamin\b|ganjar|pranowo|mahfud|prabowo|gibran"
    r"|\b0?[123]\b",
    re.IGNORECASE,
)

_NAMES = r"anies|imin|muhaimin|ganjar|mahfud|prabowo|gibran"
_PLAIN = (
    r"(?:anies(?:baswedan|muhaimin)?|cakimin|gusimin|muhaimin(?:iskandar)?|ganjar(?:pranowo|mahfud)?"
    r"|mahfud(?:md)?|prabowo(?:subianto|gibran)?|gibran(?:rakabuming(?:raka)?)?)\b"
)
CAMPAIGN_TAG: Final = re.compile(
    rf"#(?!{_PLAIN})\w*(?:{_NAMES})\w*|#\w*(?:indonesiamaju|gemoy|2024amin|amin2024|aminaja"
    r"|aminuntuk|aminindonesia|menatamasadepan|pilih(?:no|0)|coblos|menang|duaperiode|02melanjutkan"
    r"|gantipresiden|salam(?:dua|satu|tiga|metal)|rakyatsenang|temanalam|jokowinomics|makzulkan)\w*",
    re.IGNORECASE,
)
"""Hashtags of a campaign. A candidate's bare name, with or without the running mate's, is none."""

DECLARES: Final = re.compile(
    r"\b(?:saya|sy|aku|gue|gua|gw|kita|kami|ane)\W+(?:\w+\W+){0,3}?"
    r"(?:dukung|mendukung|pilih|milih|coblos|nyoblos|vote)\b"
    r"|\b(?:tetap|tetep|ttp|mari|ayo|yuk|yok|siap)\W+(?:\w+\W+)?"
    r"(?:dukung|pilih|coblos|menangkan|memenangkan)\b"
    r"|\b(?:jangan|jgn) (?:pilih|coblos)\b|\btusuk\b|\ball ?in\b|\bgas ?pol\b|\bharga mati\b"
    r"|\bm3nang|4presiden\b|\bpasti menang\b|\bpresidenku\b|\bdua periode\b",
    re.IGNORECASE,
)
"""Words by which somebody takes sides."""

ELECTION_2019: Final = re.compile(
    r"jokowi|prabowo|sandiaga|gantipresiden|\bpilpres\b|\bcapres\b|\bpilkada\b|\bpilgub\b"
    r"|sarumpaet",
    re.IGNORECASE,
)
"""Subjects of 2018 on which everyday tweets take sides or spread rumours unseen by a labeller."""

MEDIA_ACCOUNTS: Final = frozenset(
    {
        "akurat_co",
        "antaranews",
        "bbcindonesia",
        "beritasatu",
        "bisniscom",
        "cnbcindonesia",
        "cnnindonesia",
        "detikcom",
        "detiknews",
        "elshintadotcom",
        "hariankompas",
        "idntimes",
        "inilahdotcom",
        "jawapos",
        "jpnncom",
        "katadatacoid",
        "kompascom",
        "kompastv",
        "kontannews",
        "korantempo",
        "kumparan",
        "liputan6",
        "liputan6dotcom",
        "medcom_id",
        "mediaindonesia",
        "merdekadotcom",
        "metro_tv",
        "narasinewsroom",
        "officialinews_",
        "okezonenews",
        "republikaonline",
        "sctv_",
        "sindonews",
        "suaradotcom",
        "tempodotco",
        "thejakartapost",
        "tirtoid",
        "tribunkaltim",
        "tribunnews",
        "tvonenews",
        "vivacoid",
        "voaindonesia",
    }
)
"""Newsrooms, whose posts report: cheap neutral rows."""

PARTY_SITE: Final = re.compile(
    r"golkar|gerindra|pdi-?perjuangan|\bpdip\b|pks\.|partai|fraksi|\bpsi\.id|nasdem\.id|demokrat\.or"
    r"|\bpan\.or|pkb\.id|relawan",
    re.IGNORECASE,
)


def abuse_words(data: Path) -> re.Pattern[str]:
    """Return the abusive words published with the 2019 set, camps and slurs as one pattern."""
    folder = data / "hate" / "ibrohim-budi-2019-multilabel"
    listed = read_table(folder / "abusive.csv", ["ABUSIVE"])["ABUSIVE"].str.strip()
    words = "|".join(re.escape(word) for word in listed if word)
    alternatives = [CAMP.pattern, SLUR.pattern, *([rf"\b(?:{words})\b"] if words else [])]
    return re.compile("|".join(alternatives), re.IGNORECASE)


def holds(text: "pd.Series[str]", *patterns: re.Pattern[str]) -> "pd.Series[bool]":
    """Return where any of the patterns occurs."""
    found = pd.Series(data=False, index=text.index)
    for pattern in patterns:
        found |= text.map(lambda words, p=pattern: p.search(words) is not None).astype(bool)
    return found
