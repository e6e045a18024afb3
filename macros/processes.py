"""Work in several processes at once: Python computes on one core only. Where a process cannot be forked, all is done in this one."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

#: More only wait for each other, and a container may have fewer than it sees.
MOST = 4
#: Fewer items for a process than these are done sooner than it is started.
LEAST_SHARE = 50
_PARENT_DEATH = 1  # PR_SET_PDEATHSIG


class ProcessEnded(SystemExit):
    """A process ended without a result, killed from outside for instance. Ends this one with a plain message."""


def cores() -> int:
    """How many processes may well run at once; 1 where this one cannot be forked."""
    if "fork" not in multiprocessing.get_all_start_methods() or sys.platform == "darwin":  # its own libraries do not bear it
        return 1
    if threading.active_count() > 1:  # a forked process has none of the other threads, but may have a lock that one of them holds
        return 1
    if multiprocessing.current_process().daemon:  # one of those started here
        return 1
    return min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


class Beside:
    """A function at work in a process of its own, which knows all that this one knew at the start. Where none can be started, it works here.

    `work` returns the values that it has to give, one after the other; it goes on after each when the next is asked for.
    """

    def __init__(self, work: Callable[[], Iterable[Any]]):
        self._here: Iterator[Any] | None = None
        if cores() == 1 or not self._start(work):
            self._here = iter(work())

    def _start(self, work: Callable[[], Iterable[Any]]) -> bool:
        context = multiprocessing.get_context("fork")
        self._link, other = context.Pipe()
        self._process = context.Process(target=_run, args=(work, other, self._link, os.getpid()), daemon=True)
        self._asked = False
        for stream in (sys.stdout, sys.stderr):  # or both processes would write what still waits there
            stream.flush()
        gc.freeze()  # or the collector would touch, and so copy, all that both know
        try:
            self._process.start()
        except OSError:  # the system has no process to spare
            self._link.close()
            return False
        finally:
            gc.unfreeze()
            other.close()
        return True

    @property
    def forked(self) -> bool:
        """Whether the work has a process of its own."""
        return self._here is None

    def result(self) -> Any:
        """Waits for the next value and returns it; no other will be asked for. Raises what the work raised, ProcessEnded."""
        value = self.next()
        if self.forked:
            self._link.send(False)  # closing the link would not do: processes started later have it open too
            self._process.join()
        return value

    def next(self) -> Any:
        """Waits for the next value and returns it. Raises what the work raised, ProcessEnded."""
        if self._here is not None:
            return next(self._here)
        try:
            if self._asked:
                self._link.send(True)
            self._asked = True
            good, value = self._link.recv()
        except (EOFError, OSError):
            self._process.join()
            raise ProcessEnded(f"错误：一个进程意外结束（退出码 {self._process.exitcode}），请重新运行") from None
        if not good:
            raise value
        return value


def _run(work: Callable[[], Iterable[Any]], link: Connection, other: Connection, parent: int) -> None:
    """What the other process does. It ends when the one that waits for it does: then the link has no other end."""
    other.close()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL)
        if os.getppid() != parent:
            return
    gc.disable()
    try:
        for value in work():
            link.send((True, value))
            if not link.recv():
                return
    except (EOFError, KeyboardInterrupt, BrokenPipeError):
        return
    except (Exception, SystemExit) as error:  # the process that waits shall end as this one would have
        link.send((False, portable(error)))


def portable(error: BaseException) -> BaseException:
    """The error, or one that says the same where it cannot be handed to another process."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - whatever its class does when it is made again
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def shares(items: Sequence[Item], count: int) -> list[list[Item]]:
    """The items dealt out to `count` hands, so that neighbours, which are alike, go to different ones."""
    return [list(items[start::count]) for start in range(count)]


def for_each(work: Callable[[Item], Result], items: Sequence[Item], *, least_share: int = LEAST_SHARE) -> list[Result]:
    """The results of `work` in the order of the items."""
    count = max(1, min(cores(), len(items) // least_share))
    own, *others = shares(items, count)
    beside = [Beside(lambda share=share: [[work(item) for item in share]]) for share in others]
    results: list[Any] = [None] * len(items)
    results[::count] = [work(item) for item in own]
    for start, process in enumerate(beside, 1):
        results[start::count] = process.result()
    return results
