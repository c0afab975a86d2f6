"""One store in the states that its views must show: what they are defined as depends on branches and their past."""

import json
import subprocess
import time

SAMPLE_MODEL = "atlas-70b"
# A text's length ends at a U+0000 in SQLite, and not in DuckDB: so pairs with one have no labels, of whose lengths the
# views tell means.
LABELLED = "prompt_id NOT IN ('code-c-string', 'advice-first-marathon')"

DEFINITIONS = """
models: {ember: {url: "http://localhost:8000/v1", parameters: {temperature: 0.7}, key: {env: EMBER_KEY}}}
judges: {helpful: {endpoint: ember, rubric: ultrafeedback}}
encoders: {minilm: {endpoint: ember, dimensions: 384}}
"""


def write_lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def completions(prefix, numbers):
    """Made-up records with one prompt and one scored answer each."""
    return [
        {"prompt_id": f"{prefix}-{number}", "prompt": f"Say {number}.", "completions": [
            {"model": SAMPLE_MODEL, "response_text": f"{number}", "overall_score": number % 10 + 0.5}]}
        for number in numbers]


def fill(aufdb, sample, folder):
    """A store in which every relation has rows."""
    aufdb.run("init")
    aufdb.run("import", sample / "completions.jsonl")
    aufdb.run("import", sample / "estimates.jsonl", "--snapshot", "base")
    aufdb.run(
        "import", sample / "embeddings.npy", "--index", sample / "embeddings.index.jsonl", "--encoder", "made")
    aufdb.run("select", "--method", "drts", "--snapshot", "base", "--seed", 7, "--limit", 20, "--where", LABELLED)
    aufdb.run("annotate", "--judge", "scores:overall")
    aufdb.run("query", "SELECT judge, avg(tie) FROM labels GROUP BY 1", "--save", "ties")
    definitions = folder / "models.yaml"
    definitions.write_text(DEFINITIONS, encoding="utf-8")
    aufdb.run("model add", definitions)
    configuration = folder / "short.yaml"
    lines = (sample / "loop.yaml").read_text(encoding="utf-8")
    lines = lines.replace("steps: 15", "steps: 2").replace("heads: 20", "heads: 3")
    configuration.write_text(f'{lines}\nwhere: "{LABELLED}"\n', encoding="utf-8")
    aufdb.run("run", "--config", configuration)
    aufdb.run("tag create", "filled")


def states(aufdb, folder):
    """Takes a filled store from state to state; yields the name of each, while the store is in it."""
    yield "one branch"

    aufdb.run("branch create", "other", "--at", "main~1")
    write_lines(folder / "other.jsonl", completions("other", range(30)))
    aufdb.run("import", folder / "other.jsonl", "--branch", "other")
    yield "a second branch, not current"

    aufdb.run("switch", "other")
    yield "switched to the other branch"

    write_lines(folder / "more.jsonl", completions("more", range(10)))
    aufdb.run("import", folder / "more.jsonl", "--branch", "main")
    aufdb.run("switch", "main")
    yield "switched back"

    aufdb.run("merge", "other")
    yield "merged"

    aufdb.run("branch create", "old", "--at", "filled~2")
    aufdb.run("switch", "old")
    yield "a branch that began at an old commit"

    # More pieces of ids than a view names by itself: they then stand in a table of their own.
    aufdb.run("switch", "main")
    for number in range(40):
        for branch in ("main", "other"):
            write_lines(folder / "turn.jsonl", completions(f"{branch}-turn", [number]))
            aufdb.run("import", folder / "turn.jsonl", "--branch", branch)
    yield "after the commits of two branches took turns"

    # Both branches replace the same scores, each by its own.
    for branch, score in (("main", 2.25), ("other", 9.75)):
        write_lines(folder / "again.jsonl", [
            {"prompt_id": f"other-{number}", "model": SAMPLE_MODEL, "score": score} for number in range(5)])
        aufdb.run(
            "import", folder / "again.jsonl", "--as", "scores", "--judge", "overall", "--replace", "--branch", branch)
    yield "after two branches replaced the same rows"

    aufdb.run("merge", "other", "--prefer", "theirs")
    aufdb.run("revert", "main")
    yield "after a merge with conflicts was reverted"


def prune(aufdb):
    """The last state: what only old commits see is gone, and so are the branches that saw it."""
    aufdb.run("branch delete", "old", "--force")
    aufdb.run("branch delete", "other", "--force")
    aufdb.run("tag delete", "filled")
    aufdb.run("prune", "--keep", 1)
    return "pruned"


class Writer:
    """An import that has written much and isn't done, while somebody reads; then it is killed."""

    def __init__(self, aufdb):
        self.process = subprocess.Popen(
            aufdb.command("import", "-", "--as", "completions"), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.log = aufdb.store.with_name(aufdb.store.name + "-wal")

    def __enter__(self):
        """Feeds rows until some of them are in the store's log, where readers must not see them."""
        number = 0
        deadline = time.monotonic() + 60
        while not (self.log.exists() and self.log.stat().st_size > 0):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError("the import didn't write into the log")
            rows = completions("unfinished", range(number, number + 1_000))
            for row in rows:
                row["completions"][0]["response_text"] *= 1_000
            self.process.stdin.write("".join(json.dumps(row) + "\n" for row in rows).encode())
            number += len(rows)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
