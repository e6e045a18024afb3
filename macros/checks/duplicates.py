"""Checks that the same text stands only once: sections and whole templates."""

from __future__ import annotations

from collections.abc import Iterable

from .. import similarity
from ..model import Finding, Template
from ..reader import Library
from .registry import heading_id, library_check

HINT, ERROR = 0.6, 0.8


def _words(library: Library) -> list[str]:
    texts = {text for sector in library.data.sectors.values() for text in sector.words.values()}
    return [text for text in texts if len(text) > 1]


def _compare(texts: list[tuple[str, int, str, str]], library: Library, what: str) -> Iterable[Finding]:
    """`texts` holds (path, line, name, text); each alike pair is one finding, at the later place."""
    words = _words(library)
    masked = [similarity.mask(text, words) for _, _, _, text in texts]
    for pair in similarity.similar_pairs([similarity.grams(text) for text in masked], HINT):
        (path, line, name, _), (other_path, other_line, other_name, _) = texts[pair.second], texts[pair.first]
        same = similarity.shared_sentences(masked[pair.second], masked[pair.first])
        shown = "；".join(f"“{sentence[:40]}”" for sentence in same[:3]) or "没有整句相同，是逐句改动"
        yield Finding(
            "", path, line, 1,
            f"{what}“{name}”与 {other_path}:{other_line} 的“{other_name}”相似度 {pair.score:.0%}，相同的句子：{shown}",
            f"低于 {HINT:.0%}；改写，或做成共用段落", level="error" if pair.score >= ERROR else "hint",
        )


def _sections(template: Template, library: Library) -> Iterable[tuple[str, int, str, str]]:
    for section in template.sections:
        if section.level > 1 and heading_id(section, library.data.heading_ids) not in ("schedule", None):
            # stock headings are the same everywhere by intent: only the text below them counts
            body = section.body.split("!!! note")[0]
            heading = section.heading if section.theme else ""
            yield template.path, section.line, section.heading, f"{heading}\n{body}"


@library_check("D1")
def similar_sections(library: Library) -> Iterable[Finding]:
    texts = [row for template in (*library.templates, *library.shared.values()) for row in _sections(template, library)]
    return _compare(texts, library, "部分")


@library_check("D2")
def similar_templates(library: Library) -> Iterable[Finding]:
    texts = [(t.path, 1, t.meta.title, t.body.split("!!! note")[0]) for t in library.templates]
    return _compare(texts, library, "模板")


def highest(library: Library, count: int = 20) -> list[tuple[float, str, str]]:
    """The most alike pairs of sections, for the report: (score, place, other place)."""
    texts = [row for template in (*library.templates, *library.shared.values()) for row in _sections(template, library)]
    words = _words(library)
    pairs = similarity.similar_pairs([similarity.grams(similarity.mask(text, words)) for _, _, _, text in texts], 0.2)
    return [(p.score, *(f"{texts[i][0]}:{texts[i][1]} {texts[i][2]}" for i in (p.second, p.first))) for p in pairs[:count]]


