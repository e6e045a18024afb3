"""Near-duplicates: candidates by MinHash LSH, then the exact Jaccard index on character 3-grams.

With 64 bands of 4 rows a pair at 0.6 is a candidate with probability 1 - (1 - 0.6^4)^64 > 0.999, one at 0.05 with
0.0004. The exact index then decides, so a pair may rarely be missed but none is reported wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rensa import RMinHash

BANDS, ROWS = 64, 4
SEED = 42
GRAM = 3
#: Texts with fewer grams say too little to be called alike.
MIN_GRAMS = 30
#: Shorter sentences are no evidence.
MIN_SENTENCE = 6

HAN = re.compile(r"[\u4e00-\u9fff]+")
SENTENCE = re.compile(r"[。；！？\n|]+")
_MARKS = re.compile(r"^[\s\d.#*-]+|\s+$")
MASK = "口"


@dataclass(frozen=True)
class Pair:
    """Two texts by their positions (first < second), and how alike they are (0 to 1)."""

    first: int
    second: int
    score: float


def masking(words: Sequence[str]) -> re.Pattern[str]:
    """The pattern of what does not count as wording: macros, blanks and these words, the longest first."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join([r"\{\{.*?\}\}", r"【[^】\n]*】", *map(re.escape, longest_first)]))


def mask(text: str, pattern: re.Pattern[str]) -> str:
    """Text with each match of `pattern` (see masking) made one character: what is left is the wording."""
    return pattern.sub(MASK, text)


def grams(text: str) -> frozenset[str]:
    """The set of 3-character pieces of the Han text, punctuation and layout left out."""
    han = "".join(HAN.findall(text))
    return frozenset(han[i : i + GRAM] for i in range(len(han) - GRAM + 1))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Shared pieces over all pieces; 0 for two empty sets."""
    if not a or not b:
        return 0.0
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


def similar_pairs(sets: Sequence[frozenset[str]], threshold: float) -> list[Pair]:
    """All pairs at or above `threshold` (0.6 or more; below that candidates are missed), most alike first."""
    used = [index for index, item in enumerate(sets) if len(item) >= MIN_GRAMS]
    if len(used) < 2:
        return []
    digests = RMinHash.digests_from_token_sets([sorted(sets[index]) for index in used], BANDS * ROWS, SEED)
    buckets: dict[tuple[int, ...], list[int]] = {}
    for index, digest in zip(used, digests, strict=True):
        for band in range(BANDS):
            buckets.setdefault((band, *digest[band * ROWS : (band + 1) * ROWS]), []).append(index)
    candidates = {
        (bucket[i], bucket[j]) for bucket in buckets.values() if len(bucket) > 1
        for i in range(len(bucket)) for j in range(i + 1, len(bucket))
    }
    pairs = (Pair(a, b, jaccard(sets[a], sets[b])) for a, b in candidates)
    return sorted((p for p in pairs if p.score >= threshold), key=lambda p: (-p.score, p.first, p.second))


def sentences(text: str, pattern: re.Pattern[str]) -> dict[str, str]:
    """Each sentence of a text: its wording (masked with `pattern`) -> as written. Short ones are left out."""
    parts = (_MARKS.sub("", part) for part in SENTENCE.split(text))
    return {mask(part, pattern): part for part in parts if len(part) >= MIN_SENTENCE}


def shared_sentences(of: dict[str, str], other: dict[str, str]) -> list[str]:
    """Sentences, as written, whose wording also stands in the other text (both from sentences()), the longest first."""
    return sorted((of[wording] for wording in of.keys() & other.keys()), key=lambda s: (-len(s), s))
