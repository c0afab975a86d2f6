"""What is killed: for each case a folder to begin with and a command of aufdb."""

import dataclasses

from stores import SELECT, STORE

# A judge that likes the first response of each pair, and is quick.
JUDGE = r"""command:sed -u 's/^{"id":\([0-9]*\),.*/{"id":\1,"choice":"first"}/'"""


@dataclasses.dataclass(frozen=True)
class Case:
    """`begin` names the folder it begins in, and {inputs} in `command` stands for the folder of input files."""

    begin: str
    command: tuple
    # Done once, the same command is refused, or would do it once more.
    is_once: bool = False
    # It makes several commits: a kill may leave the first ones.
    has_steps: bool = False
    # The name under which it asks the server, whose answers it keeps as they arrive.
    asks: str = ""
    # How many questions a request has.
    batch: int = 1
    # Arguments of `aufdb` whose output must be the same, whenever it was killed.
    probe: tuple = ()
    # How often its turn comes, compared with others.
    weight: int = 2


def case(begin, *command, **options):
    return Case(begin, command, **options)


EVALUATION = ("--methods", "random", "--judge", "overall", "--encoder", "made", "--holdout", "0.5", "--seeds", "2",
              "--bootstrap", "100")
SEARCH = ("search", STORE, "the", "--format", "jsonl", "--limit", "1000")
CASES = {
    "init": case("none", "init", STORE, is_once=True, weight=1),
    "import first": case("empty", "import", STORE, "{inputs}/completions.jsonl", weight=4),
    "import": case("filled", "import", STORE, "{inputs}/more.jsonl", weight=4),
    "import large first": case("empty", "import", STORE, "{inputs}/large.jsonl", weight=1),
    "import large": case("filled", "import", STORE, "{inputs}/large.jsonl", weight=1),
    "import estimates": case("filled", "import", STORE, "{inputs}/estimates.jsonl", "--snapshot", "base"),
    "import embeddings": case(
        "filled", "import", STORE, "{inputs}/embeddings.npy", "--index", "{inputs}/embeddings.index.jsonl", "--encoder",
        "made", weight=4),
    "import --replace": case("branched", "import", STORE, "{inputs}/flipped.jsonl", "--as", "labels", "--replace"),
    "import --skip-bad": case(
        "filled", "import", STORE, "{inputs}/bad.jsonl", "--skip-bad", "left-out.jsonl", is_once=True),
    "select": case("embedded", "select", STORE, *SELECT, "--explain", weight=4),
    "annotate scores": case("selected", "annotate", STORE, "--judge", "scores:overall", weight=3),
    "annotate command": case("selected", "annotate", STORE, "--judge", JUDGE, weight=3),
    "annotate file, written": case("selected", "annotate", STORE, "--judge", "file:pairs.jsonl", is_once=True),
    "annotate file, read": case("selected", "annotate", STORE, "--judge", "file:{inputs}/pairs.jsonl"),
    "annotate model": case("defined", "annotate", STORE, "--judge", "helpful", asks="judge", weight=4),
    "generate": case(
        "defined", "generate", STORE, "--model", "ember", "--model", "flint", asks="generate", has_steps=True,
        weight=4),
    "embed": case("defined", "embed", STORE, "--encoder", "tiny", asks="embed", batch=8),
    "batch write": case("defined", "batch", "write", STORE, "--model", "ember", "--output", "questions.jsonl"),
    "batch read": case("defined", "batch", "read", STORE, "{inputs}/answers.jsonl", "--model", "ember"),
    "train": case("annotated", "train", STORE, "--head", "base", "--heads", "3", "--hidden", "8", "--epochs", "2"),
    "score": case("trained", "score", STORE, "--head", "base", "--snapshot", "again", is_once=True),
    "run": case(
        "embedded", "run", STORE, "--config", "{inputs}/loop.yaml", "--set", "heads=4", "--set", "steps=3",
        has_steps=True, weight=6),
    "evaluate": case("annotated", "evaluate", STORE, *EVALUATION, "--html", "page.html", is_once=True, weight=1),
    "merge": case("branched", "merge", STORE, "other", "--prefer", "ours", weight=4),
    "revert": case("annotated", "revert", STORE, "main", is_once=True, weight=4),
    "prune": case("merged", "prune", STORE, "--keep", "1", weight=4),
    "prune --no-compact": case("merged", "prune", STORE, "--keep", "1", "--no-compact"),
    "branch create": case("merged", "branch", "create", STORE, "third", "--at", "main~1", is_once=True),
    "branch delete": case("branched", "branch", "delete", STORE, "other", "--force", is_once=True),
    "switch": case("branched", "switch", STORE, "other"),
    "tag create": case("annotated", "tag", "create", STORE, "v1", is_once=True, weight=1),
    "query --save": case("annotated", "query", STORE, "--save", "all", "SELECT * FROM labels", is_once=True, weight=1),
    "query --output": case("exported", "query", STORE, "SELECT * FROM responses", "--output", "rows.csv"),
    "model add": case("selected", "model", "add", STORE, "{inputs}/models.yaml", weight=1),
    "bundle create": case("branched", "bundle", "create", STORE, "all.bundle", is_once=True, weight=3),
    "bundle create --force": case("bundled", "bundle", "create", STORE, "all.bundle", "main", "--force"),
    "bundle apply": case("behind", "bundle", "apply", "theirs.aufdb", "all.bundle", weight=4),
    "bundle apply, new": case("bundled", "bundle", "apply", "new.aufdb", "all.bundle"),
    "push": case("behind", "push", STORE, "theirs.aufdb"),
    "pull": case("diverged", "pull", "theirs.aufdb", STORE),
    "export dpo": case("annotated", "export", STORE, "dpo", "--output", "training", is_once=True, weight=4),
    "export --force": case("exported", "export", STORE, "dpo", "--output", "training", "--at", "main~1", "--margin",
                           "--force", weight=4),
    "export completions": case("annotated", "export", STORE, "completions", "--output", "everything", is_once=True),
    "upgrade of format 3": case("format-3", "upgrade", STORE, weight=3),
    "upgrade of format 5": case("format-5", "upgrade", STORE, weight=3),
    "salvage": case("merged", "salvage", STORE, "new.aufdb", is_once=True),
    "search, first": case("filled", "search", STORE, "--build", probe=SEARCH, weight=3),
    "search, added": case("searched", "search", STORE, "--build", probe=SEARCH, weight=3),
}
