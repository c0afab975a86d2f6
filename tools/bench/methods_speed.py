"""How many prompts a second the selection methods do in memory, beside the reference's formulas in numpy and torch.

Ours is the program of methods/: the sources of AufdbAcquisition and nothing else. Both sides read the same columns, run
on one thread inside a process that keeps running, and take turns. Prompts a second are those of processor time, which
one thread that never waits spends as fast as the clock runs, unless other programs take the processor from it.
"""

import contextlib
import json
import sys

from environment import environment
from formulas import FORMULAS
from measurement import CommandFailed, Cost, PeerSide, Side, alternate, ratio
from rows import row, samples
from worker import Worker
from workload import HERE, SEED, say

# Prompts a second of 17 responses each.
TARGETS = {"deltaucb": 1_000_000, "infomax": 300_000, "drts": 500_000, "dts": 500_000, "maxminlcb": 1_000_000}
DATA = {"17": "columns-17", "30": "columns-30", "ragged": "columns-ragged"}
# What a turn of ours takes, about: a single pass may be over in a hundredth of a second. One that takes longer than the
# limit runs once, and not in turns.
TURN_SECONDS, LIMIT_SECONDS = 0.2, 1


class Methods:
    """Our side: the cases that its program lists, and their pairs."""

    def __init__(self, program, files, cleanups):
        self.worker = Worker("measure-methods", [program, *files], cleanups)
        self.cases = list(map(json.loads, iter(self.worker.line, "")))
        if not self.cases:
            raise CommandFailed([program], 1, "error: measure-methods lists no method")
        self.checksums = {}

    def pick(self, number, pass_count):
        answer = self.worker.ask(f"pick {number} {SEED} {pass_count}")
        checksum = self.checksums.setdefault((number, pass_count), answer["checksum"])
        if checksum != answer["checksum"]:
            sys.exit(f"error: {answer['name']} picks other pairs when it is asked again")
        return Cost(answer["wall"], answer["cpu"])

    def store(self, number, file):
        return self.worker.ask(f"store {number} {SEED} {file}")

    def side(self, number, pass_seconds):
        pass_count = max(1, round(TURN_SECONDS / pass_seconds))
        side = Side("aufdb", [])
        side.measured = lambda: self.pick(number, pass_count)
        return side


class Baseline:
    """One library with the formulas that it runs; or the reason why it isn't there."""

    def __init__(self, work, library, files, cleanups):
        self.name = library
        self.absence = None
        try:
            python = environment(work, "torch")
            self.worker = Worker(library, [python, HERE / "formulas-worker.py", library], cleanups)
            answer = self.ask({"open": [str(file) for file in files]})
            say(f"{library} {answer['version']}")
        except CommandFailed as failure:
            say(f"{library} {failure.summary.removeprefix('error: ')}")
            self.absence = "is missing"

    def ask(self, request):
        return self.worker.ask(json.dumps(request))

    def time(self, method):
        answer = self.ask({"time": method})
        return Cost(answer["wall"], answer["cpu"])

    def side(self, method):
        return PeerSide(self.name, lambda: self.time(method))

    def compare(self, method, pairs):
        """Ends the program unless the formula's pairs are such as the method picks."""
        try:
            self.ask({"compare": method, "pairs": str(pairs)})
        except CommandFailed as failure:
            sys.exit(f"error: {method} of aufdb and of {self.name} differ: {failure.summary.removeprefix('error: ')}")


def methods(work, runs):
    """Each method on prompts of 17, of 30, and of 2 to 30 responses."""
    program = work.swift_tool("methods")
    for label, kind in DATA.items():
        files = work.generated(kind, work.prompt_count, ["-numbers.bin", "-names.bin"])
        with contextlib.ExitStack() as cleanups:
            ours = Methods(program, files, cleanups)
            baselines = [Baseline(work, library, files, cleanups) for library in ("numpy", "torch")]
            for number, case in enumerate(ours.cases):
                yield measured_row(work, runs, label, ours, number, case, baselines)
            if label == "17":
                yield from missing_rows(ours.cases)


def measured_row(work, runs, label, ours, number, case, baselines):
    """One method on one kind of data, beside the fastest of the libraries that have its formula."""
    method = case["method"]
    pairs = work.scratch / "pairs.bin"
    first_pass = ours.store(number, pairs)
    # The formulas that rank do it by rewards.
    is_in_reference = method in FORMULAS and not case["name"].endswith(" by scores")
    present = [baseline for baseline in baselines if is_in_reference and baseline.absence is None]
    for baseline in present:
        baseline.compare(method, pairs)
    pairs.unlink()
    our_side = ours.side(number, first_pass["cpu"])
    sides = [baseline.side(method) for baseline in present]
    alternate([our_side, *sides], runs if first_pass["cpu"] < LIMIT_SECONDS else 1)
    measured = sorted((side for side in sides if side.absence is None), key=lambda side: side.cpu_seconds)
    notes = [f"{side.name} {rate(work, side)}" for side in measured[1:]]
    notes += [f"{side.name} {side.absence}" for side in sides if side.absence]
    notes += [f"{baseline.name} {baseline.absence}" for baseline in baselines if is_in_reference and baseline.absence]
    notes += [f"{first_pass['skipped']:,} prompts skipped"] if first_pass["skipped"] else []
    target = TARGETS.get(method) if label == "17" else None
    return rate_row(work, f"pick {case['name']} {label}", our_side, measured, target, "; ".join(notes))


def rate_row(work, name, ours, baselines, target, note):
    """The row of prompts a second; `baselines` begins with the one to compare with, if there is any."""
    wall = processor = None
    if baselines:
        name = f"{name} / {baselines[0].name}"
        wall, processor = ratio(ours, baselines[0]), ratio(ours, baselines[0], "cpu_seconds")
    is_over = target is not None and work.prompt_count / ours.cpu_seconds < target
    return row(
        name, rate(work, ours), rate(work, baselines[0]) if baselines else "-", wall, processor,
        rate_text(target) if target else "-", is_over, 0, note) | {"samples": samples(ours, *baselines)}


def missing_rows(cases):
    """Rows of the promised methods that aufdb doesn't have."""
    for method, target in TARGETS.items():
        if not any(case["method"] == method for case in cases):
            yield row(
                f"pick {method} 17", "-", "-", None, None, rate_text(target), True, 0, "there is no such method")


def rate(work, side):
    return rate_text(work.prompt_count / side.cpu_seconds)


def rate_text(prompts_per_second):
    """Such as 1.25 M/s, 417 k/s."""
    if prompts_per_second >= 999_500:
        return f"{prompts_per_second / 1e6:.3g} M/s"
    return f"{prompts_per_second / 1e3:.3g} k/s"
