"""Check that a template speaks its own sector's words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ..model import Finding, Template
from ..reader import Data, Library
from .registry import any_of, at, lines, sectors_of, template_check

#: Words that tell a sector apart; others (党组织, 行政 …) are said everywhere.
_TELLING = ("staff", "congress", "congress-full", "openness", "ethics")
#: Said in every sector: each union has a members' congress, its own affairs to publish, staff of all ranks.
_EVERYWHERE = re.compile("会员|会务公开|干部职工|职业道德")
_MIN_LENGTH = 3


@lru_cache(maxsize=16)
def foreign_words(data: Data, sector_id: str) -> dict[str, tuple[str, str]]:
    """Word -> (names of the sectors it belongs to, this sector's own word)."""
    def words(ident: str) -> dict[str, str]:
        sector = data.sectors[ident]
        pairs = [(text, word) for word in _TELLING for text in (sector.words[word], *sector.choices.get(word, []))]
        return {text: word for text, word in reversed(pairs)}

    own_sector = data.sectors[sector_id]
    allowed = set(words(sector_id)).union(*(words(ident) for ident in own_sector.may_mention))
    result: dict[str, tuple[str, str]] = {}
    for ident, sector in data.sectors.items():
        for text, word in words(ident).items():
            inside = any(text in own for own in allowed)
            if len(text) >= _MIN_LENGTH and not _EVERYWHERE.search(text) and not inside:
                owners, own_word = result.get(text, ("", own_sector.words[word]))
                result[text] = (f"{owners}、{sector.name}".lstrip("、"), own_word)
    return result


@lru_cache(maxsize=16)
def _pattern(data: Data, sector_id: str) -> re.Pattern[str]:
    """The words, and proper names that one may stand in: those are found first, and are no fault."""
    return re.compile(any_of([*foreign_words(data, sector_id), *(row.name for row in data.proper_names)]))


@template_check("W1", shared=True)
def words_of_other_sectors(template: Template, library: Library) -> Iterable[Finding]:
    own = set(getattr(template.meta, "words", {}).values())
    for line in lines(template):
        found: dict[int, Finding] = {}  # one finding a place, however many sectors share the section
        for ident in sectors_of(template):
            words = foreign_words(library.data, ident)
            for match in _pattern(library.data, ident).finditer(line.text):
                if match.group() in own or match.group() not in words:
                    continue
                sector, word = words[match.group()]
                found.setdefault(match.start(), at(
                    template, line.number, match.start() + 1, f"“{match.group()}”是{sector}的用语", word,
                    line.replaced(*match.span(), word)))
        yield from found.values()
