"""Runs commands in turn and measures what each costs: the machine's moods then fall on all sides alike."""

import os
import statistics
import subprocess
import tempfile
import time


class CommandFailed(Exception):
    """A command that had to succeed and didn't."""

    def __init__(self, command, code, complaint):
        lines = complaint.strip().splitlines() or [f"exit code {code}"]
        # Others write warnings first.
        self.summary = next((line for line in lines if line.lower().startswith("error")), lines[0])
        super().__init__(f"{complaint.strip()}\nerror: {shortened(command)} ended with {code}".lstrip())


class Cost:
    """What one run of a command took."""

    def __init__(self, wall_seconds, cpu_seconds, peak_bytes=0):
        self.wall_seconds = wall_seconds
        self.cpu_seconds = cpu_seconds
        self.peak_bytes = peak_bytes


class Side:
    """One side of a comparison: a command, and what must be done before each of its runs, unmeasured.

    `arguments` is asked before each run, after `prepare`, for what follows the command: a name that must be new.
    """

    may_be_missing = False

    def __init__(self, name, command, prepare=lambda: None, arguments=lambda: []):
        self.name = name
        self.command = [str(argument) for argument in command]
        self.prepare = prepare
        self.arguments = arguments
        self.costs = []
        # Why a side that may be missing has no figures; nothing else then depends on it.
        self.absence = None

    def run(self):
        self.prepare()
        self.costs.append(self.measured())

    def measured(self):
        return measure([*self.command, *(str(argument) for argument in self.arguments())])

    @property
    def wall_seconds(self):
        return statistics.median(cost.wall_seconds for cost in self.costs)

    @property
    def cpu_seconds(self):
        return statistics.median(cost.cpu_seconds for cost in self.costs)

    @property
    def peak_bytes(self):
        return max(cost.peak_bytes for cost in self.costs)


class SelfTimedSide(Side):
    """A side whose program says what the work itself took: `wall cpu`, in seconds, as its only line of output."""

    def measured(self):
        wall_seconds, cpu_seconds = output(self.command).split()
        return Cost(float(wall_seconds), float(cpu_seconds))


class PeerSide(Side):
    """Another program's side: where it fails, or isn't there (`absence`), the others are measured without it."""

    may_be_missing = True

    def __init__(self, name, call, prepare=lambda: None, absence=None):
        super().__init__(name, [], prepare)
        self.measured = call
        self.absence = absence


def measure(command):
    """Runs a command without a terminal and returns its cost."""
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
            raise CommandFailed(command, process.returncode, complaints.read().decode(errors="replace"))
    return Cost(wall_seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def output(command):
    """What a command writes to its standard output."""
    result = subprocess.run(
        [str(argument) for argument in command], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if result.returncode != 0:
        raise CommandFailed(command, result.returncode, result.stderr)
    return result.stdout


def shortened(command):
    """A command as people write it, without the middle of long arguments."""
    texts = (str(argument) for argument in command)
    return " ".join(text if len(text) <= 80 else f"{text[:60]}...{text[-10:]}" for text in texts)


def alternate(sides, run_count):
    """Runs each side once and unmeasured, so that all find their files in memory; then in turn, A B C A B C ..."""
    for turn in range(run_count + 1):
        for side in sides:
            if side.absence is None:
                run_side(side)
            if turn == 0:
                side.costs.clear()
    return sides


def run_side(side):
    try:
        side.run()
    except CommandFailed as failure:
        if not side.may_be_missing:
            raise
        side.absence = f"failed: {failure.summary}"


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
