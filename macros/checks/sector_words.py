"""Check that a template speaks its own sector's words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ..model import Finding, Template
from ..reader import Data, Library
from .registry import at, lines, template_check

#: Words that tell a sector apart; others (党组织, 行政 …) are said everywhere.
_TELLING = ("staff", "congress", "congress-full", "openness", "ethics")
#: Every union has a members' congress, whatever its sector.
_EVERYWHERE = "会员"
_MIN_LENGTH = 3


@lru_cache(maxsize=16)
def foreign_words(data: Data, sector_id: str) -> dict[str, tuple[str, str]]:
    """Word -> (name of the sector it belongs to, this sector's own word)."""
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
            if len(text) >= _MIN_LENGTH and _EVERYWHERE not in text and not inside:
                result.setdefault(text, (sector.name, own_sector.words[word]))
    return result


@template_check("W1")
def words_of_other_sectors(template: Template, library: Library) -> Iterable[Finding]:
    foreign = foreign_words(library.data, template.meta.sector)
    pattern = re.compile("|".join(map(re.escape, sorted(foreign, key=len, reverse=True))))
    own = set(template.meta.words.values())
    for line in lines(template):
        for match in pattern.finditer(line.text):
            if match.group() in own:
                continue
            sector, word = foreign[match.group()]
            yield at(template, line.number, match.start() + 1, f"“{match.group()}”是{sector}的用语", word,
                     line.raw.replace(match.group(), word))
