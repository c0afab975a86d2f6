"""Every verb that writes, one after the other in one folder, with what the folder holds after each; and running any of
them again on a disk that fails."""

import os
import pathlib
import shutil
import sqlite3
import subprocess

import disk_inputs

# As Tests/CFaultVFS/include/CFaultVFS.h numbers them.
READ, WRITE, TRUNCATE, SYNC, OPEN, NAME, LOOK, MAP, MAKE, REMOVE = (1 << bit for bit in range(10))
CHANGES = WRITE | TRUNCATE | SYNC | NAME | MAP | MAKE | REMOVE
TIMEOUT_SECONDS = 120


class Verb:
    """A command line. One that is stepwise makes several commits, or keeps answers before its commit."""

    def __init__(self, words, is_stepwise):
        self.words = words
        self.is_stepwise = is_stepwise

    def __str__(self):
        return " ".join(word for word in self.words if "/" not in word)


class Stage:
    """The folder, its inputs beside it, and a copy of it before each verb."""

    def __init__(self, aufdb, shim, folder, size):
        self.aufdb, self.shim, self.top = aufdb, shim, pathlib.Path(folder).resolve()
        self.folder, self.inputs, self.saved = self.top / "disk", self.top / "inputs", self.top / "saved"
        for path in (self.folder, self.inputs, self.saved):
            path.mkdir()
        disk_inputs.write(self.inputs, size)
        self.environment = dict(os.environ, AUFDB_AUTHOR="ada", SOURCE_DATE_EPOCH="1767225600", TMPDIR=str(self.top))
        self.verbs, self.states = [], []
        self.note()

    def run(self, words, **plan):
        """Runs a command line; with a plan, on a disk that counts or fails (disk-faults.c)."""
        environment = self.environment
        if plan:
            environment = dict(
                environment, LD_PRELOAD=str(self.shim), FAULT_FOLDER=str(self.folder),
                FAULT_COUNT=str(self.top / "count"))
            environment.update({f"FAULT_{name.upper()}": str(int(value)) for name, value in plan.items()})
        return subprocess.run(
            [self.aufdb, *words], env=environment, capture_output=True, text=True, errors="replace",
            timeout=TIMEOUT_SECONDS)

    def operation_count(self):
        """How many operations the last run on such a disk made."""
        return int((self.top / "count").read_text())

    def add(self, *words, is_stepwise=False):
        result = self.run(words)
        if result.returncode != 0:
            raise SystemExit(f"{words}: {result.stderr}")
        self.verbs.append(Verb(words, is_stepwise))
        self.note()

    def note(self):
        shutil.copytree(self.folder, self.saved / str(len(self.states)))
        self.states.append(self.state())

    def reset(self, index):
        """Makes the folder what it was before a verb."""
        shutil.rmtree(self.folder)
        shutil.copytree(self.saved / str(index), self.folder)

    def store_state(self, path):
        """What a store says: ids cover all rows, and verify computes them anew from the rows."""
        verified = self.run(["verify", str(path)])
        if verified.returncode != 0:
            return {"problem": verified.stderr + verified.stdout}
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            def column(sql):
                return [row[0] for row in connection.execute(sql)]
            return {
                "commits": column("SELECT hex(id) FROM commit_log ORDER BY seq"),
                "refs": sorted(column(
                    "SELECT r.kind || ' ' || r.name || ' ' || hex(c.id) FROM ref AS r"
                    " JOIN commit_log AS c ON c.seq = r.commit_seq")),
                "current": column("SELECT value FROM setting WHERE name = 'current_branch'"),
                "answers": sorted(column("SELECT hex(question) || hex(answer) FROM answer")),
                "verified": verified.stdout,
            }
        finally:
            connection.close()

    def state(self):
        """What stands in the folder, by name, apart from what belongs to stores and what dead processes leave."""
        state = {}
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).parts[0]
            if name.endswith(".aufdb"):
                state[name] = self.store_state(path)
            elif not (name.endswith((".tmp", ".old")) or ".tmp-" in name or ".aufdb-" in name):
                inner = str(path.relative_to(self.folder))
                state.setdefault(name, {})[inner] = path.read_bytes() if path.is_file() else b""
        return state

    def problems(self, found, index, is_cut_off):
        """What is wrong with a folder where verb `index` was cut off, or not begun: each thing must be as before, or as
        after it."""
        old, new = self.states[index], self.states[index + 1 if is_cut_off else index]
        problems = []
        for name in sorted(set(found) | set(old)):
            things = found.get(name), old.get(name), new.get(name)
            if things[0] in things[1:]:
                continue
            # Replacing an export takes two renames.
            if things[0] is None and any(path.name.endswith(".tmp.old") for path in self.folder.iterdir()):
                continue
            if not (is_cut_off and self.verbs[index].is_stepwise and is_between(*things)):
                problems.append(f"{name}: {str(found.get(name))[:300]}")
        stores = [stores_of(state) for state in (found, old, new)]
        if not problems and stores[0] == stores[2] != stores[1] and found != new:
            problems.append("there is a commit, and not what was written with it")
        return problems


def stores_of(state):
    return {name: store for name, store in state.items() if name.endswith(".aufdb")}


def is_between(found, old, new):
    """Whether a store has whole commits, and answers, of those that lead from one state to another."""
    if not (found and old and new) or "problem" in found:
        return False
    commits, before, after = found["commits"], old["commits"], new["commits"]
    return (
        commits[: len(before)] == before and after[: len(commits)] == commits
        and set(old["answers"]) <= set(found["answers"]) <= set(new["answers"]))
