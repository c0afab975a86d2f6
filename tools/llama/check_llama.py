"""Compares what aufdb makes of a llama.cpp server's answers with what OpenAI's own client makes of the same requests.

For each verb: the requests as `aufdb batch write` writes them are sent by the client; the verb sends its own; then the
rows of the store must be those that follow from the client's answers, computed here, and those that `aufdb batch read`
makes of them in a copy of the store.
"""

import argparse
import array
import json
import math
import pathlib
import shutil
import subprocess

import openai
from server import llama_server

PROMPTS = [
    {"prompt_id": "sky", "prompt": "Why is the sky blue?"},
    {"prompt_id": "sum", "prompt": "What is 12 + 30?"},
    {"prompt_id": "tale", "prompt": "Tell me a tale of two foxes, \u201cin one line\u201d \U0001f98a."},
    {
        "prompt_id": "turns",
        "prompt": [
            {"role": "system", "content": "Be brief."}, {"role": "user", "content": "Name a colour."},
            {"role": "assistant", "content": "Red."}, {"role": "user", "content": "Another one?"},
        ],
    },
]
# One slot, nothing reused: the same request gets the same answer, to the last bit.
DEFINITIONS = """
models:
  random: {{url: "{url}", parameters: {{seed: 7, temperature: 0.8, max_tokens: 24, cache_prompt: false}}}}
judges:
  points: {{endpoint: random, mode: pointwise, rubric: ultrafeedback}}
  pairs: {{endpoint: random, mode: pairwise, rubric: preference}}
encoders:
  vectors: {{endpoint: random, dimensions: 64, element: f32}}
"""


