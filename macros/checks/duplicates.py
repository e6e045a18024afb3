"""Checks that the same text stands only once: sections and whole templates."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nlargest
from itertools import combinations
from typing import NamedTuple

from .. import similarity
from ..model import Finding, Template
from ..reader import Library
from .registry import heading_id, library_check

HINT, ERROR = 0.6, 0.8
_NOTE = "!!! note"


class Passage(NamedTuple):
    """A text that is compared, and where it stands."""

    path: str
    line: int
    name: str
    text: str


def _sector_words(library: Library) -> list[str]:
    texts = {text for sector in library.data.sectors.values() for text in sector.words.values()}
    return sorted(text for text in texts if len(text) > 1)


def _finding(what: str, here: Passage, there: Passage, score: float, same: list[str]) -> Finding:
    shown = "；".join(f"“{sentence[:40]}”" for sentence in same[:3]) or "没有整句相同，是逐句改动"
    return Finding(
        "", here.path, here.line, 1,
        f"{what}“{here.name}”与 {there.path}:{there.line} 的“{there.name}”相似度 {score:.0%}，相同的句子：{shown}",
        f"低于 {HINT:.0%}；改写，或做成共用段落", level="error" if score >= ERROR else "hint",
    )


def _compare(passages: list[Passage], library: Library, what: str) -> Iterable[Finding]:
    """Each passage that is alike to others is found once, with the one it is most alike to.

    So both places of a pair are named, whichever file a contribution changes, and many copies do not flood the report.
    """
    masking = similarity.masking(_sector_words(library))
    sets = [similarity.grams(similarity.mask(passage.text, masking)) for passage in passages]
    nearest: dict[int, tuple[int, float]] = {}
    for pair in similarity.similar_pairs(sets, HINT):  # most alike first
        nearest.setdefault(pair.first, (pair.second, pair.score))
        nearest.setdefault(pair.second, (pair.first, pair.score))
    sentences = {index: similarity.sentences(passages[index].text, masking) for index in nearest}
    for here, (there, score) in sorted(nearest.items()):
        same = similarity.shared_sentences(sentences[here], sentences[there])
        yield _finding(what, passages[here], passages[there], score, same)


def _sections(template: Template, library: Library) -> Iterable[Passage]:
    for section in template.sections:
        if section.level > 1 and heading_id(section, library.data.heading_ids) not in ("schedule", None):
            # stock headings are the same everywhere by intent: only the text below them counts
            heading = section.heading if section.theme else ""
            yield Passage(template.path, section.line, section.heading, f"{heading}\n{section.body.split(_NOTE)[0]}")


def _all_sections(library: Library) -> list[Passage]:
    return [row for template in (*library.templates, *library.shared.values()) for row in _sections(template, library)]


def closest_sections(library: Library, count: int) -> list[tuple[float, Passage, Passage]]:
    """The pairs of sections that are most alike, the most alike first, however far below the limit of the check.

    Every pair is compared, which takes time that grows with the square of the library: for a report, not for a check.
    """
    passages, masking = _all_sections(library), similarity.masking(_sector_words(library))
    sets = [similarity.grams(similarity.mask(passage.text, masking)) for passage in passages]
    long_enough = [index for index, grams in enumerate(sets) if len(grams) >= similarity.MIN_GRAMS]
    scores = ((similarity.jaccard(sets[a], sets[b]), a, b) for a, b in combinations(long_enough, 2))
    return [(score, passages[a], passages[b]) for score, a, b in nlargest(count, scores)]


@library_check("D1")
def similar_sections(library: Library) -> Iterable[Finding]:
    return _compare(_all_sections(library), library, "部分")


@library_check("D2")
def similar_templates(library: Library) -> Iterable[Finding]:
    passages = [Passage(t.path, 1, t.meta.title, t.body.split(_NOTE)[0]) for t in library.templates]
    return _compare(passages, library, "模板")
