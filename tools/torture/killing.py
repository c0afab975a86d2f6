"""Kills aufdb at random moments, and looks at what is left, and at what comes of running the same command again.

A kill, in a copy of a prepared folder:

1. The command is killed at a moment drawn by the seed (kill-at.c).
2. A copy of what it left is examined: every store opens and verifies; every store, export and file is in all its rows
   and bytes what it was before or what an undisturbed run makes of it; what was reported as done is there.
3. What it left gets the same command once more, which ends with what an undisturbed run makes, and no other files.
"""

import random
import re
import sqlite3

import states
from command import CommandFailed
from deck import KEPT

# Of the moments, how many are system calls that change files, instructions after any call, and moments of time.
MOMENTS = {"call": 6, "step": 2, "time": 2}
MAX_STEPS = 20_000
# Files and folders in the making have such a name beside their target, and only SIGKILL leaves them.
ASIDE = re.compile(r"\.?.+\.\d+(-\d+)?\.tmp(-journal|\.old)?")


def draw_moment(choice, expected):
    """When to kill, as kill-at takes it."""
    mode = choice.choices(list(MOMENTS), MOMENTS.values())[0]
    if mode == "call":
        place = choice.choice(["before", "before", "torn", "torn", "after"])
        return ["call", choice.randint(1, expected.changes), place]
    if mode == "step":
        return ["step", choice.randint(1, expected.calls), int(MAX_STEPS ** choice.random()) - 1]
    return ["time", int(expected.cpu_nanoseconds * choice.random())]


