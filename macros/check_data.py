"""What the check before leaving (assets/data/check.js) knows: the rules of `make check`, for the browser.

Names come from the same data files. Regular expressions are not written a second time: the checks' own patterns
are taken and written out in JavaScript's syntax.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from . import fence, reader, similarity
from .checks import blanks, citations, identity, persons, places, sector_words, shape
from .checks.registry import FILLER
from .model import Policy, Template
from .reader import Data, Gazetteer

#: Shorter sentences are the same in many plans.
MIN_SENTENCE = 6
#: Left out of a sentence before it is compared: the mask, and what dates and ordinals that macros print are made of.
DROPPED = f"{similarity.MASK}月日至次年第个周"
_NOT_COMPARED = str.maketrans("", "", DROPPED)
_NOT_HAN = re.compile(r"[^\u4e00-\u9fff\n]+")
#: Groups other than (?: (?= (?! (?<, and possessive quantifiers: Python has them, JavaScript has not.
_PYTHON_ONLY = re.compile(r"\(\?(?![:=!<])|[*+?}]\+")
_ESCAPES = re.compile(r"\\.")
_CLASSES = re.compile(r"\[[^\]]+\]")
_NUMBER = re.compile(r"[^；（]*\d号")
_NOTE = "!!! note"
_SHARED = re.compile(r"""\{\{\s*共用\(\s*["']([^"']+)["']\s*\)\s*\}\}""")


def in_javascript(pattern: re.Pattern[str]) -> str:
    """The same regular expression for JavaScript. Raises ValueError where that language has none."""
    source = pattern.pattern.replace("(?P<", "(?<")
    escapes = _ESCAPES.findall(source)
    bare = _CLASSES.sub("", _ESCAPES.sub("x", source))
    if pattern.flags & ~re.UNICODE or {"\\A", "\\Z"} & set(escapes) or _PYTHON_ONLY.search(bare):
        raise ValueError(f"JavaScript 里没有这种写法：{pattern.pattern[:80]}")
    return source


def _longest_first(texts: Iterable[str]) -> list[str]:
    return sorted(set(texts), key=lambda text: (-len(text), text))


# --- rules ---

def _patterns(data: Data) -> dict[str, str]:
    outdated, _ = citations.outdated_pattern(data)
    chosen = {
        "contact": identity.CONTACT, "card": identity.CARD, "document": identity.DOCUMENT, "amount": identity.AMOUNT,
        "year": identity.YEAR, "blank": blanks.BLANK, "unpaired": blanks.UNPAIRED, "placeholder": blanks.PLACEHOLDER,
        "title": citations.TITLE,
        "ruleTitle": citations.RULE_TITLE, "outdated": outdated, "sentence": similarity.SENTENCE, "handNumber": shape.HAND_NUMBER,
    }
    return {name: in_javascript(pattern) for name, pattern in chosen.items()}


def _outdated(data: Data) -> dict[str, list[str]]:
    """Wording, or name of a group of the pattern -> what to write, why, what to do."""
    _, entries = citations.outdated_pattern(data)
    return {key: [entry.instead, entry.why, entry.action] for key, entry in entries.items()}


def _persons(gazetteer: Gazetteer) -> dict[str, Any]:
    innocent, forms = persons.patterns(gazetteer)
    return {"innocent": in_javascript(innocent), "forms": [in_javascript(form) for form in forms], "office": in_javascript(persons.OFFICE)}


def _places(data: Data, gazetteer: Gazetteer) -> dict[str, Any]:
    names, official = places.patterns(gazetteer, data)
    return {
        "names": in_javascript(names), "innocent": in_javascript(official),
        "organisations": [in_javascript(pattern) for pattern in places.ORGANISATIONS],
        "generic": in_javascript(places.GENERIC), "clause": in_javascript(places.CLAUSE), "county": in_javascript(places.COUNTY),
        "countyEnd": in_javascript(places.COUNTY_END), "common": f"^(?:{in_javascript(places.COMMON)})$",
    }


def _sectors(data: Data) -> dict[str, Any]:
    return {
        ident: {"name": sector.name, "foreign": {word: list(owner) for word, owner in sector_words.foreign_words(data, ident).items()}}
        for ident, sector in data.sectors.items()
    }


def _policy(policy: Policy) -> list[str]:
    """State, and the day from which it holds where that is known."""
    return [policy.status, policy.effective] if policy.effective else [policy.status]


def _policies(data: Data) -> dict[str, list[str]]:
    """By name and title, and by what a page prints between 《》."""
    printed = {title: policy for policy in data.policies for title in citations.TITLE.findall(policy.cite or "")}
    return {name: _policy(policy) for name, policy in {**printed, **data.policies_by_name}.items()}


def official_texts(data: Data) -> list[str]:
    """What is said of no unit in particular: laws with their numbers, official phrases, observances. Longest first."""
    citable = [policy for policy in data.policies if policy.citable]
    numbers = (number for policy in citable for number in _NUMBER.findall(policy.number or ""))
    phrases = (version.text for phrase in data.phrases for version in phrase.versions)
    cites = (policy.cite for policy in citable)
    proper = (row.name for row in data.proper_names)
    return _longest_first(text for text in (*data.policies_by_name, *cites, *numbers, *phrases, *proper, *data.observances_by_name) if len(text) > 2)


# --- sentences of the templates ---

def mask_words(data: Data, templates: Iterable[Template]) -> list[str]:
    """Words that say nothing about whose wording a sentence is: what macros print. Longest first."""
    words = (text for sector in data.sectors.values() for group in (sector.words.values(), *sector.choices.values()) for text in group)
    own = (text for template in templates for text in getattr(template.meta, "words", {}).values())
    return _longest_first(text for text in (*words, *own) if len(text) > 1)


def skeletons(text: str, masking: re.Pattern[str]) -> list[str]:
    """Each sentence as the Han characters that remain when masks, dates and numbers are taken out."""
    bare = _NOT_HAN.sub("", similarity.SENTENCE.sub("\n", similarity.mask(text, masking))).translate(_NOT_COMPARED)
    return [sentence for sentence in bare.split("\n") if len(sentence) >= MIN_SENTENCE]


def sentence_hash(sentence: str) -> str:
    """The low 24 bits of the CRC-32 of its UTF-16, as four letters."""
    value = zlib.crc32(sentence.encode("utf-16-le")) & 0xFFFFFF
    return base64.urlsafe_b64encode(value.to_bytes(3, "big")).decode()


def template_text(template: Template, shared: dict[str, Template]) -> str:
    """What a reader gets of a template: body with its shared sections and its schedule, without the notes."""
    body = _SHARED.sub(lambda match: shared[match.group(1)].body if match.group(1) in shared else "", template.body.split(_NOTE)[0])
    return "\n".join([body, *(item.do for _, items in template.meta.months for item in items)])


def _texts(templates: Iterable[Template], shared: dict[str, Template], masking: re.Pattern[str]) -> dict[str, str]:
    return {
        template.url.removesuffix(".md") + ".html":
            "".join(sorted({sentence_hash(sentence) for sentence in skeletons(template_text(template, shared), masking)}))
        for template in templates
    }


# --- all of it ---

def check_data(data: Data, gazetteer: Gazetteer, templates: tuple[Template, ...], shared: dict[str, Template]) -> dict[str, Any]:
    """`Plans.checkData`. Raises ValueError where a pattern of the checks cannot be written in JavaScript."""
    words, official = mask_words(data, templates), official_texts(data)
    return {
        "filler": FILLER,
        "patterns": _patterns(data),
        "outdated": _outdated(data),
        "persons": _persons(gazetteer),
        "places": _places(data, gazetteer),
        "sectors": _sectors(data),
        "policies": _policies(data),
        "phrases": [[[v.since, v.until, v.text] for v in phrase.versions] for phrase in data.phrases],
        "official": official,
        "words": words,
        "dropped": DROPPED,
        "minSentence": MIN_SENTENCE,
        "texts": _texts(templates, shared, similarity.masking([*words, *official])),
    }


def check(root: Path) -> dict[str, Any]:
    """`Plans.checkData` of the project at `root`. Raises LibraryError, ValueError."""
    return check_data(
        reader.data_cached(root), reader.load_gazetteer(root), fence.fenced_templates(root), fence.fenced_shared(root))
