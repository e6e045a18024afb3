"""Work in several processes at once: Python computes on one core only. Where a process cannot be forked, all is done in this one."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class ProcessEnded(RuntimeError):
    """A process ended without a result, killed from outside for instance."""


def cores() -> int:
    """How many processes may well run at once; 1 where this one cannot be forked."""
    if "fork" not in multiprocessing.get_all_start_methods() or sys.platform == "darwin":  # its own libraries do not bear it
        return 1
    if threading.active_count() > 1:  # a forked process has none of the other threads, but may have a lock that one of them holds
        return 1
    if multiprocessing.current_process().daemon:  # one of those started here
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Beside(Generic[Result]):
    """A function at work in a process of its own, which knows all that this one knew at the start. With one core it runs at once, here."""

    def __init__(self, work: Callable[[], Result]):
        self._process = None
        if cores() == 1:
            self._done = work()
            return
        context = multiprocessing.get_context("fork")
        self._results, sender = context.Pipe(duplex=False)
        self._process = context.Process(target=_run, args=(work, sender), daemon=True)
        for stream in (sys.stdout, sys.stderr):  # or both processes would write what still waits there
            stream.flush()
        gc.freeze()  # or the collector would touch, and so copy, all that both know
        self._process.start()
        gc.unfreeze()
        sender.close()

    def result(self) -> Result:
        """Waits for the function and returns what it returned. Raises what it raised, ProcessEnded."""
        if self._process is None:
            return self._done
        try:
            good, value = self._results.recv()
        except EOFError:
            self._process.join()
            raise ProcessEnded(f"一个生成进程意外结束（退出码 {self._process.exitcode}），请重新运行") from None
        self._process.join()
        if not good:
            raise value
        return value


def _run(work: Callable[[], Result], sender: Connection) -> None:
    gc.disable()
    try:
        answer = (True, work())
    except (Exception, SystemExit) as error:  # the process that waits shall end as this one would have
        answer = (False, error)
    sender.send(answer)


def shares(items: Sequence[Item], count: int) -> list[list[Item]]:
    """The items dealt out to `count` hands, so that neighbours, which are alike, go to different ones."""
    return [list(items[start::count]) for start in range(count)]


def for_each(work: Callable[[Item], Result], items: Sequence[Item], *, worth_while: int = 100) -> list[Result]:
    """The results of `work` in the order of the items; with fewer than `worth_while` of them in this process alone."""
    count = cores() if len(items) >= worth_while else 1
    own, *others = shares(items, count)
    beside = [Beside(lambda share=share: [work(item) for item in share]) for share in others]
    results: list[Result | None] = [None] * len(items)
    results[::count] = [work(item) for item in own]
    for start, process in enumerate(beside, 1):
        results[start::count] = process.result()
    return results
