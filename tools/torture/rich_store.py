"""Makes a store with rows of every relation, live and past, branches, a tag, and kept answers, out of tools/sample."""

import json
import os
import pathlib
import subprocess

SAMPLE = pathlib.Path(__file__).resolve().parent.parent / "sample"

MODELS = """\
models:
  ember: {url: http://localhost:1/v1, model: ember-3b-instruct, parameters: {max_tokens: 1024}}
judges:
  helpful: {endpoint: ember, mode: pointwise, rubric: ultrafeedback}
encoders:
  minilm: {endpoint: ember, dimensions: 384}
"""


def environment():
    """Commits get the same ids whenever and by whomever they are made."""
    return os.environ | {"SOURCE_DATE_EPOCH": "1767225600", "AUFDB_AUTHOR": "ada"}


def make(aufdb, folder, copies=1):
    """Makes `folder`/store.aufdb and returns its path.

    copies: how many times the sample's completions are taken in, each time under other prompt ids.
    """
    store = folder / "store.aufdb"

    def run(*arguments):
        subprocess.run([aufdb, *map(str, arguments)], check=True, capture_output=True, env=environment())

    run("init", store)
    for copy in range(copies):
        run("import", store, completions(folder, copy))
    run("import", store, SAMPLE / "embeddings.npy", "--index", SAMPLE / "embeddings.index.jsonl", "--encoder", "made")
    run("tag", "create", store, "base")
    run("import", store, SAMPLE / "estimates.jsonl", "--snapshot", "base")
    run("branch", "create", store, "ucb")
    run("select", store, "--method", "drts", "--snapshot", "base", "--seed", 7, "--allow-partial")
    run("annotate", store, "--judge", "scores:overall")
    run("select", store, "--method", "deltaucb", "--snapshot", "base", "--branch", "ucb", "--allow-partial")
    run("annotate", store, "--judge", "random", "--branch", "ucb")
    run("run", store, "--config", SAMPLE / "loop.yaml", "--set", "outer-batch=32")
    run("query", store, "--save", "ranks", "SELECT model, wins FROM leaderboard")
    (folder / "models.yaml").write_text(MODELS)
    run("model", "add", store, folder / "models.yaml")
    run("merge", store, "ucb", "--prefer", "ours")
    # Rows that other branches retire and main keeps, then rows that main retires, and a branch from where these are seen.
    run("branch", "create", store, "bare", "--at", "base")
    run("revert", store, "base", "--branch", "bare")
    run("branch", "create", store, "old", "--at", "main~3")
    run("annotate", store, "--judge", "random", "--branch", "old")
    run("import", store, responses(folder, "first"), "--as", "responses")
    run("import", store, responses(folder, "second"), "--as", "responses", "--replace")
    run("branch", "create", store, "older", "--at", "main~1")
    keep_answers(run, store, folder)
    return store


def completions(folder, copy):
    """The sample's completions; for every copy but the first under other prompt ids."""
    if copy == 0:
        return SAMPLE / "completions.jsonl"
    path = folder / f"completions-{copy}.jsonl"
    with path.open("w") as output:
        for line in (SAMPLE / "completions.jsonl").read_text().strip().split("\n"):
            record = json.loads(line)
            record["prompt_id"] = f"{record['prompt_id']}-{copy}"
            output.write(json.dumps(record) + "\n")
    return path


def responses(folder, word):
    """A response to every other prompt of the sample, as `word` changes it."""
    path = folder / f"{word}.jsonl"
    with path.open("w") as output:
        for line in (SAMPLE / "completions.jsonl").read_text().strip().split("\n")[::2]:
            record = {key: value for key, value in json.loads(line).items() if key in ("prompt_id", "prompt")}
            record |= {"model": "gale-1b", "response": f"The {word} answer."}
            output.write(json.dumps(record) + "\n")
    return path


def keep_answers(run, store, folder):
    """Lets the store keep answers to half of what a judge would be asked: short ones, long ones, and a failure."""
    (questions, answers) = (folder / "questions.jsonl", folder / "answers.jsonl")
    run("batch", "write", store, "--judge", "helpful", "--output", questions)
    with answers.open("w") as output:
        for number, line in enumerate(questions.read_text().strip().split("\n")[::2]):
            text = str(number % 5 + 1) if number % 7 else "I would rather write at length. " * 90
            body = {"choices": [{"message": {"content": text}, "finish_reason": "stop"}]}
            response = {"status_code": 200, "body": body}
            output.write(json.dumps({"custom_id": json.loads(line)["custom_id"], "response": response}) + "\n")
    run("batch", "read", store, "--judge", "helpful", answers)
