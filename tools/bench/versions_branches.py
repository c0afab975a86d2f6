"""Workload W2: ten branches from one base of responses, each with labels and estimates of its own.

Whatever the other branches hold, and whichever branch is current, a query at the tip of a branch must cost what it
costs on plain tables that hold this branch's rows and nothing else.
"""

import contextlib
import itertools
import json
import sqlite3

from answers import compare_answers, must_be_equal
from labels import AGGREGATE, add_plain_labels, read_labels
from measurement import Side, alternate, output
from one_branch import MORE, idle_query_sides, start_up_side, texts
from rows import Target, less_start_up
from workload import SEED, copy_store, once, remove_store, say

BRANCH_COUNT = 10
WATCHED, OTHER = "method-3", "method-7"
QUERIES = {
    "labels": AGGREGATE,
    "estimates": "SELECT model, count(*), avg(reward), max(upper) FROM estimates GROUP BY model ORDER BY model"}


@once
def ten_branches(work):
    """The store, and plain tables with the rows of the watched branch."""
    path = copy_store(texts(work), "branches.aufdb")
    plain = work.scratch / "branch.db"
    say(f"making {BRANCH_COUNT} branches")
    for number in range(BRANCH_COUNT):
        branch = f"method-{number}"
        estimates, labels = work.generated(
            "beliefs", work.prompt_count, ["-estimates.jsonl", "-labels.jsonl"], SEED + number)
        work.do("branch", "create", path, branch, "--at", "main")
        work.do("import", path, estimates, "--as", "estimates", "--snapshot", "base", "--branch", branch)
        work.do("import", path, labels, "--as", "labels", "--branch", branch)
        if branch == WATCHED:
            make_plain(plain, estimates, labels)
    return path, plain


def make_plain(path, estimates, labels):
    remove_store(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as plain, open(estimates, "rb") as lines:
        plain.execute("PRAGMA page_size = 16384")
        add_plain_labels(plain, read_labels(labels))
        plain.execute("BEGIN")
        plain.execute(
            "CREATE TABLE estimates (id INTEGER PRIMARY KEY, snapshot TEXT NOT NULL, prompt_id TEXT NOT NULL, "
            "model TEXT NOT NULL, sample INTEGER NOT NULL, reward REAL NOT NULL, lower REAL NOT NULL, "
            "upper REAL NOT NULL)")
        plain.executemany(
            "INSERT INTO estimates VALUES (NULL, 'base', ?, ?, 0, ?, ?, ?)",
            ((row["prompt_id"], row["model"], row["reward"], row["lower"], row["upper"])
             for row in map(json.loads, lines)))
        plain.execute("CREATE INDEX estimates_key ON estimates (prompt_id, model, sample, snapshot)")
        plain.execute("COMMIT")


def branches(work, runs):
    """Aggregates at the tip of a branch, with another one current and with itself current; and switching."""
    path, plain = ten_branches(work)
    work.do("switch", path, OTHER)
    yield from aggregates(work, runs, path, plain, "tip", ["--at", WATCHED])
    work.do("switch", path, WATCHED)
    yield from aggregates(work, runs, path, plain, "current tip", [])
    yield from views(work, runs, path, plain)
    yield from switch(work, runs, path)


def aggregates(work, runs, path, plain, place, revision):
    for table, sql in QUERIES.items():
        ours = Side("aufdb", [work.aufdb, "query", path, sql, "--format", "csv", *revision])
        shell = Side("sqlite3", ["sqlite3", "-readonly", "-csv", plain, sql])
        compare_answers(ours.command, shell.command)
        idle, shell_idle = idle_query_sides(work)
        alternate([ours, shell, idle, shell_idle], MORE * runs)
        yield less_start_up(
            f"{table} at {place} / sqlite3", ours, idle, shell, shell_idle, Target(times=1.3),
            f"one of {BRANCH_COUNT} branches")


def views(work, runs, path, plain):
    """What the current branch costs those who read the store with another program, through its views."""
    for table, sql in QUERIES.items():
        ours, shell = (
            Side(name, ["sqlite3", "-readonly", "-csv", file, sql])
            for name, file in (("sqlite3, store", path), ("sqlite3", plain)))
        rows = [[line.split(",") for line in output(side.command).splitlines()] for side in (ours, shell)]
        must_be_equal(f"{table} through the views", *rows)
        _, idle = idle_query_sides(work)
        alternate([ours, shell, idle], MORE * runs)
        yield less_start_up(f"{table} by its view / sqlite3", ours, idle, shell, idle, note="sqlite3 on both sides")


def switch(work, runs, path):
    targets = itertools.cycle([OTHER, WATCHED])
    ours = Side("aufdb", [work.aufdb, "switch", path], arguments=lambda: [next(targets)])
    idle = start_up_side(work)
    alternate([ours, idle], MORE * runs)
    current = OTHER if (MORE * runs + 1) % 2 else WATCHED
    found = output([work.aufdb, "query", path, "SELECT branch FROM branches WHERE current", "--format", "csv"])
    must_be_equal("the current branch", [found.split()[-1:]], [[current]])
    yield less_start_up("switch", ours, idle, target=Target(wall_milliseconds=20))
