"""Work in several processes: order, faults, and where there is only one."""

from __future__ import annotations

import os
import threading

import pytest
from macros import processes


@pytest.fixture
def two_cores(monkeypatch):
    """The processes that run tests have threads, and would not fork by themselves."""
    monkeypatch.setattr(processes, "cores", lambda: 2)


def test_results_keep_the_order_of_the_items(two_cores):
    done = processes.for_each(lambda number: (number * number, os.getpid()), range(101), worth_while=2)
    assert [square for square, _ in done] == [number * number for number in range(101)]
    assert len({process for _, process in done}) == 2 and done[0][1] == os.getpid()


@pytest.mark.parametrize("count", [0, 1, 5])
def test_few_items_stay_in_this_process(two_cores, count):
    assert processes.for_each(lambda item: os.getpid(), range(count), worth_while=6) == [os.getpid()] * count


class Fault(Exception):
    """Of no kind that the library knows."""


@pytest.mark.parametrize("fault", [Fault("这里错了"), SystemExit("没有生成网站")], ids=["exception", "end"])
def test_a_fault_beside_is_raised_here(two_cores, fault):
    def work(item):
        if item == 1:  # the second share
            raise fault

    with pytest.raises(type(fault), match=str(fault)):
        processes.for_each(work, range(4), worth_while=2)


def test_a_killed_process_is_told(two_cores):
    beside = processes.Beside(lambda: os._exit(9))
    with pytest.raises(processes.ProcessEnded, match="退出码 9"):
        beside.result()


def test_large_results_arrive(two_cores):
    assert len(processes.Beside(lambda: "字" * 3_000_000).result()) == 3_000_000


def test_work_beside_knows_what_was_known_at_the_start(two_cores):
    known = ["before"]
    beside = processes.Beside(lambda: list(known))
    known.append("after")
    assert beside.result() == ["before"]


def test_with_other_threads_nothing_is_forked():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert processes.cores() == 1
        assert processes.Beside(os.getpid).result() == os.getpid()
    finally:
        stop.set()
        thread.join()


def test_a_process_beside_starts_no_others(two_cores, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(processes.threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1, 2}, raising=False)
    assert processes.cores() == 3
    assert processes.Beside(processes.cores).result() == 1


@pytest.mark.parametrize("items, count, dealt", [
    ("abcde", 2, [["a", "c", "e"], ["b", "d"]]), ("ab", 3, [["a"], ["b"], []]), ("", 1, [[]]), ("abc", 0, []),
])
def test_items_are_dealt_out(items, count, dealt):
    assert processes.shares(items, count) == dealt
