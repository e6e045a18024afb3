"""Near-duplicates: candidates by MinHash LSH, then the exact Jaccard index on character 3-grams.

With 64 bands of 4 rows a pair at 0.6 is found with probability 1 - (1 - 0.6^4)^64 > 0.999, one at 0.05 with 0.0004;
the exact index then decides, so there is never a false alarm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rensa import RMinHash, RMinHashLSH

BANDS, ROWS = 64, 4
SEED = 42
GRAM = 3
#: Texts with fewer grams say too little to be called alike.
MIN_GRAMS = 30

_MACRO = re.compile(r"\{\{.*?\}\}")
_BLANK = re.compile(r"【[^】]*】")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_SENTENCE = re.compile(r"[。；！？\n|]+")
MASK = "口"


@dataclass(frozen=True)
class Pair:
    """Two texts by their position, and how alike they are (0 to 1)."""

    first: int
    second: int
    score: float


def mask(text: str, words: Sequence[str]) -> str:
    """Text with macros, blanks and sector words made one character: what is left is the wording."""
    text = _BLANK.sub(MASK, _MACRO.sub(MASK, text))
    if words:
        text = re.sub("|".join(map(re.escape, sorted(words, key=len, reverse=True))), MASK, text)
    return text


def grams(text: str) -> frozenset[str]:
    """The set of 3-character pieces of the Han text, punctuation and layout left out."""
    han = "".join(_HAN.findall(text))
    return frozenset(han[i : i + GRAM] for i in range(len(han) - GRAM + 1))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Shared pieces over all pieces; 0 for two empty sets."""
    if not a or not b:
        return 0.0
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


def similar_pairs(sets: Sequence[frozenset[str]], threshold: float) -> list[Pair]:
    """All pairs at or above `threshold`, most alike first."""
    used = [index for index, item in enumerate(sets) if len(item) >= MIN_GRAMS]
    if len(used) < 2:
        return []
    digests = RMinHash.digests_from_token_sets([sorted(sets[index]) for index in used], BANDS * ROWS, SEED)
    buckets: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    for index, digest in zip(used, digests, strict=True):
        for band in range(BANDS):
            buckets.setdefault((band, tuple(digest[band * ROWS : (band + 1) * ROWS])), []).append(index)
    candidates = {
        (bucket[i], bucket[j]) for bucket in buckets.values() if len(bucket) > 1
        for i in range(len(bucket)) for j in range(i + 1, len(bucket))
    }
    pairs = (Pair(a, b, jaccard(sets[a], sets[b])) for a, b in candidates)
    return sorted((p for p in pairs if p.score >= threshold), key=lambda p: (-p.score, p.first, p.second))


def shared_sentences(a: str, b: str) -> list[str]:
    """Sentences of `a` (masked) that also stand in `b` (masked), longest first."""
    def sentences(text: str) -> Iterable[str]:
        return (re.sub(r"^[\s\d.#*-]+", "", part).strip() for part in _SENTENCE.split(text))

    other = set(sentences(b))
    return sorted({s for s in sentences(a) if len(s) >= 6 and s in other}, key=len, reverse=True)
