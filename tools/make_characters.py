"""Writes data/readings.txt and data/traditional.txt, which search uses for pinyin, homophones and Traditional characters.

Run by a maintainer with the development packages (pypinyin, OpenCC); a build of the site only reads the two files.
The characters are those of GB 2312, which every input method offers.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import opencc
import pypinyin

DATA = Path(__file__).resolve().parents[1] / "data"
#: The second reading of these characters is heard as often as the first; of the others only the first is kept.
TWO_READINGS = "行会重长乐调率校系参还数藏量便传弹得地度朝降都恶发分干给更观号和假将角结解尽卷空累量落模难宁强切塞散色少省盛识宿提为兴相应载着正只种转作曾差处当教角露什"


def characters() -> list[str]:
    """The 6,763 characters of GB 2312, the frequent ones first."""
    rows = (bytes([row, column]).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for column in range(0xA1, 0xFF))
    return [character for character in rows if character]


def _plain(reading: str) -> str:
    """Reading without tone marks; lü is typed lv."""
    letters = unicodedata.normalize("NFD", reading.replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v").replace("ǚ", "v").replace("ǜ", "v"))
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha())


def readings() -> str:
    """One line a syllable: the syllable, a space, the characters read so."""
    by_syllable: dict[str, list[str]] = {}
    for character in characters():
        found = dict.fromkeys(_plain(reading) for reading in pypinyin.pinyin(character, heteronym=True)[0])
        for syllable in list(found)[: 2 if character in TWO_READINGS else 1]:
            by_syllable.setdefault(syllable, []).append(character)
    return "".join(f"{syllable} {''.join(found)}\n" for syllable, found in sorted(by_syllable.items()))


def traditional() -> str:
    """One line a Simplified character: the character and, right behind, its Traditional forms."""
    simplify, known = opencc.OpenCC("t2s").convert, set(characters())
    forms: dict[str, str] = {}
    for point in range(0x4E00, 0xA000):
        simplified = simplify(chr(point))
        if simplified != chr(point) and simplified in known:
            forms[simplified] = forms.get(simplified, "") + chr(point)
    return "".join(f"{simplified}{others}\n" for simplified, others in sorted(forms.items()))


if __name__ == "__main__":
    (DATA / "readings.txt").write_text(readings(), "utf-8")
    (DATA / "traditional.txt").write_text(traditional(), "utf-8")
