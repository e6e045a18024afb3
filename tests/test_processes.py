"""Work in several processes: order, faults, and where there is only one."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from macros import processes
from macros.model import Finding, LibraryError


@pytest.fixture
def two_cores(monkeypatch):
    """The processes that run tests have threads, and would not fork by themselves."""
    monkeypatch.setattr(processes, "cores", lambda: 2)


def gone(pid: int) -> bool:
    """Whether a process has ended; somebody may still have to take note of it."""
    state = Path(f"/proc/{pid}/stat")
    try:
        return state.read_text("utf-8").rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_results_keep_the_order_of_the_items(two_cores):
    done = processes.for_each(lambda number: (number * number, os.getpid()), range(101), least_share=2)
    assert [square for square, _ in done] == [number * number for number in range(101)]
    others = {process for _, process in done} - {os.getpid()}
    assert len(others) == 1 and done[0][1] == os.getpid()
    assert all(gone(process) for process in others)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_few_items_stay_in_this_process(two_cores, count):
    assert processes.for_each(lambda item: os.getpid(), range(count), least_share=3) == [os.getpid()] * count


class Fault(Exception):
    """Of no kind that the library knows."""


class Unportable(Exception):
    """Cannot be made again from what it says."""

    def __init__(self, one, other):
        super().__init__(f"{one}{other}")


@pytest.mark.parametrize("fault, kind, said", [
    (Fault("这里错了"), Fault, "^这里错了$"), (SystemExit("没有生成网站"), SystemExit, "^没有生成网站$"), (Unportable("两", "样"), RuntimeError, "Unportable: 两样"),
    (LibraryError([Finding("F1", "a.md", 1, 1, "甲", "乙")] * 3), LibraryError, "^3 处错误$"),
], ids=["exception", "end", "unportable", "findings"])
def test_a_fault_beside_is_raised_here(two_cores, fault, kind, said):
    def work(item):
        if item == 1:  # the second share
            raise fault

    with pytest.raises(kind, match=said):
        processes.for_each(work, range(4), least_share=2)


def test_a_killed_process_is_told(two_cores):
    beside = processes.Beside(lambda: [os._exit(9)])
    with pytest.raises(SystemExit, match="退出码 9"):
        beside.result()


def test_several_at_once_end_one_after_the_other(two_cores):
    several = [processes.Beside(lambda number=number: [number]) for number in range(3)]
    assert [each.result() for each in several] == [0, 1, 2]


def test_large_results_arrive(two_cores):
    assert len(processes.Beside(lambda: ["字" * 3_000_000]).result()) == 3_000_000


def test_work_beside_knows_what_was_known_at_the_start(two_cores):
    known = ["before"]
    beside = processes.Beside(lambda: [list(known)])
    known.append("after")
    assert beside.result() == ["before"]


def test_work_goes_on_when_the_next_value_is_asked_for(two_cores, tmp_path):
    mark = tmp_path / "mark"

    def work():
        yield os.getpid()
        mark.touch()
        yield "done"

    beside = processes.Beside(work)
    other = beside.next()
    assert other != os.getpid() and not mark.exists()
    assert beside.result() == "done" and mark.exists() and gone(other)


def test_where_no_process_can_be_started_the_work_is_done_here(two_cores, monkeypatch):
    def refuse():
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    assert processes.for_each(lambda item: os.getpid(), range(4), least_share=2) == [os.getpid()] * 4
    assert not processes.Beside(lambda: [1]).forked


def test_a_process_ends_with_the_one_that_waits_for_it(two_cores, tmp_path):
    """Killed from outside, the one that waits can tell the other nothing."""
    told = tmp_path / "pid"

    def sleeper():
        told.write_text(str(os.getpid()), "utf-8")
        threading.Event().wait(60)
        yield

    def waiting():
        processes.Beside(sleeper)
        while not told.exists() or not told.read_text("utf-8"):
            threading.Event().wait(0.01)
        os._exit(9)

    first = os.fork()
    if not first:
        waiting()
    os.waitpid(first, 0)
    for _ in range(500):
        if gone(int(told.read_text("utf-8"))):
            return
        threading.Event().wait(0.01)
    pytest.fail("另一个进程没有结束")


def test_with_other_threads_nothing_is_forked():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert processes.cores() == 1
        assert processes.Beside(lambda: [os.getpid()]).result() == os.getpid()
    finally:
        stop.set()
        thread.join()


def test_a_process_beside_starts_no_others(monkeypatch):
    monkeypatch.setattr(processes.threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(64)), raising=False)
    assert processes.cores() == processes.MOST
    assert processes.Beside(lambda: [processes.cores()]).result() == 1


@pytest.mark.parametrize("items, count, dealt", [
    ("abcde", 2, [["a", "c", "e"], ["b", "d"]]), ("ab", 3, [["a"], ["b"], []]), ("", 1, [[]]), ("abc", 0, []),
])
def test_items_are_dealt_out(items, count, dealt):
    assert processes.shares(items, count) == dealt
