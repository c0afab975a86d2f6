"""`aufdb score` from a store beside the same estimates in memory: what streaming costs, and that its memory is flat."""

import contextlib

from looping import embedded_store
from measurement import Side, alternate
from reward_speed import RESPONSE_COUNT, our_side
from rows import MEGABYTE, row
from worker import Worker
from workload import copy_store, remove_store

# Prompts with 30 responses each, by the width of their vectors.
PROMPT_COUNTS = {384: (1500, 3000), 2560: (450, 900)}
RESPONSES_EACH = 30


def score(work, runs):
    """Per response, by the slope between two sizes; the target is 90 % of the speed in memory."""
    program = work.swift_tool("reward")
    with contextlib.ExitStack() as cleanups:
        memory = Worker("measure-reward", [program], cleanups)
        for width, counts in PROMPT_COUNTS.items():
            file = work.scratch / "score.bin"
            memory.ask(f"open {width} {RESPONSE_COUNT} {file}")
            file.unlink()
            yield from scored_rows(work, runs, memory, width, counts)


def scored_rows(work, runs, memory, width, counts):
    stores, sides = [], []
    for count in counts:
        store = embedded_store(work, f"score-{width}-{count}.aufdb", count, RESPONSES_EACH, width)
        # The ensemble of reward: 20 heads with two layers of 128 hidden units, as it begins.
        work.do("train", store, "--head", "untrained", "--hidden", "128")
        copy = f"scored-{width}-{count}.aufdb"
        sides.append(Side(
            f"{count} prompts", [work.aufdb, "score", store.with_name(copy), "--head", "untrained", "--threads", "1"],
            lambda store=store, copy=copy: copy_store(store, copy)))
        stores += [store, store.with_name(copy)]
    estimate = our_side(memory, "estimate", width, 1)
    alternate([*sides, estimate], runs)
    few, many = sides
    each = (many.wall_seconds - few.wall_seconds) / ((counts[1] - counts[0]) * RESPONSES_EACH)
    bare = estimate.wall_seconds / RESPONSE_COUNT
    yield row(
        f"score {width} / estimate in memory", f"{each * 1e6:.1f} us", f"{bare * 1e6:.1f} us", each / bare, None, "1.11x",
        each / bare > 1 / 0.9, many.peak_bytes, f"a response; {counts[1] * RESPONSES_EACH:,} and half of them")
    growth = many.peak_bytes / few.peak_bytes
    yield row(
        f"score {width} memory", f"{many.peak_bytes / MEGABYTE:.0f} MB", f"{few.peak_bytes / MEGABYTE:.0f} MB", growth,
        None, "1.1x, 512 MB", growth > 1.1 or many.peak_bytes > 512 * MEGABYTE, many.peak_bytes, "beside half the responses")
    for store in stores:
        remove_store(store)
