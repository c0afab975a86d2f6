"""How many instructions some representative commands take: figures that don't depend on what else the machine does.

They are counted by the processor where the kernel lets `perf` ask it, and otherwise by valgrind, which runs a program
some fifty times slower. The two don't count alike (valgrind shows a program a processor without AVX-512), so a figure
is compared with an earlier one of the same counter only. The data is of one size, whatever --scale says.
"""

import collections
import contextlib
import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile

from looping import embedded_store
from measurement import CommandFailed
from querying import AGGREGATES
from rows import row
from surroundings import said
from workload import copy_store, remove_store, say

PROMPT_COUNT = 1_500
CHANGED_LABELS = 1_000
# Prompts, responses of each, and the width of their vectors.
EMBEDDED = (300, 8, 128)
# What is more by this much than it was has got slower.
TOLERANCE = 1.1
# Nothing that differs from run to run: not the hour, nor the order of a set.
SAME_EACH_TIME = {"SOURCE_DATE_EPOCH": "1767225600", "AUFDB_AUTHOR": "bench", "SWIFT_DETERMINISTIC_HASHING": "1"}


class Perf:
    """The processor's own counter."""

    name = "perf stat, instructions:u"

    def __init__(self, work):
        self.program = work.aufdb
        self.count([self.program, "--version"])

    def count(self, command):
        with tempfile.TemporaryFile() as log:
            counted(["perf", "stat", "-x", ",", "-e", "instructions:u", "-o", f"/dev/fd/{log.fileno()}", *command], log)
            fields = [line.split(b",") for line in log.read().splitlines() if b"instructions" in line]
        if not fields or not fields[0][0].isdigit():
            raise CommandFailed(command, 1, "error: perf has no counter of instructions here")
        return int(fields[0][0])


class Valgrind:
    """Every instruction executed one by one."""

    def __init__(self, work):
        # Older versions give up at the debugging information of newer compilers.
        self.program = work.scratch / "aufdb-stripped"
        counted(["strip", "-g", "-o", self.program, work.aufdb])
        self.name = f"{said(['valgrind', '--version'])}, callgrind"
        self.count([self.program, "--version"])

    def count(self, command):
        with tempfile.TemporaryFile() as log:
            counted([
                "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--log-fd={log.fileno()}", *command],
                log)
            totals = [line.rsplit(b":", 1)[1] for line in log.read().splitlines() if b"Collected :" in line]
        if not totals:
            raise CommandFailed(command, 1, "error: valgrind tells no number of instructions")
        return int(totals[0])


def counted(command, log=None):
    """Runs a command that has to succeed, and gets ready to read what a counter wrote to `log`."""
    command = [str(part) for part in command]
    try:
        result = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env=os.environ | SAME_EACH_TIME, pass_fds=[log.fileno()] if log else [])
    except OSError as failure:
        raise CommandFailed(command, 1, f"error: {failure}") from failure
    if result.returncode != 0:
        raise CommandFailed(command, result.returncode, result.stderr)
    if log:
        log.seek(0)


def counter(work):
    """The first that works here."""
    reasons = []
    for kind in (Perf, Valgrind):
        try:
            return kind(work)
        except CommandFailed as failure:
            reasons.append(f"{kind.__name__.lower()}: {failure.summary.removeprefix('error: ')}")
    raise CommandFailed(["counting instructions"], 1, "; ".join(reasons))


def instructions(work, runs):
    """Each command once; beside the figure of an earlier run where --baseline names one."""
    del runs  # they hardly vary
    earlier = {row["name"]: row for row in work.baseline_rows if row.get("instructions")}
    try:
        by = counter(work)
    except CommandFailed as failure:
        yield row("instructions", "-", "-", None, None, "-", False, 0, f"can't be counted here: {failure.summary}")
        return
    say(f"counting instructions: {by.name}")
    for name, command in commands(work, by.program):
        yield counted_row(f"instructions {name}", by.count(command), by.name, earlier)


