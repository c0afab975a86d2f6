"""Runs commands in turn and measures what each costs: the machine's moods then fall on all sides alike."""

import os
import statistics
import subprocess
import sys
import tempfile
import time


class Cost:
    """What one run of a command took."""

    def __init__(self, wall_seconds, cpu_seconds, peak_bytes):
        self.wall_seconds = wall_seconds
        self.cpu_seconds = cpu_seconds
        self.peak_bytes = peak_bytes


class Side:
    """One side of a comparison: a command, and what must be done before each of its runs, unmeasured."""

    def __init__(self, name, command, prepare=lambda: None):
        self.name = name
        self.command = [str(argument) for argument in command]
        self.prepare = prepare
        self.costs = []

    def run(self):
        self.prepare()
        self.costs.append(measure(self.command))

    @property
    def wall_seconds(self):
        return statistics.median(cost.wall_seconds for cost in self.costs)

    @property
    def cpu_seconds(self):
        return statistics.median(cost.cpu_seconds for cost in self.costs)

    @property
    def peak_bytes(self):
        return max(cost.peak_bytes for cost in self.costs)


def measure(command):
    """Runs a command without a terminal and returns its cost; ends the program where the command fails."""
    with tempfile.TemporaryFile() as complaints:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=complaints)
        # wait4 and not wait: it tells the resources of this one child.
        _, status, usage = os.wait4(process.pid, 0)
        wall_seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            complaints.seek(0)
            sys.stderr.write(complaints.read().decode(errors="replace"))
            sys.exit(f"error: {' '.join(command)} ended with {process.returncode}")
    return Cost(wall_seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def alternate(sides, run_count):
    """Runs each side once and unmeasured, so that all find their files in memory; then in turn, A B C A B C ..."""
    for side in sides:
        side.run()
        side.costs.clear()
    for _ in range(run_count):
        for side in sides:
            side.run()
    return sides


def ratio(ours, baseline, quantity="wall_seconds", less=()):
    """The median over the turns of ours / baseline: neighbours in time are compared, not medians of all.

    `less` may be two sides, of the same turns, whose cost is taken off first: what a command costs that does nothing.
    """
    numerators, denominators = ([getattr(cost, quantity) for cost in side.costs] for side in (ours, baseline))
    if less:
        idle_costs = [[getattr(cost, quantity) for cost in side.costs] for side in less]
        numerators = [whole - idle for whole, idle in zip(numerators, idle_costs[0])]
        denominators = [whole - idle for whole, idle in zip(denominators, idle_costs[1])]
    return statistics.median(one / max(other, 1e-9) for one, other in zip(numerators, denominators))
