"""Eight processes on one store at once: what they were told must be true afterwards, and at every moment.

Five write (imports, labels, merges, branches and tags, selections, commits that are killed), and three read at commits
that are fixed: query, diff, export, verify. worker.py has what each does. Then the store is held against their ledgers:

- every commit that was reported is in the history of the branch that it was made on;
- rows add up: each import is there whole or, if it was killed, perhaps not at all; labels are the last that were given;
- branches and tags are those that were made, less those that were deleted, at the commits that were reported;
- what was read at a commit was the same each time, and still is;
- each refusal for a lock names a process that was at work then, and what it did.
"""

import collections
import json
import multiprocessing
import re
import shutil
import signal
import subprocess
import time

import data
import states
from crowd import QUESTIONS, STORE, Crowd, digest
from worker import work

BUSY = re.compile(r"^error: the (?:store|search index) is being written by process (\d+) \(([^)]*)\)$", re.MULTILINE)
HOLDS = 20


def torture(aufdb, scratch, options):
    """Lets them work for so many seconds; prints what is wrong, and counts. Returns how much is wrong."""
    crowd = Crowd(aufdb, scratch / "crowd", options.seed, options.seconds)
    crowd.prepare()
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=work, args=(crowd, number)) for number in range(len(Crowd.ROLES))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    problems = [f"a worker ended with {worker.exitcode}" for worker in workers if worker.exitcode != 0]
    ledger = [json.loads(line) for path in sorted(crowd.ledgers.iterdir()) for line in path.open()]
    problems += [entry["problem"] for entry in ledger if "problem" in entry]
    check = Check(crowd, ledger)
    problems += [*check.commits(), *check.rows(), *check.labels(), *check.refs(), *check.answers(), *check.refusals(),
                 *check.leftovers()]
    problems += killed_holders(crowd)
    for problem in problems:
        print(f"WRONG: {problem}\n       --seed {options.seed}")
    print_figures(ledger, options.seconds)
    shutil.rmtree(crowd.folder)
    return len(problems)


class Check:
    """The store, and what the workers wrote down."""

    def __init__(self, crowd, ledger):
        self.crowd, self.ledger = crowd, ledger
        outcome = crowd.aufdb.run(crowd.folder, "verify", STORE)
        self.unverified = [f"verify: {outcome.complaint.decode()}"] if outcome.code != 0 else []
        self.ids, self.tips = states.commits(crowd.folder / STORE)

    def entries(self, kind):
        return [entry for entry in self.ledger if entry.get("kind") == kind]

    def ancestors(self, tip):
        """The ids of all commits that a commit descends from, and its own."""
        connection = states.connect(self.crowd.folder / STORE)
        try:
            return {id.hex() for id, in connection.execute(
                """
                WITH RECURSIVE past(seq) AS (SELECT seq FROM commit_log WHERE id = ?
                  UNION SELECT parent_seq FROM commit_parent JOIN past ON commit_seq = seq)
                SELECT id FROM past JOIN commit_log USING (seq)
                """, [bytes.fromhex(tip)])}
        finally:
            connection.close()

    def commits(self):
        yield from self.unverified
        pasts = {name: self.ancestors(id) for name, id in self.tips.items()}
        for entry in self.entries("commit"):
            past = pasts.get(entry["branch"], self.ids)
            if not any(id.startswith(entry["id"]) for id in past):
                yield f"lost update: commit {entry['id']} was reported on {entry['branch']}, which doesn't have it"

    def query(self, sql, at="main"):
        lines = self.crowd.aufdb.must(self.crowd.folder, "query", STORE, sql, "--at", at, "--format", "jsonl")
        return [json.loads(line) for line in lines.splitlines()]

    def rows(self):
        """Imports on each branch; what was on `side` is on main once it was merged, or still there."""
        for branch in ("main", "side"):
            found = {row["source"]: row["count"] for row in self.query(
                "SELECT source, count(*) AS count FROM prompts WHERE source LIKE 'made-%' GROUP BY source", branch)}
            for entry in self.entries("import"):
                if entry["branch"] != branch:
                    continue
                count = found.get(entry["source"], 0)
                if count != entry["rows"] and (entry["is_done"] or count != 0):
                    yield f"{entry['source']}: {count} prompts of {entry['rows']} on {branch}"

    def labels(self):
        last = {entry["judge"]: entry for entry in self.entries("labels")}
        for judge, entry in last.items():
            found = {row["prompt_id"]: row["chosen_model"] for row in self.query(
                f"SELECT prompt_id, chosen_model FROM labels WHERE judge = '{judge}'", entry["branch"])}
            if found != entry["chosen"]:
                yield f"labels of {judge} are not the last that were given"

    def refs(self):
        expected = {}
        for entry in self.entries("ref"):
            if entry["commit"] is None:
                expected.pop(entry["name"], None)
            else:
                expected[entry["name"]] = entry["commit"]
        made = {name: id for name, id in self.tips.items() if name.startswith("ref-")}
        for name in sorted(expected.keys() | made.keys()):
            if name not in made or name not in expected or not made[name].startswith(expected[name]):
                yield f"{name} is at {made.get(name)}, and was put at {expected.get(name)}"

    def answers(self):
        """Reads everything that was read at fixed commits once more."""
        for path in sorted(self.crowd.answers.iterdir()):
            commit, question = path.name.split("-", 1)
            output = self.crowd.aufdb.must(self.crowd.folder, *QUESTIONS[question](commit))
            if digest(question, output) != path.read_text():
                yield f"{question} at {commit} has another answer than before"

    def refusals(self):
        # Numbers of processes come again after a while.
        processes = collections.defaultdict(list)
        for entry in self.entries("process"):
            processes[entry["pid"]].append(entry)
        for entry in self.entries("refused"):
            match = BUSY.search(entry["complaint"])
            if not match:
                yield f"a refusal that names nobody: {entry['complaint']}"
                continue
            holders = [holder for holder in processes[int(match[1])]
                       if holder["begin"] <= entry["end"] and entry["begin"] <= holder["end"]]
            if not holders:
                yield f"a refusal names a process that wasn't at work: {entry['complaint']}"
            elif not any(match[2] in (f"aufdb {holder['verb']}", "closing", "recovery") for holder in holders):
                yield f"a refusal says '{match[2]}' of a process that did '{holders[0]['verb']}'"

    def leftovers(self):
        known = {STORE, STORE + "-search", "inputs"}
        for name in sorted(states.names(self.crowd.folder) - known):
            # The reading above has been the last to use it.
            if not name.endswith(("-wal", "-shm")):
                yield f"{name} is left"


