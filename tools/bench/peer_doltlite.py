"""DoltLite beside aufdb: an SQLite whose tables are versioned trees, driven through doltlite-worker.py.

It runs inside one Python process, in a virtual environment of its own, so that its figures have no start-up in them and
its cache is warm: both are to its advantage. Where pip can't install it, or it fails, its figures are missing.
"""

import contextlib
import json
import random
import subprocess

from answers import must_be_equal
from labels import ALL_LABELS, JUDGE, changes_of, in_order, read_labels
from environment import environment
from measurement import CommandFailed, Cost, PeerSide
from workload import HERE, SEED, say

UPDATE = (
    "UPDATE labels SET chosen_model = ?, rejected_model = ?, chosen_score = ?, rejected_score = ? "
    f"WHERE prompt_id = ? AND judge = '{JUDGE}'")
COMMIT = ["SELECT dolt_commit('-A', '-m', 'changes')", None]


class DoltLite:
    """A database with the rows of workload W1 and its commits; or the reason why there is none."""

    def __init__(self, work):
        self.work = work
        self.path = work.scratch / "doltlite.db"
        self.absence = None
        self.bytes_per_commit = self.packed_bytes_per_commit = None
        self.labels = {}
        self.draw = random.Random(SEED)
        self.process = None
        try:
            command = [environment(work, "doltlite"), HERE / "doltlite-worker.py"]
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            work.cleanups.callback(self.close)
            self._ask({"open": str(self.path)})
        except (CommandFailed, OSError) as failure:
            self._is_missing(failure)

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def _is_missing(self, failure):
        self.absence = "not measured"
        say(f"DoltLite is not measured: {getattr(failure, 'summary', failure)}")

    def _ask(self, request):
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline() or '{"error": "the process ended"}')
        except BrokenPipeError:
            answer = {"error": "the process ended"}
        if "error" in answer:
            raise CommandFailed(["doltlite"], 1, f"DoltLite: {answer['error']}")
        return answer

    def run(self, *statements):
        """Runs statements, each with its rows of values or None; returns what it took, and the last one's rows."""
        answer = self._ask({"run": statements})
        return Cost(answer["wall"], answer["cpu"]), answer["rows"]

    def load(self, completions, labels_file, commit_count):
        """Takes in the same rows and the same commits as aufdb's store."""
        if self.absence:
            return
        say("making the same in DoltLite")
        self.labels = read_labels(labels_file)
        try:
            self._ask({"load": [str(completions), str(labels_file)]})
            before = self.path.stat().st_size
            for _ in range(commit_count):
                self.run(*self.next_commit())
            self.bytes_per_commit = (self.path.stat().st_size - before) / commit_count
            self.run(["SELECT dolt_gc()", None])
            self.packed_bytes_per_commit = (self.path.stat().st_size - before) / commit_count
        except CommandFailed as failure:
            self._is_missing(failure)

    def next_commit(self, among=None):
        """The statements of the next commit of 1,000 changes."""
        changes = changes_of(self.labels, self.draw, among=among)
        self.labels |= changes
        rows = [[*values, prompt_id] for prompt_id, values in changes.items()]
        return [["BEGIN", None], [UPDATE, rows], ["COMMIT", None], COMMIT]

    def side(self, statements, prepare=lambda: None):
        """A side that runs what the function `statements` returns after `prepare`; making them isn't measured."""
        prepared = []

        def prepare_all():
            prepare()
            prepared[:] = statements()

        return PeerSide("DoltLite", lambda: self.run(*prepared)[0], prepare_all, self.absence)

    def query_side(self, sql):
        return self.side(lambda: [[sql, None]])

    def attempt(self, *statements):
        """The rows of the last statement; none, and a reason in `absence`, where DoltLite fails."""
        if self.absence:
            return []
        try:
            return self.run(*statements)[1]
        except CommandFailed as failure:
            self._is_missing(failure)
            return []

    @contextlib.contextmanager
    def on_branch(self, name):
        """Whatever is committed inside goes to a branch of its own; main stays as it is."""
        labels = dict(self.labels)
        self.attempt([f"SELECT dolt_branch('{name}')", None], [f"SELECT dolt_checkout('{name}')", None])
        yield
        self.attempt(["SELECT dolt_checkout('main')", None])
        self.labels = labels

    def check(self, what, sql, expected):
        """Ends the program unless DoltLite answers with exactly these rows."""
        rows = self.attempt([sql, None])
        if not self.absence:
            must_be_equal(f"{what} of DoltLite", rows, expected)

    def check_labels(self, side):
        """The same of all labels of the branch where `side`, unless it failed, has committed."""
        if side.absence is None:
            self.check("labels", ALL_LABELS, in_order(self.labels))
