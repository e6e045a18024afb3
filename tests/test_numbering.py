"""Numbers of headings: each number is written once, read back, and handed out in order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.numbering import HeadingNumbers, chinese_number

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
levels = st.lists(st.sampled_from([2, 3]), max_size=80)


def read_number(text: str) -> int:
    """The value of a Chinese number below a hundred."""
    tens, ten, ones = text.rpartition("十")
    return (DIGITS[tens] if tens else 1) * 10 * bool(ten) + (DIGITS[ones] if ones else 0)


def test_each_number_is_written_differently_and_reads_back():
    """1 to 99 and their texts are one to one."""
    texts = [chinese_number(value) for value in range(1, 100)]
    assert len(set(texts)) == 99
    assert [read_number(text) for text in texts] == list(range(1, 100))


@pytest.mark.parametrize("value, text", [
    (1, "一"), (9, "九"), (10, "十"), (11, "十一"), (19, "十九"), (20, "二十"), (21, "二十一"), (90, "九十"), (99, "九十九"),
])
def test_known_numbers(value, text):
    """As officials write them: 十, not 一十."""
    assert chinese_number(value) == text


@settings(deadline=None)
@given(st.integers().filter(lambda value: not 1 <= value <= 99))
def test_other_numbers_are_refused(value):
    """Outside 1 to 99 there is no number to print."""
    with pytest.raises(ValueError, match="1—99"):
        chinese_number(value)


def hand_out(levels: list[int]) -> list[str]:
    numbers = HeadingNumbers()
    return [numbers.next(level) for level in levels]


@settings(deadline=None)
@given(levels)
def test_second_level_counts_on(levels):
    """The headings of level 2 are 一、 二、 三、 whatever stands between them."""
    seconds = [text for level, text in zip(levels, hand_out(levels), strict=True) if level == 2]
    assert seconds == [f"{chinese_number(i)}、" for i in range(1, len(seconds) + 1)]


@settings(deadline=None)
@given(levels)
def test_third_level_begins_anew_below_each_second(levels):
    """Below each heading of level 2 the third level counts from （一）."""
    count = 0
    for level, text in zip(levels, hand_out(levels), strict=True):
        count = 0 if level == 2 else count + 1
        assert level == 2 or text == f"（{chinese_number(count)}）"


@settings(deadline=None)
@given(levels)
def test_two_counters_do_not_share_their_state(levels):
    """Each document counts for itself."""
    assert hand_out(levels) == hand_out(levels)


@pytest.mark.parametrize("level", [0, 1, 4, 6])
def test_other_levels_have_no_number(level):
    """Titles and deeper levels are not numbered."""
    with pytest.raises(ValueError, match=f"第 {level} 级"):
        HeadingNumbers().next(level)
