"""Workload W1: 4 responses and one label a prompt, then 100 commits of 1,000 changed labels each, on one branch.

The same rows and commits go into DoltLite, and the labels into plain tables, which have no versions. A second store has
ten times as many rows, with short texts: its size in rows is what a commit or a diff might depend on.
"""

import contextlib
import sqlite3

from labels import LabelledStore, PlainLabels, add_plain_labels, read_labels
from measurement import Side
from peer_doltlite import DoltLite
from workload import PLAIN_INDEXES, SEED, copy_store, copy_to_plain, once, remove_store, say

COMMIT_COUNT = 100
MIDDLE = 50
LARGE_FACTOR = 10
# Short runs: more turns steady the medians and cost little.
MORE = 3
# The commits whose labels are compared: the first, the middle, ten and one before the last, and the last.
KEPT = (0, MIDDLE, COMMIT_COUNT - 10, COMMIT_COUNT - 1, COMMIT_COUNT)


class OneBranch:
    """The store with its 100 commits, and the labels that some of them must have."""

    def __init__(self, work):
        completions, labels_file = work.generated("labelled", work.prompt_count, ["-texts.jsonl", "-labels.jsonl"])
        path = copy_store(texts(work), "one-branch.aufdb")
        say(f"making {COMMIT_COUNT} commits")
        work.do("import", path, labels_file, "--as", "labels")
        self.files = completions, labels_file
        self.store = LabelledStore(work, path, read_labels(labels_file), SEED)
        self.labels_at = {0: dict(self.store.labels)}
        before = path.stat().st_size
        for number in range(1, COMMIT_COUNT + 1):
            self.store.commit()
            if number in KEPT:
                self.labels_at[number] = dict(self.store.labels)
        self.bytes_per_commit = (stored_bytes(path) - before) / COMMIT_COUNT
        for number in KEPT:
            self.store.check(f"main~{COMMIT_COUNT - number}", self.labels_at[number])


def stored_bytes(path):
    """The size of a store, with what hasn't been moved from its log into the file yet."""
    return sum(file.stat().st_size for file in (path, path.with_name(path.name + "-wal")) if file.exists())


@once
def texts(work):
    """A store with the prompts and responses alone."""
    completions, _ = work.generated("labelled", work.prompt_count, ["-texts.jsonl", "-labels.jsonl"])
    say("making the store with responses")
    store = work.new_store("texts.aufdb")
    work.do("import", store, completions)
    return store


@once
def one_branch(work):
    return OneBranch(work)


@once
def large_store(work):
    """The store with ten times as many prompts, responses and labels, and two commits of 1,000 changes."""
    count = LARGE_FACTOR * work.prompt_count
    completions, labels_file = work.generated("short", count, ["-texts.jsonl", "-labels.jsonl"])
    say(f"making a store of {count:,} prompts")
    path = work.new_store("large.aufdb")
    work.do("import", path, completions)
    work.do("import", path, labels_file, "--as", "labels")
    store = LabelledStore(work, path, read_labels(labels_file), SEED)
    store.commit()
    store.commit()
    return store


@once
def doltlite(work):
    """DoltLite with the same rows and commits; its `absence` tells why, where it can't be had."""
    peer = DoltLite(work)
    peer.load(*one_branch(work).files, COMMIT_COUNT)
    return peer


def plain_copies(work):
    """The whole dataset as plain tables, as it was before the last commit and after it: what sqldiff compares."""
    say("making two plain copies")
    one = one_branch(work)
    paths = []
    indexes = {table: PLAIN_INDEXES[table] for table in ("prompts", "responses")}
    for number in (COMMIT_COUNT - 1, COMMIT_COUNT):
        path = work.scratch / f"plain-{number}.db"
        remove_store(path)
        copy_to_plain(one.store.path, path, indexes)
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as plain:
            add_plain_labels(plain, one.labels_at[number])
        paths.append(path)
    return paths


def start_up_side(work):
    """A side that does nothing but start, whose turns come between those of a side that works."""
    return Side("start-up", [work.aufdb, "--version"])


@once
def idle_queries(work):
    store = work.new_store("empty.aufdb")
    plain = PlainLabels(work, work.scratch / "empty.db", {})
    return [work.aufdb, "query", store, "SELECT 1", "--format", "csv"], plain.query("SELECT 1")


def idle_query_sides(work):
    """The same for queries, and for the sqlite3 shell: SELECT 1 on a store, and a file, without rows or history."""
    ours, shell = idle_queries(work)
    return Side("SELECT 1", ours), Side("sqlite3 SELECT 1", shell)