def counted_row(name, count, counter_name, earlier):
    known = earlier.get(name)
    before, growth, note = "-", None, ""
    if known and known["counter"] == counter_name:
        before, growth = millions(known["instructions"]), count / known["instructions"]
        note = f"{growth - 1:+.1%} since"
    elif known:
        note = f"can't be compared: counted by {known['counter']} before"
    elif earlier:
        note = "can't be compared: not counted before"
    is_slower = growth is not None and growth > TOLERANCE
    return row(
        name, millions(count), before, None, growth, f"{TOLERANCE}x" if growth else "-", is_slower, 0, note) | {
            "instructions": count, "counter": counter_name, "slower": is_slower}


def millions(count):
    return f"{count / 1e6:,.1f} M"


def commands(work, program):
    """The commands by name; what each needs is made before it is asked for, and not counted."""
    lines, _ = work.answers(PROMPT_COUNT)
    store = work.new_store("counted.aufdb")
    yield "start", [program, "--version"]
    yield "import", [program, "import", store, lines]
    work.do("import", work.new_store(store.name), lines)
    work.do("select", store, "--method", "maxmin")
    work.do("annotate", store, "--judge", "scores:overall")
    yield "query of rows", [program, "query", store, "SELECT * FROM responses", "--format", "jsonl"]
    yield "aggregate", [program, "query", store, AGGREGATES["responses"]]
    yield "diff", [program, "diff", store, "main~1", "main", "--format", "jsonl"]
    yield "verify", [program, "verify", store]
    changed, copy = work.scratch / "changed.jsonl", copy_store(store, "counted-copy.aufdb")
    write_changes(store, changed)
    yield "commit", [program, "import", copy, changed, "--as", "labels", "--replace"]
    folder, bundle = work.scratch / "counted-export", work.scratch / "counted.bundle"
    yield "export", [program, "export", store, "dpo", "--output", folder, "--threads", "1"]
    yield "bundle", [program, "bundle", "create", store, bundle]
    yield "search build", [program, "search", store, "--build"]
    work.do("search", store, "--build")
    yield "search", [program, "search", store, common_word(lines)]
    shutil.rmtree(folder)
    for file in (changed, bundle):
        file.unlink()
    remove_store(copy)
    remove_store(store)
    yield from learning_commands(work, program)


def learning_commands(work, program):
    store = embedded_store(work, "counted-vectors.aufdb", *EMBEDDED)
    work.do("select", store, "--method", "random")
    work.do("annotate", store, "--judge", "scores:overall")
    work.do("train", store, "--head", "first", "--epochs", "1")
    work.do("score", store, "--head", "first", "--snapshot", "first")
    one, other = copy_store(store, "counted-train.aufdb"), copy_store(store, "counted-select.aufdb")
    yield "train", [program, "train", one, "--head", "counted", "--epochs", "2", "--threads", "1"]
    yield "select drts", [program, "select", other, "--method", "drts", "--snapshot", "first"]
    for path in (one, other, store):
        remove_store(path)


def common_word(lines):
    """The word that the first answers have most often."""
    with lines.open() as file:
        prompts = [json.loads(line) for line in itertools.islice(file, 20)]
    words = collections.Counter(
        word for prompt in prompts for answer in prompt["completions"] for word in answer["response_text"].split()
        if word.isalpha())
    return words.most_common(1)[0][0]


def write_changes(store, file):
    """Labels turned around, as lines to import."""
    with contextlib.closing(sqlite3.connect(store)) as database, file.open("w") as lines:
        for prompt_id, chosen, rejected, judge in database.execute(
                "SELECT prompt_id, rejected_model, chosen_model, judge FROM labels ORDER BY prompt_id LIMIT ?",
                [CHANGED_LABELS]):
            lines.write(json.dumps({
                "prompt_id": prompt_id, "chosen_model": chosen, "rejected_model": rejected, "judge": judge}) + "\n")