class Check:
    """A store, beside a server; counts what was compared."""

    def __init__(self, aufdb, folder, url):
        self.aufdb_path, self.folder = aufdb, folder
        self.store = folder / "llama.aufdb"
        self.client = openai.OpenAI(base_url=url, api_key="none", max_retries=0)
        self.count = 0

    def aufdb(self, *arguments):
        done = subprocess.run([self.aufdb_path, *map(str, arguments)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"aufdb {' '.join(map(str, arguments))} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def rows(self, sql, store=None):
        return [json.loads(line) for line in self.aufdb("query", store or self.store, sql, "--format", "jsonl").splitlines()]

    def equal(self, what, mine, theirs, tolerance=0.0):
        """Ends the program where two values differ."""
        self.count += 1
        same = math.isclose(mine, theirs, rel_tol=tolerance) if tolerance else mine == theirs
        if not same:
            raise SystemExit(f"{what}: aufdb has {mine!r}, and the client {theirs!r}")

    def ask(self, line):
        """The client's answer to a line of a batch file."""
        body = line["body"]
        known = {"model", "messages", "input", "encoding_format", "max_tokens", "temperature", "seed", "logprobs", "top_logprobs"}
        extra = {name: value for name, value in body.items() if name not in known}
        call = self.client.embeddings if line["url"] == "/v1/embeddings" else self.client.chat.completions
        arguments = {name: value for name, value in body.items() if name in known}
        return call.create(**arguments, extra_body=extra).to_dict(warnings=False)

    def verb(self, name, selector, command, relations):
        """Runs one verb, and the client beside it.

        Returns the requests and the client's answers to them, in order.
        """
        lines = [json.loads(line) for line in self.aufdb("batch", "write", self.store, *selector).splitlines()]
        answers = [self.ask(line) for line in lines]
        copy = self.folder / f"{name}.aufdb"
        shutil.copy(self.store, copy)
        results = self.folder / f"{name}.jsonl"
        with results.open("w", encoding="utf-8") as file:
            for line, answer in zip(lines, answers, strict=True):
                response = {"status_code": 200, "request_id": "", "body": answer}
                file.write(json.dumps({"id": "", "custom_id": line["custom_id"], "response": response, "error": None}) + "\n")
        self.aufdb(*command)
        self.equal(f"{name}: questions that are left", self.aufdb("batch", "write", self.store, *selector), "")
        self.aufdb("batch", "read", copy, *selector, results)
        for relation in relations:
            query = f"SELECT * FROM {relation}"
            self.equal(f"{name}: {relation}", self.rows(query), self.rows(query, copy))
        print(f"{name}: {len(lines)} requests")
        return list(zip(lines, answers, strict=True))


def expected(answer, tokens):
    """The probability of each of `tokens` as the first one: an independent reading of its alternatives."""
    shares = dict.fromkeys(tokens, 0.0)
    for alternative in answer["choices"][0]["logprobs"]["content"][0]["top_logprobs"]:
        text = bytes(alternative["bytes"]).decode(errors="replace").strip()
        if text in shares:
            shares[text] += math.exp(alternative["logprob"])
    return shares


def check_generation(check):
    selector = ["--model", "random", "--samples", "3", "--principles", "ultrafeedback"]
    asked = check.verb("generate", selector, ["generate", check.store, *selector], ["responses"])
    rows = check.rows("SELECT response, metadata FROM responses ORDER BY prompt_id, sample")
    check.equal("responses", len(rows), 3 * len(PROMPTS))
    for row, (_, answer) in zip(rows, asked, strict=True):
        metadata = json.loads(row["metadata"]) if isinstance(row["metadata"], str) else row["metadata"]
        check.equal("a response", row["response"], answer["choices"][0]["message"]["content"])
        check.equal("its end", metadata["finish_reason"], answer["choices"][0]["finish_reason"])
        check.equal("its tokens", metadata["completion_tokens"], answer["usage"]["completion_tokens"])
        check.equal("its prompt's tokens", metadata["prompt_tokens"], answer["usage"]["prompt_tokens"])


def check_ratings(check):
    selector = ["--judge", "points", "--all-responses"]
    asked = check.verb("rate", selector, ["annotate", check.store, *selector], ["scores"])
    rows = check.rows("SELECT score, aspects FROM scores ORDER BY prompt_id, model, sample")
    rated = 0
    for place, row in enumerate(rows):
        aspects = json.loads(row["aspects"]) if isinstance(row["aspects"], str) else row["aspects"]
        ratings = []
        for _, answer in asked[4 * place : 4 * place + 4]:
            shares = expected(answer, "12345")
            mass = sum(shares.values())
            if mass >= 0.1:
                ratings.append(sum(int(digit) * share for digit, share in shares.items()) / mass)
        if len(ratings) == 4:
            rated += 1
            check.equal("a score", row["score"], sum(ratings) / 4, tolerance=1e-12)
            mine = sorted(aspect["rating"] for aspect in aspects.values())
            for one, other in zip(mine, sorted(ratings), strict=True):
                check.equal("an aspect's rating", one, other, tolerance=1e-12)
        else:
            check.equal("a score without a rating", row["score"], None)
    check.equal("whether there are ratings", rated > 0, True)


def check_labels(check):
    check.aufdb("select", check.store, "--method", "random", "--seed", "3")
    asked = check.verb("compare", ["--judge", "pairs"], ["annotate", check.store, "--judge", "pairs"], ["labels"])
    rows = check.rows("SELECT * FROM labels ORDER BY prompt_id")
    for place, row in enumerate(rows):
        first = []
        for _, answer in asked[2 * place : 2 * place + 2]:
            shares = expected(answer, "AB")
            first.append(shares["A"] / (shares["A"] + shares["B"]))
        orders = json.loads(row["details"])["orders"] if isinstance(row["details"], str) else row["details"]["orders"]
        for order, value in zip(orders, first, strict=True):
            check.equal("an order's probability", order["first"], value, tolerance=1e-12)
        is_tie = (first[0] > 0.5) == (first[1] > 0.5)
        check.equal("a tie", bool(row["tie"]), is_tie)


def check_embeddings(check):
    asked = check.verb(
        "embed", ["--encoder", "vectors"], ["embed", check.store, "--encoder", "vectors"], ["embeddings"])
    rows = check.rows("SELECT hex(vector) AS vector FROM embeddings ORDER BY prompt_id, model, sample")
    for row, (line, _) in zip(rows, asked, strict=True):
        # Asked anew as a list of numbers: the other of the two forms in which vectors come.
        text = line["body"]["input"]
        listed = check.client.embeddings.create(model=line["body"]["model"], input=text, encoding_format="float")
        vector = array.array("f", bytes.fromhex(row["vector"]))
        check.equal("dimensions", len(vector), 64)
        check.equal("a vector", vector, array.array("f", listed.data[0].embedding))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--aufdb", required=True)
    parser.add_argument("--folder", required=True, type=pathlib.Path, help="an empty folder to work in")
    arguments = parser.parse_args()
    with llama_server(arguments.folder) as url:
        check = Check(arguments.aufdb, arguments.folder, url)
        (arguments.folder / "models.yaml").write_text(DEFINITIONS.format(url=url))
        with (arguments.folder / "prompts.jsonl").open("w", encoding="utf-8") as file:
            for prompt in PROMPTS:
                file.write(json.dumps({**prompt, "completions": []}) + "\n")
        check.aufdb("init", check.store)
        check.aufdb("import", check.store, arguments.folder / "prompts.jsonl", "--as", "completions")
        check.aufdb("model", "add", check.store, arguments.folder / "models.yaml")
        check_generation(check)
        check_ratings(check)
        check_labels(check)
        check_embeddings(check)
        check.aufdb("verify", check.store)
        print(f"{check.count} checks passed")


if __name__ == "__main__":
    main()
