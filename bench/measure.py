"""Runs a command and says what it cost: processor seconds, wall seconds, memory. Medians over runs."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Cost:
    """Processor seconds (user and system, children included), wall seconds, peak memory in MB."""

    cpu: float
    wall: float
    memory: float


def run(command: list[str], cwd: Path, environment: dict[str, str], *, good: tuple[int, ...] = (0,)) -> Cost:
    """Run once. Raises RuntimeError with the command's output when its exit code is not a good one."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               stdin=subprocess.DEVNULL)
    watched, cpu, memory = psutil.Process(process.pid), 0.0, 0.0
    output = []
    os.set_blocking(process.stdout.fileno(), False)
    while process.poll() is None:
        try:
            times = watched.cpu_times()
            cpu = max(cpu, sum(times[:4]))  # its own and those of the processes that it has waited for
            memory = max(memory, watched.memory_info().rss / 1e6)
        except psutil.Error:
            pass
        if chunk := process.stdout.read():
            output.append(chunk)
        time.sleep(0.02)
    wall = time.perf_counter() - started
    if process.returncode not in good:
        output.append(process.stdout.read() or b"")
        raise RuntimeError(f"{' '.join(command)} 失败：\n" + b"".join(output).decode("utf-8", "replace")[-2000:])
    return Cost(cpu, wall, memory)


def middle(costs: list[Cost]) -> Cost:
    """The median of several runs, part by part."""
    return Cost(*(statistics.median(getattr(cost, name) for cost in costs) for name in ("cpu", "wall", "memory")))


def size(folder: Path) -> float:
    """Megabytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
