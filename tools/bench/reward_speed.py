"""What the ensemble costs in memory beside the same computation in PyTorch, at equal numbers of threads.

Ours is the program of reward/: the sources of AufdbReward and nothing else. Both sides use the same weights and inputs,
run inside a process that keeps running, and take turns.
"""

import contextlib
import json
import os

from environment import environment
from measurement import CommandFailed, Cost, PeerSide, Side, alternate, ratio
from rows import Target, duration, row, samples
from worker import Worker
from workload import HERE, say

INPUT_COUNTS = (384, 2560)
RESPONSE_COUNT = 8192
# Steps of one turn, which takes a tenth of a second or more.
STEP_COUNTS = {384: 40, 2560: 10}
# At least so many times as fast on two threads as on one.
SPEED_UP = 1.6


class Torch:
    """PyTorch's side; or the reason why it isn't there."""

    def __init__(self, work, thread_counts, cleanups):
        self.thread_counts = thread_counts
        self.absence = None
        self.forms = {}
        try:
            self.worker = Worker("torch", [environment(work, "torch"), HERE / "reward-worker.py"], cleanups)
        except CommandFailed as failure:
            self._is_missing(failure)

    def _is_missing(self, failure):
        self.absence = "is missing"
        say(f"torch is not measured: {failure.summary}")

    def ask(self, request):
        return self.worker.ask(json.dumps(request))

    def open(self, input_count, file):
        if self.absence:
            return
        try:
            answer = self.ask({
                "open": input_count, "responses": RESPONSE_COUNT, "file": str(file), "threads": self.thread_counts})
        except CommandFailed as failure:
            self._is_missing(failure)
            return
        say(f"torch {answer['version']}: {answer['forms']}")
        self.forms[input_count] = answer["forms"]

    def compare(self, input_count, file):
        """Ends the benchmark unless both sides compute the same."""
        if not self.absence:
            self.ask({"compare": input_count, "file": str(file)})

    def side(self, kind, input_count, threads):
        def call():
            answer = self.ask({kind: input_count, "threads": threads, "steps": STEP_COUNTS[input_count]})
            return Cost(answer["wall"], answer["cpu"])

        return PeerSide("torch", call, absence=self.absence)


def reward(work, runs):
    """Estimating 8,192 responses, and a step of 64 pairs, with embeddings of two lengths."""
    program = work.swift_tool("reward")
    # Two threads tell nothing of two cores where there is one.
    thread_counts = [1, 2] if len(os.sched_getaffinity(0)) > 1 else [1]
    with contextlib.ExitStack() as cleanups:
        ours = Worker("measure-reward", [program], cleanups)
        torch = Torch(work, thread_counts, cleanups)
        for input_count in INPUT_COUNTS:
            file = work.scratch / "reward.bin"
            ours.ask(f"open {input_count} {RESPONSE_COUNT} {file}")
            torch.open(input_count, file)
            file.unlink()
            ours.ask(f"store {input_count} {file}")
            torch.compare(input_count, file)
            file.unlink()
            for kind in ("estimate", "train"):
                yield from measured_rows(runs, ours, torch, kind, input_count, thread_counts)


def measured_rows(runs, ours, torch, kind, input_count, thread_counts):
    """The rows of one kind of work: each number of threads beside torch's, and beside one thread."""
    sides = {threads: our_side(ours, kind, input_count, threads) for threads in thread_counts}
    peers = {threads: torch.side(kind, input_count, threads) for threads in thread_counts}
    alternate([side for threads in thread_counts for side in (sides[threads], peers[threads])], runs)
    name = f"reward {kind} {input_count}"
    for threads in thread_counts:
        title = name if threads == 1 else f"{name}, {threads} threads"
        peer = peers[threads]
        if peer.absence:
            yield reward_row(title, sides[threads], None, Target(), f"torch {peer.absence}")
        else:
            form = torch.forms[input_count][f"{kind} {threads}"]
            yield reward_row(f"{title} / torch", sides[threads], peer, Target(times=1), form)
        if threads > 1:
            speed_up = 1 / ratio(sides[threads], sides[1])
            yield reward_row(
                f"{title} / 1 thread", sides[threads], sides[1], Target(times=1 / SPEED_UP),
                f"{speed_up:.2f} times as fast")


def our_side(ours, kind, input_count, threads):
    request = f"{kind} {input_count} {threads}"
    if kind == "train":
        request += f" {STEP_COUNTS[input_count]}"
    side = Side(f"aufdb {threads}", [])

    def measured():
        answer = ours.ask(request)
        return Cost(answer["wall"], answer["cpu"])

    side.measured = measured
    return side


def reward_row(name, ours, baseline, target, note):
    if baseline is None:
        return row(name, duration(ours.wall_seconds), "-", None, None, "-", False, 0, note) | {"samples": samples(ours)}
    wall = ratio(ours, baseline)
    is_over = target.is_missed(wall, ours.wall_seconds, ours.cpu_seconds)
    return row(
        name, duration(ours.wall_seconds), duration(baseline.wall_seconds), wall,
        ratio(ours, baseline, "cpu_seconds"), target.text, is_over, 0, note) | {"samples": samples(ours, baseline)}