def killed_holders(crowd):
    """A writer that is killed while it holds the lock lets the next one in at once; before, it is named."""
    aufdb = crowd.aufdb
    line = json.dumps(data.read_lines(crowd.inputs / "completions.jsonl")[0]) + "\n"
    for number in range(HOLDS):
        # It holds the lock while it waits for more of its input.
        holder = subprocess.Popen(
            [aufdb.path, "import", STORE, "-"], cwd=crowd.folder, env=aufdb.environment, stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            holder.stdin.write(line.encode())
            holder.stdin.flush()
            lock = crowd.folder / (STORE + "-lock")
            deadline = time.monotonic() + 30
            while not (lock.exists() and lock.read_text().startswith(f"{holder.pid} ")) and time.monotonic() < deadline:
                time.sleep(0.001)
            refused = aufdb.run(crowd.folder, "tag", "create", STORE, f"held-{number}", "--wait", "0")
            match = BUSY.search(refused.complaint.decode())
            if refused.code != 75 or not match or (int(match[1]), match[2]) != (holder.pid, "aufdb import"):
                yield f"beside a holder: exit code {refused.code}: {refused.complaint.decode().strip()}"
        finally:
            holder.send_signal(signal.SIGKILL)
            holder.wait()
            holder.stdin.close()
        outcome = aufdb.run(crowd.folder, "tag", "create", STORE, f"free-{number}", "--wait", "0")
        if outcome.code != 0:
            yield f"after a killed holder: exit code {outcome.code}: {outcome.complaint.decode().strip()}"
    outcome = aufdb.run(crowd.folder, "verify", STORE)
    if outcome.code != 0:
        yield f"after killed holders: {outcome.complaint.decode().strip()}"


def print_figures(ledger, seconds):
    verbs = collections.Counter(entry["verb"] for entry in ledger if entry.get("kind") == "process")
    kinds = collections.Counter(entry.get("kind") for entry in ledger)
    print(f"{seconds} s, {len(Crowd.ROLES)} processes: {sum(verbs.values())} commands ("
          + ", ".join(f"{verb} {count}" for verb, count in verbs.most_common()) + ")")
    print(f"{kinds['commit']} commits reported, {kinds['read']} reads at fixed commits, {kinds['refused']} refusals "
          f"with the holder's name, {sum(entry.get('was_killed', False) for entry in ledger)} killed; "
          f"{HOLDS} holders killed")