class Kill:
    """One kill, and all that is found wrong about it."""

    def __init__(self, deck, name, case, number):
        self.deck, self.case, self.name, self.number = deck, case, name, number
        self.expected = deck.expect(case)
        choice = random.Random(f"{deck.seed}/{name}/{number}")
        self.moment = draw_moment(choice, self.expected)
        self.has_reader = choice.random() < 0.25
        self.problems = []
        # "before", "between" or "after": what the kill left.
        self.state = "between"
        self.leftovers = set()
        self.where = ""

    def run(self):
        """Kills, examines, runs again. Returns whether there was a kill: the command may have been quicker."""
        self.folder = self.deck.copy(self.expected.folder, "killed")
        self.reader = Reader(self.folder) if self.has_reader else None
        try:
            prefix = [self.deck.kill_at, self.deck.report, *self.moment]
            self.outcome = self.deck.run(self.case, self.folder, prefix)
            if self.outcome.code != 0:
                raise CommandFailed(self.outcome.complaint.decode(errors="replace").strip())
            report = self.deck.read_report()
            self.is_killed = report["killed"]
            self.where = f"{report['call']} {report['file']}" if report["call"] else self.moment[0]
            if not self.is_killed and report["exit"] != 0:
                self.blame(f"wasn't killed, and ended with {report['exit']}: {self.complaint(self.outcome)}")
            self.examine()
            self.run_again()
        except sqlite3.Error as error:
            self.blame(f"a store can't be read: {error}")
        finally:
            if self.reader:
                self.reader.close()
        return self.is_killed

    def blame(self, problem):
        self.problems.append(problem)

    @staticmethod
    def complaint(outcome):
        return (outcome.complaint or outcome.output).decode(errors="replace").strip()

    def examine(self):
        """Looks at a copy: what it does there, such as recovery, isn't done yet where the command runs again."""
        copy = self.deck.copy(self.folder, "examined")
        self.leftovers = {name for name in states.names(copy) if ASIDE.fullmatch(name)}
        for name in states.stores(copy):
            self.verify(copy, name)
        found = states.snapshot(copy, KEPT)
        self.compare(copy, found)
        if "training" in found:
            outcome = self.deck.aufdb.run(copy, "verify-export", "training")
            if outcome.code != 0:
                self.blame(f"an export that isn't whole: {self.complaint(outcome)}")
        if self.case.probe and self.deck.aufdb.run(copy, *self.case.probe).output != self.expected.found:
            self.blame("another answer to the same question")
        self.kept_answers = self.deck.answer_count(copy) if self.case.asks else 0

    def verify(self, folder, name):
        if name in self.expected.before and self.case.command[0] == "upgrade":
            # Today's aufdb verifies no store of an older format.
            if self.deck.aufdb.run(folder, "log", name).code == 65:
                return
        outcome = self.deck.aufdb.run(folder, "verify", name)
        if outcome.code != 0:
            self.blame(f"{name} doesn't verify: {self.complaint(outcome)}")

    def compare(self, copy, found):
        """Each thing is what it was or what it is to be; all of them are, if the command said that it was done."""
        before, after = self.expected.before, self.expected.after
        reported = [id for outcome in [self.outcome] for id in outcome.reported_commits]
        is_done = bool(reported) and not self.case.has_steps or not self.is_killed
        states_found = set()
        for name in sorted(name for name in before.keys() | after.keys() | found.keys() if not ASIDE.fullmatch(name)):
            thing = found.get(name)
            if thing == after.get(name):
                states_found.add("both" if thing == before.get(name) else "after")
            elif thing == before.get(name) and not is_done:
                states_found.add("before")
            elif self.case.has_steps and not is_done and self.is_step(copy, name):
                states_found.add("between")
            else:
                self.blame(f"{name} is neither what it was nor what it is to be" if not is_done else
                           f"{name} is not what was reported as done")
        states_found.discard("both")
        self.state = states_found.pop() if len(states_found) == 1 else "between" if states_found else "before"
        for name in states.stores(copy):
            ids, _ = states.commits(copy / name)
            known = self.expected.commits_before.get(name, ([], {}))[0]
            if not set(known) <= set(ids):
                self.blame(f"{name} lost commits")
            if self.case.has_steps and [id for id in reported if not any(other.startswith(id) for other in ids)]:
                self.blame(f"{name} lacks a commit that was reported")

    def is_step(self, copy, name):
        """Whether a store has the first ones of the commits that an undisturbed run makes, and its branch the last of
        them; that all their rows are there, and no others, is what `verify` says."""
        if not name.endswith(".aufdb"):
            return False
        ids, refs = states.commits(copy / name)
        all_ids, all_refs = self.expected.commits[name]
        moved = {ref for ref in all_refs if refs.get(ref) != all_refs[ref]}
        return ids == all_ids[:len(ids)] and len(moved) == 1 and refs[moved.pop()] == ids[-1]

    def run_again(self):
        aufdb, expected = self.deck.aufdb, self.expected
        if self.reader and not self.reader.sees_the_same():
            self.blame("a reader that was there all the time saw something else")
        if not (self.case.is_once and self.state == "after"):
            asked = self.deck.server.request_count(self.case.asks) if self.case.asks else 0
            outcome = self.deck.run(self.case, self.folder)
            if outcome.code != 0:
                self.blame(f"run again, it ended with {outcome.code}: {self.complaint(outcome)}")
            if self.case.asks:
                asked = self.deck.server.request_count(self.case.asks) - asked
                self.check_requests(asked)
        for name in states.stores(self.folder):
            outcome = aufdb.run(self.folder, "verify", name)
            if outcome.code != 0:
                self.blame(f"run again, {name} doesn't verify: {self.complaint(outcome)}")
        if self.reader and not self.reader.sees_the_same():
            self.blame("a reader that was there all the time saw something else afterwards")
        left = states.names(self.folder)
        things = states.snapshot(self.folder)
        for name in sorted(things.keys() | expected.whole.keys()):
            if things.get(name) == expected.whole.get(name) or ASIDE.fullmatch(name):
                continue
            self.blame(f"run again, {name} is not what an undisturbed run makes")
        if not self.reader:
            self.check_names(left)

    def check_names(self, left):
        """Nothing is left but what an undisturbed run leaves, and what is aside. Where all was done before the kill, a
        store's log, its journal and its lock may wait for whoever writes next."""
        others = {name for name in left - self.expected.names if not ASIDE.fullmatch(name)}
        if others and self.state == "after":
            for name in states.stores(self.folder):
                self.deck.aufdb.run(self.folder, "tag", "create", name, "tidied")
            others &= states.names(self.folder)
        for name in sorted(others):
            self.blame(f"run again, it leaves {name}")

    def check_requests(self, count):
        """Nothing that was kept is asked again; what was under way at the kill may have reached the server late."""
        missing = self.expected.answers - self.kept_answers
        most = -(-missing // self.case.batch) if self.case.batch > 1 else missing
        if not most <= count <= most + 4:
            self.blame(f"run again, it asked {count} times for {missing} answers")


class Reader:
    """Somebody who had the stores in WAL mode open, and reads, all the time."""

    QUESTION = "SELECT (SELECT count(*) FROM commit_log), (SELECT sum(place) FROM prompts_all), count(*) FROM ref"

    def __init__(self, folder):
        paths = [folder / name for name in states.stores(folder)]
        # Byte 18 of a database's header is 2 in WAL mode; in the others a reader would keep writers waiting.
        self.connections = [states.connect(path) for path in paths if path.read_bytes()[18] == 2]
        self.first = []
        for connection in self.connections:
            connection.execute("BEGIN")
        self.first = self.read()

    def read(self):
        return [connection.execute(self.QUESTION).fetchone() for connection in self.connections]

    def sees_the_same(self):
        return self.read() == self.first

    def close(self):
        for connection in self.connections:
            connection.close()
