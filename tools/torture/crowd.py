"""A store for many, what is asked of it at fixed commits, and where its users write down what they did."""

import hashlib
import json

import data

STORE = "crowd.aufdb"
PATIENCE = ("--wait", "60")
# What is asked at fixed commits, by name; the answers must always be the same.
QUESTIONS = {
    "counts": lambda commit: (
        "query", STORE, "SELECT (SELECT count(*) FROM prompts) AS p, (SELECT count(*) FROM responses) AS r, "
        "(SELECT count(*) FROM labels) AS l", "--at", commit),
    "labels": lambda commit: ("query", STORE, "SELECT * FROM labels ORDER BY 1, 2, 4, 6", "--at", commit, "--format",
                              "jsonl"),
    "texts": lambda commit: ("query", STORE, "SELECT prompt_id, model, response FROM responses ORDER BY 1, 2", "--at",
                             commit, "--format", "jsonl"),
    "diff": lambda commit: ("diff", STORE, f"{commit}~1", commit, "--format", "jsonl"),
    "log": lambda commit: ("log", STORE, "--at", commit, "--format", "jsonl"),
    "search": lambda commit: ("search", STORE, "the", "--at", commit, "--format", "jsonl", "--limit", "100000",
                                *PATIENCE),
}


def digest(name, output):
    """Of an answer. How search orders what it finds depends on all texts of the store; what it finds doesn't."""
    if name == "search":
        hits = [json.loads(line) for line in output.splitlines()]
        output = repr(sorted((hit["kind"], hit["prompt_id"], hit["model"] or "") for hit in hits)).encode()
    return hashlib.sha256(output).hexdigest()


class Crowd:
    """A store, and the folders where its users write down what they did."""

    ROLES = ("importer", "importer", "side", "labeler", "keeper", "impatient", "reader", "exporter")

    def __init__(self, aufdb, folder, seed, seconds):
        self.aufdb, self.folder, self.seed, self.seconds = aufdb, folder, seed, seconds
        self.inputs = folder / "inputs"
        self.ledgers = folder.parent / "ledgers"
        self.answers = folder.parent / "answers"

    def prepare(self):
        for place in (self.folder, self.inputs, self.ledgers, self.answers):
            place.mkdir(parents=True)
        data.write_inputs(self.inputs, self.seed)
        for command in (["init", STORE], ["import", STORE, self.inputs / "completions.jsonl"],
                        ["import", STORE, self.inputs / "estimates.jsonl", "--snapshot", "base"],
                        ["branch", "create", STORE, "side"]):
            self.aufdb.must(self.folder, *command)
