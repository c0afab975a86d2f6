"""The processes of concurrency.py: what each does until the time is over, and what it writes down."""

import json
import os
import random
import signal
import subprocess
import time

import data
import states
from command import Outcome
from crowd import PATIENCE, QUESTIONS, STORE, Crowd, digest


def work(crowd, number):
    """Plays one role until the time is over."""
    worker = Worker(crowd, number)
    role = getattr(worker, Crowd.ROLES[number])
    end = time.monotonic() + crowd.seconds
    with (crowd.ledgers / f"{number}.jsonl").open("w") as ledger:
        worker.ledger = ledger
        while time.monotonic() < end:
            role()


class Worker:
    """One of the processes; it runs one command at a time."""

    def __init__(self, crowd, number):
        self.crowd, self.number = crowd, number
        self.choice = random.Random(f"{crowd.seed}/worker/{number}")
        self.turn = 0
        self.refs = []
        self.ledger = None
        self.prompts = [row["prompt_id"] for row in data.read_lines(crowd.inputs / "completions.jsonl")]

    def note(self, **entry):
        self.ledger.write(json.dumps(entry) + "\n")

    def run(self, *arguments, kill_after=None, codes=(0,)):
        """Runs aufdb, and writes down when; `kill_after` seconds it is killed. Codes other than these are wrong."""
        begin = time.monotonic()
        process = subprocess.Popen(
            [self.crowd.aufdb.path, *map(str, arguments)], cwd=self.crowd.folder,
            env=self.crowd.aufdb.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if kill_after is not None:
            time.sleep(kill_after)
            process.send_signal(signal.SIGKILL)
        output, complaint = process.communicate(timeout=300)
        outcome = Outcome(process.returncode, output, complaint)
        end = time.monotonic()
        verb = " ".join(arguments[:2] if arguments[0] in ("branch", "tag") else arguments[:1])
        self.note(kind="process", pid=process.pid, verb=verb, begin=begin, end=end,
                  was_killed=process.returncode == -signal.SIGKILL)
        if process.returncode == 75:
            self.note(kind="refused", complaint=complaint.decode(), begin=begin, end=end)
        if process.returncode not in codes:
            self.note(problem=f"{' '.join(map(str, arguments))}: exit code {process.returncode}: "
                              f"{complaint.decode(errors='replace').strip()}")
        return outcome

    def note_commits(self, outcome, branch):
        for commit in outcome.reported_commits:
            self.note(kind="commit", id=commit, branch=branch)

    def make_prompts(self):
        """A file of new prompts; returns its path, their source, and their number."""
        self.turn += 1
        source = f"made-{self.number}-{self.turn}"
        rows = [{"prompt_id": f"{source}-{row}", "source": source, "prompt": f"Prompt {row}", "completions": [
            {"model": model, "response_text": f"{model} says {self.choice.random()}", "overall_score": score}
            for model, score in (("atlas", 7.5), ("birch", 3))]} for row in range(self.choice.randint(1, 40))]
        path = self.crowd.inputs / f"{self.number}.jsonl"
        data.write_lines(path, rows)
        return path, source, len(rows)

    def import_prompts(self, branch, *options, **how):
        path, source, rows = self.make_prompts()
        outcome = self.run("import", STORE, path, "--branch", branch, *options, **how)
        self.note(kind="import", source=source, branch=branch, rows=rows, is_done=outcome.code == 0)
        self.note_commits(outcome, branch)
        return outcome

    def importer(self):
        self.import_prompts("main", *PATIENCE)

    def side(self):
        """Commits on another branch, and merges it into main now and then."""
        if self.turn % 4 == 3:
            self.turn += 1
            self.note_commits(self.run("merge", STORE, "side", "--branch", "main", *PATIENCE), "main")
        else:
            self.import_prompts("side", *PATIENCE)

    def labeler(self):
        """Gives all its labels anew: whoever loses one of these updates has an older label."""
        chosen = {}
        rows = []
        for prompt in self.prompts:
            pair = ["atlas-70b", "birch-32b"]
            self.choice.shuffle(pair)
            chosen[prompt] = pair[0]
            rows.append({"prompt_id": prompt, "chosen_model": pair[0], "rejected_model": pair[1], "judge": "crowd"})
        path = self.crowd.inputs / f"{self.number}.jsonl"
        data.write_lines(path, rows)
        outcome = self.run("import", STORE, path, "--as", "labels", "--replace", "--branch", "main", *PATIENCE)
        if outcome.code == 0:
            self.note(kind="labels", judge="crowd", branch="main", chosen=chosen)
        self.note_commits(outcome, "main")

    def keeper(self):
        """Branches and tags, made and deleted; selections and labels on a branch of its own."""
        self.turn += 1
        kind = self.choice.choice(["branch", "tag"])
        if self.refs and self.choice.random() < 0.4:
            kind, name = self.refs.pop(self.choice.randrange(len(self.refs)))
            force = ["--force"] if kind == "branch" else []
            if self.run(kind, "delete", STORE, name, *force, *PATIENCE).code == 0:
                self.note(kind="ref", name=name, commit=None)
            return
        name = f"ref-{self.turn}"
        commit = self.any_commit()
        if self.run(kind, "create", STORE, name, "--at", commit, *PATIENCE).code != 0:
            return
        if kind == "branch":
            self.run("select", STORE, "--method", "random", "--seed", self.turn, "--limit", "5", "--branch", name,
                     *PATIENCE)
            outcome = self.run("annotate", STORE, "--judge", "scores:overall", "--branch", name, *PATIENCE)
            # Where the commit has labels of all that was selected, there is nothing to do.
            commit = self.tip(name)
            for reported in outcome.reported_commits:
                self.note(kind="commit", id=reported, branch="a branch that may be deleted")
        self.refs.append((kind, name))
        self.note(kind="ref", name=name, commit=commit)

    def impatient(self):
        """Doesn't wait, or is killed in the middle; whoever comes next finds the lock free, or held by another."""
        if self.choice.random() < 0.5:
            self.import_prompts("main", "--wait", "0", codes=(0, 75))
        else:
            self.import_prompts("main", *PATIENCE, kill_after=0.06 * self.choice.random(), codes=(0, -signal.SIGKILL))

    def any_commit(self):
        """Some commit of any branch, often a new one."""
        ids, _ = states.commits(self.crowd.folder / STORE)
        place = min(int(self.choice.expovariate(0.2)), len(ids) - 2) if self.choice.random() < 0.5 else (
            self.choice.randrange(len(ids) - 1))
        return ids[len(ids) - 1 - place]

    def tip(self, name):
        return states.commits(self.crowd.folder / STORE)[1][name]

    def reader(self):
        commit = self.any_commit()
        name = self.choice.choice(list(QUESTIONS))
        outcome = self.run(*QUESTIONS[name](commit))
        if outcome.code == 0:
            self.compare(commit, name, digest(name, outcome.output))

    def compare(self, commit, name, answer):
        """The first to ask writes the answer down; others must get the same."""
        self.note(kind="read", question=name)
        path = self.crowd.answers / f"{commit}-{name}"
        aside = self.crowd.answers.parent / f"answer-{self.number}"
        aside.write_text(answer)
        try:
            os.link(aside, path)
        except FileExistsError:
            if path.read_text() != answer:
                self.note(problem=f"{name} at {commit} had two answers")
        os.unlink(aside)

    def exporter(self):
        """Exports a commit, and looks whether it is whole; or verifies the store, or reads as `reader` does."""
        what = self.choice.random()
        if what < 0.2:
            self.run("verify", STORE)
        elif what < 0.6:
            self.reader()
        else:
            folder = f"../export-{self.number}"
            commit = self.tip("main")
            outcome = self.run("export", STORE, "completions", "--output", folder, "--at", commit, "--force")
            if outcome.code == 0:
                self.run("verify-export", folder, "--store", STORE)
