"""Labels that change: what a store must hold after each commit, known without asking any store.

A label is (chosen model, rejected model, chosen score, rejected score), by prompt_id; all are of judge-1, one a prompt.
A change flips it and gives it other scores. Everything comes from a seed, so that each side of a comparison can be
given the very same changes.
"""

import contextlib
import itertools
import json
import random
import sqlite3

from answers import must_be_equal
from measurement import Side, output
from workload import copy_store, remove_store

JUDGE = "judge-1"
CHANGE_COUNT = 1_000
AGGREGATE = (
    "SELECT chosen_model, count(*), avg(chosen_score - rejected_score) FROM labels WHERE tie = 0 "
    "GROUP BY chosen_model ORDER BY chosen_model")
ALL_LABELS = "SELECT prompt_id, chosen_model, rejected_model, chosen_score, rejected_score FROM labels ORDER BY 1"


def read_labels(path):
    with open(path, "rb") as lines:
        rows = map(json.loads, lines)
        return {
            row["prompt_id"]: (
                row["chosen_model"], row["rejected_model"], row["chosen_score"], row["rejected_score"])
            for row in rows}


def changes_of(labels, draw, count=CHANGE_COUNT, among=None):
    """New values of `count` labels; each differs from the old one. `among` limits which prompts are drawn."""
    changes = {}
    for prompt_id in draw.sample(among or list(labels), count):
        chosen, rejected, *scores = labels[prompt_id]
        low = draw.randrange(100, 900)
        new = (rejected, chosen, (low + draw.randrange(1, 101)) / 100, low / 100)
        changes[prompt_id] = new
    return changes


def write_json_lines(path, changes):
    with open(path, "w", encoding="utf-8") as file:
        for prompt_id, (chosen, rejected, chosen_score, rejected_score) in changes.items():
            file.write(json.dumps({
                "prompt_id": prompt_id, "chosen_model": chosen, "rejected_model": rejected, "judge": JUDGE,
                "chosen_score": chosen_score, "rejected_score": rejected_score}) + "\n")


def write_tabbed(path, changes):
    """The same for update-labels.c."""
    with open(path, "w", encoding="utf-8") as file:
        for prompt_id, values in changes.items():
            file.write("\t".join([prompt_id, *map(str, values)]) + "\n")


def lookups(prompt_ids):
    """1,000 labels by their prompts, as a join with a list and as IN: (name, SQL)."""
    wanted = json.dumps(prompt_ids, separators=(",", ":"))
    sums = "count(*), sum(chosen_score), sum(rejected_score), min(chosen_model)"
    return [
        ("lookup join", f"SELECT {sums} FROM json_each('{wanted}') AS wanted JOIN labels ON prompt_id = wanted.value"),
        ("lookup IN", f"SELECT {sums} FROM labels WHERE prompt_id IN (SELECT value FROM json_each('{wanted}'))")]


