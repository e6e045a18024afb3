"""Numbers of headings in Chinese official papers: 一、 then （一）. Pure."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"


def chinese_number(value: int) -> str:
    """1 to 99 in Chinese numerals: 十, 十一, 二十, 二十一. Raises ValueError outside that range."""
    if not 1 <= value <= 99:
        raise ValueError(f"序号 {value} 不在 1—99 之间")
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


class HeadingNumbers:
    """Hands out the number of each heading in order; a level-2 heading starts level 3 anew."""

    def __init__(self) -> None:
        self._second = self._third = 0

    def next(self, level: int) -> str:
        """The text to put before a heading of level 2 or 3. Raises ValueError for other levels."""
        if level == 2:
            self._second, self._third = self._second + 1, 0
            return f"{chinese_number(self._second)}、"
        if level == 3:
            self._third += 1
            return f"（{chinese_number(self._third)}）"
        raise ValueError(f"第 {level} 级标题不编号")
