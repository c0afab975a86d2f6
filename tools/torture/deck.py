"""What kills are held against: prepared folders made by one seed, and what undisturbed runs make of them."""

import json
import shutil

import data
import disk_inputs
import states
import stores
from command import TIMEOUT_SECONDS, CommandFailed

# Answers that are kept as they arrive are no part of a state that a commit ends.
KEPT = ("answer",)


class Expected:
    """What a case begins with, what an undisturbed run of it makes, and what that took."""

    def __init__(self, deck, case):
        self.folder = deck.folder_of(case)
        self.before = states.snapshot(self.folder, KEPT)
        self.commits_before = {name: states.commits(self.folder / name) for name in states.stores(self.folder)}
        copy = deck.copy(self.folder, "undisturbed")
        deck.run(case, copy, prefix=[deck.kill_at, deck.report, "time", TIMEOUT_SECONDS * 10**9])
        self.cpu_nanoseconds = deck.read_report()["cpu_nanoseconds"]
        copy = deck.copy(self.folder, "undisturbed")
        outcome = deck.run(case, copy, prefix=[deck.kill_at, deck.report, "count"])
        report = deck.read_report()
        if report["exit"] != 0:
            raise CommandFailed(f"{case.command}: {outcome.complaint.decode(errors='replace')}")
        self.changes, self.calls = report["changes"], report["calls"]
        self.names = states.names(copy)
        for name in states.stores(copy):
            deck.aufdb.must(copy, "verify", name)
        self.after = states.snapshot(copy, KEPT)
        self.whole = states.snapshot(copy)
        self.commits = {name: states.commits(copy / name) for name in states.stores(copy)}
        self.answers = deck.answer_count(copy) if case.asks else 0
        self.found = deck.aufdb.must(copy, *case.probe) if case.probe else None


class Deck:
    """The stores that were made by one seed, and the kills in copies of them."""

    def __init__(self, aufdb, kill_at, server, folder, seed):
        self.aufdb, self.kill_at, self.server, self.seed = aufdb, kill_at, server, seed
        self.folder = folder
        self.report = folder / "report.json"
        self.inputs = folder / "inputs"
        self.inputs.mkdir(parents=True)
        data.write_inputs(self.inputs, seed)
        data.write_definitions(self.inputs / "models.yaml", server)
        self.places = stores.make_stores(aufdb, folder, self.inputs)
        self.write_answers()
        self.expected = {}

    def write_answers(self):
        """The pending pairs and a batch of questions, answered, and records of which the last is bad."""
        copy = self.copy(self.places["selected"], "asked")
        self.aufdb.must(copy, "annotate", stores.STORE, "--judge", "file:pairs.jsonl")
        rows = data.read_lines(copy / "pairs.jsonl")
        for number, row in enumerate(rows):
            row["choice"] = ("first", "second", "tie", None)[number % 4]
        data.write_lines(self.inputs / "pairs.jsonl", rows)
        questions = self.aufdb.must(self.places["defined"], "batch", "write", stores.STORE, "--model", "ember")
        (self.inputs / "answers.jsonl").write_text(disk_inputs.results(questions.decode()))
        data.write_lines(self.inputs / "bad.jsonl", [*data.read_lines(self.inputs / "more.jsonl"), {"prompt_id": 7}])

    def remove(self):
        shutil.rmtree(self.folder)

    def folder_of(self, case):
        return self.places[case.begin]

    def copy(self, source, name):
        target = self.folder / name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
        return target

    def run(self, case, folder, prefix=()):
        command = [word.replace("{inputs}", str(self.inputs)) for word in case.command]
        return self.aufdb.run(folder, *command, prefix=prefix)

    def read_report(self):
        return json.loads(self.report.read_text())

    def answer_count(self, folder):
        with_store = states.connect(folder / stores.STORE)
        try:
            return with_store.execute("SELECT count(*) FROM answer").fetchone()[0]
        finally:
            with_store.close()

    def expect(self, case):
        if case not in self.expected:
            self.expected[case] = Expected(self, case)
        return self.expected[case]