class LabelledStore:
    """A store of aufdb's, one branch of it, and the labels that its head must have."""

    def __init__(self, work, path, labels, seed, branch="main"):
        self.work = work
        self.path = path
        self.labels = labels
        self.branch = branch
        self.draw = random.Random(seed)
        self.changes_file = work.scratch / f"{path.stem}-{branch}.jsonl"
        self.last_changes = {}

    def copied(self, name, seed):
        """A copy of the store, whose history goes on apart from this one's."""
        return LabelledStore(self.work, copy_store(self.path, name), dict(self.labels), seed, self.branch)

    def branched(self, branch, seed):
        """Makes a branch here; the result is the same store seen from there."""
        self.work.do("branch", "create", self.path, branch, "--at", self.branch)
        return LabelledStore(self.work, self.path, dict(self.labels), seed, branch)

    def prepare_commit(self, count=CHANGE_COUNT, among=None):
        """Draws the next changes and writes the file that `import_command` reads."""
        changes = changes_of(self.labels, self.draw, count, among)
        self.last_changes = {prompt_id: (self.labels[prompt_id], new) for prompt_id, new in changes.items()}
        self.labels |= changes
        write_json_lines(self.changes_file, changes)

    @property
    def import_command(self):
        return [
            self.work.aufdb, "import", self.path, self.changes_file, "--as", "labels", "--replace", "--branch",
            self.branch]

    def commit(self, count=CHANGE_COUNT, among=None):
        self.prepare_commit(count, among)
        output(self.import_command)

    def commit_side(self, name):
        """Each run commits the next 1,000 changes."""
        return Side(name, self.import_command, self.prepare_commit)

    def labels_before(self):
        """The labels before the last commit."""
        return self.labels | {prompt_id: old for prompt_id, (old, _) in self.last_changes.items()}

    def query(self, sql, *arguments):
        return [self.work.aufdb, "query", self.path, sql, "--format", "csv", *arguments]

    def answer(self, sql, *arguments):
        """The rows that a query gives, as texts."""
        lines = output(self.query(sql, *arguments)).replace("\r", "").splitlines()
        return [line.split(",") for line in lines[1:]]

    def diff(self, *revisions):
        return [self.work.aufdb, "diff", self.path, *revisions, "--format", "jsonl"]

    def check(self, revision=None, labels=None):
        """Ends the program unless a revision (the branch's head) has exactly the labels that it must have."""
        revision = revision or self.branch
        must_be_equal(
            f"labels of {self.path.name} at {revision}", self.answer(ALL_LABELS, "--at", revision),
            in_order(self.labels if labels is None else labels))

    def check_diff(self, revisions, old_labels, new_labels):
        """Ends the program unless the diff tells exactly the labels that differ; returns how many."""
        expected = {
            prompt_id: (old, new_labels[prompt_id]) for prompt_id, old in old_labels.items()
            if new_labels[prompt_id] != old}
        found = []
        for line in output(self.diff(*revisions)).splitlines():
            change = json.loads(line)
            found.append([
                change["table"], change["change"], change["key"]["prompt_id"], change["key"]["judge"],
                *side_values(change["old"]), *side_values(change["new"])])
        must_be_equal(f"diff {' '.join(revisions)} of {self.path.name}", sorted(found), (
            ["labels", "modified", prompt_id, JUDGE, *old, *new] for prompt_id, (old, new) in sorted(expected.items())))
        return len(expected)


def in_order(labels):
    """The rows that ALL_LABELS must give."""
    return ([prompt_id, *values] for prompt_id, values in sorted(labels.items()))


def side_values(row):
    return [row["chosen_model"], row["rejected_model"], row["chosen_score"], row["rejected_score"]]


class PlainLabels:
    """A plain table of labels with the columns and the index of a store's, no versions; and what it must hold."""

    def __init__(self, work, path, labels, seed=None):
        self.work = work
        self.path = path
        self.labels = dict(labels)
        self.draw = random.Random(seed)
        self.changes_file = path.with_suffix(".tsv")
        remove_store(path)
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as plain:
            plain.executescript("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL;")
            add_plain_labels(plain, labels)

    def prepare_update(self):
        changes = changes_of(self.labels, self.draw)
        self.labels |= changes
        write_tabbed(self.changes_file, changes)

    @property
    def update_command(self):
        return [self.work.tool("update-labels"), self.path, self.changes_file]

    def query(self, sql):
        return ["sqlite3", "-readonly", "-csv", self.path, sql]

    def check(self):
        """Ends the program unless the table has exactly the labels that it must have."""
        with contextlib.closing(sqlite3.connect(self.path)) as plain:
            must_be_equal(f"labels of {self.path.name}", plain.execute(ALL_LABELS), in_order(self.labels))


def add_plain_labels(plain, labels):
    plain.execute("BEGIN")
    plain.execute(
        "CREATE TABLE labels (id INTEGER PRIMARY KEY, prompt_id TEXT NOT NULL, chosen_model TEXT NOT NULL, "
        "chosen_sample INTEGER NOT NULL, rejected_model TEXT NOT NULL, rejected_sample INTEGER NOT NULL, "
        "judge TEXT NOT NULL, tie INTEGER NOT NULL, chosen_score REAL, rejected_score REAL, method TEXT, "
        "batch INTEGER)")
    plain.executemany(
        "INSERT INTO labels (prompt_id, chosen_model, chosen_sample, rejected_model, rejected_sample, judge, tie, "
        f"chosen_score, rejected_score) VALUES (?, ?, 0, ?, 0, '{JUDGE}', 0, ?, ?)",
        ((prompt_id, *values) for prompt_id, values in labels.items()))
    plain.execute("CREATE INDEX labels_key ON labels (prompt_id)")
    plain.execute("COMMIT")


def some(labels, count):
    """So many prompts, spread over all of them."""
    return list(itertools.islice(labels, 0, None, max(1, len(labels) // count)))[:count]
