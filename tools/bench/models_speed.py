"""`aufdb annotate` by a judge behind a server that costs next to nothing: what asking, reading and keeping cost."""

import contextlib
import os
import statistics
import subprocess

from measurement import Side, alternate
from rows import MEGABYTE, row
from workload import copy_store, remove_store

# Each prompt of the answers has 4 responses, of each of which the rubric asks for 4 aspects.
RESPONSES, ASPECTS = 4, 4
CONCURRENCY = 64
LATENCY_MILLISECONDS = 500
TARGET_PER_SECOND = 2_000


class ChatServer:
    """chat-server.c: answers any chat with the same rating, at once or after so many milliseconds."""

    def __init__(self, work, milliseconds, cores):
        command = [work.tool("chat-server"), str(milliseconds)]
        if cores:
            command = ["taskset", "-c", ",".join(map(str, cores)), *command]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def close(self):
        """Ends it; returns how many requests it answered."""
        self.process.stdin.close()
        counts = self.process.stdout.read().split()
        self.process.wait()
        return int(counts[0])


@contextlib.contextmanager
def judged(work, request_count, milliseconds, runs):
    """A side that asks a judge so many questions on one core, beside a server on the others."""
    cores = sorted(os.sched_getaffinity(0))
    prompt_count = -(-request_count // (RESPONSES * ASPECTS))
    base = work.new_store("unjudged.aufdb")
    work.do("import", base, work.answers(prompt_count)[0])
    server = ChatServer(work, milliseconds, cores[1:])
    definitions = work.scratch / "quick.yaml"
    definitions.write_text(
        f"models:\n  quick: {{url: http://127.0.0.1:{server.port}/v1, limits: {{concurrency: {CONCURRENCY}}}}}\n"
        "judges:\n  quick: {endpoint: quick, mode: pointwise, rubric: ultrafeedback}\n")
    work.do("model", "add", base, definitions)
    store = base.with_name("judged.aufdb")
    side = Side(
        "aufdb", ["taskset", "-c", cores[0], work.aufdb, "annotate", store, "--judge", "quick", "--all-responses"],
        lambda: copy_store(base, store.name))
    side.request_count = prompt_count * RESPONSES * ASPECTS
    try:
        alternate([side], runs)
        # Each run, and the one before them that isn't measured, asks each question once: no answer is paid for twice.
        asked_count, wanted_count = server.close(), side.request_count * (runs + 1)
        if asked_count != wanted_count:
            raise SystemExit(f"error: {asked_count:,} requests were answered in place of {wanted_count:,}")
        yield side
    finally:
        server.process.kill()
        server.process.wait()
        for path in (base, store):
            remove_store(path)


def models_speed(work, runs):
    """Judged requests a second on one core, memory as they grow tenfold, and a server that takes its time."""
    full = work.prompt_count >= 60_000
    large_count = 100_000 if full else 10_000
    with judged(work, large_count // 10, 0, runs) as small:
        small_peak = small.peak_bytes
    with judged(work, large_count, 0, 1) as large:
        rate = large.request_count / large.wall_seconds
        yield row(
            f"judge {large.request_count:,} requests", f"{rate:,.0f} /s", "-", None, None,
            f"{TARGET_PER_SECOND:,} /s", rate < TARGET_PER_SECOND, large.peak_bytes,
            f"one core; CPU {large.cpu_seconds / large.request_count * 1e6:.0f} us a request; "
            f"{CONCURRENCY} under way")
        growth = large.peak_bytes / small_peak
        yield row(
            "judge memory", f"{large.peak_bytes / MEGABYTE:.0f} MB", f"{small_peak / MEGABYTE:.0f} MB", growth, None,
            "1.1x", growth > 1.1, large.peak_bytes, f"beside {small.request_count:,} requests")
    with judged(work, 20 * CONCURRENCY, LATENCY_MILLISECONDS, runs) as slow:
        ideal_seconds = slow.request_count / CONCURRENCY * LATENCY_MILLISECONDS / 1000
        wall_seconds = statistics.median(cost.wall_seconds for cost in slow.costs)
        yield row(
            f"judge after {LATENCY_MILLISECONDS} ms", f"{wall_seconds:.3f} s", f"{ideal_seconds:.3f} s",
            wall_seconds / ideal_seconds, None, "1.05x", wall_seconds / ideal_seconds > 1.05, slow.peak_bytes,
            f"{slow.request_count:,} requests, {CONCURRENCY} under way, beside requests x latency / concurrency")
