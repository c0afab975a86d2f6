"""Every verb once or more, on a store with something of everything, and the files that it may touch.

{store} is the store that is begun with: Tests/Fixtures has it. Beside it there may be its lock, log and index of the
log, which SQLite makes; all else that a verb touches is named here.
"""

import dataclasses
import gzip
import json
import pathlib
import shutil

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = REPOSITORY / "Tests" / "Fixtures"
STORE = "store.aufdb"
# What SQLite and the lock make beside a store: names that its documentation gives.
BESIDE = ("-lock", "-wal", "-shm", "-journal")
# A judge that likes the first response of each pair.
ANSWERING = r"""sed -u 's/^{"id":\([0-9]*\),.*/{"id":\1,"choice":"first"}/'"""
JUDGE = "command:" + ANSWERING
EVALUATION = ("--methods", "random", "--judge", "overall", "--encoder", "made", "--holdout", "0.5", "--seeds", "2",
              "--bootstrap", "100", "--at", "side")


@dataclasses.dataclass(frozen=True)
class Scene:
    """One command line, and what it may write besides the store's own files."""

    name: str
    arguments: tuple
    # Files and folders that it was told to make; what lies in them is theirs.
    outputs: tuple = ()
    # Whether the store may be written: else only what SQLite makes beside it for a reader.
    is_writer: bool = False
    # Other stores that it was told of.
    stores: tuple = ()
    stdin: str = ""
    # Whether files in $TMPDIR are documented.
    uses_temporary: bool = False
    exit_code: int = 0


def reading(verb, *arguments, **options):
    return Scene(verb, (*verb.split(), STORE, *arguments), **options)


def writing(verb, *arguments, **options):
    return reading(verb, *arguments, is_writer=True, **options)


def scene(name, *arguments, **options):
    return Scene(name, arguments, **options)


READERS = [
    reading("log", "--all", "--graph"), reading("show"), reading("history", "labels", "p1"),
    reading("diff", "main~1"), reading("query", "SELECT * FROM pairs", "--at", "main~1"),
    reading("search", "blue", outputs=("store.aufdb-search",)),
    reading("shell", stdin=".tables\nSELECT 1;\n", outputs=("home/.local/state/aufdb/history",)),
    reading("model list"), reading("model show", "ember"), reading("model answers"),
    reading("stats"), reading("stats", "--calibration"), reading("verify"), reading("verify", "--quick"),
    reading("branch list"), reading("tag list"), reading("evaluate", *EVALUATION),
    reading("bundle create", "-", "main~2..main"),
    reading("annotate", "--judge", "chooser", "--dry-run"), reading("generate", "--model", "ember", "--dry-run"),
    reading("embed", "--encoder", "mini", "--dry-run"), reading("prune", "--keep", "1", "--dry-run"),
    reading("merge", "side", "--prefer", "ours", "--dry-run"),
]
OUTPUTS = [
    reading("query", "SELECT * FROM labels", "--output", "rows.csv.zst", outputs=("rows.csv.zst",)),
    reading("search", "blue", "--output", "hits.jsonl", outputs=("store.aufdb-search", "hits.jsonl")),
    reading("export", "dpo", "--judge", "random", "--output", "dpo", outputs=("dpo",)),
    reading("export", "completions", "--judge", "overall", "--output", "everything", outputs=("everything",)),
    reading("bundle create", "all.bundle", "main~2..main", outputs=("all.bundle",)),
    writing("batch write", "--judge", "rater", "--all-responses", "--output", "questions.jsonl",
            outputs=("questions.jsonl",)),
    reading("evaluate", *EVALUATION, "--html", "page.html", outputs=("page.html",)),
    writing("annotate", "--judge", "file:sheet.jsonl", outputs=("sheet.jsonl",)),
    writing("import", "bad.jsonl", "--as", "completions", "--skip-bad", "left-out.jsonl", outputs=("left-out.jsonl",)),
]
WRITERS = [
    writing("import", "new.jsonl"), writing("select", "--method", "random", "--all"),
    writing("annotate", "--judge", "random"), writing("annotate", "--judge", JUDGE),
    writing("train", "--head", "again", "--judge", "overall", "--heads", "2", "--hidden", "2",
            "--encoder", "made"),
    writing("score", "--head", "small", "--snapshot", "later", "--allow-partial"),
    writing("run", "--name", "other", "--judge", "scores:overall", "--encoder", "made", "--set",
            "heads=2", "--set", "hidden=2", "--set", "steps=2", "--set", "allow-partial=true"),
    writing("model add", "models.yaml"), writing("query", "--save", "one", "SELECT 1"),
    writing("branch create", "third"), writing("branch rename", "side", "aside"), writing("tag create", "v2"),
    writing("switch", "side"), writing("merge", "side", "--prefer", "ours"), writing("revert", "main"),
    writing("prune", "--keep", "1"), writing("prune", "--keep", "1", "--no-compact"), writing("upgrade"),
    scene("init", "init", "fresh.aufdb", stores=("fresh.aufdb",)),
    scene("bundle apply", "bundle", "apply", "applied.aufdb", "given.bundle", stores=("applied.aufdb",)),
    scene("bundle apply, into a store", "bundle", "apply", STORE, "given.bundle", is_writer=True),
    scene("bundle show", "bundle", "show", "given.bundle"),
    scene("push", "push", STORE, "other.aufdb", stores=("other.aufdb",)),
    scene("pull", "pull", "other.aufdb", STORE, stores=("other.aufdb",)),
    scene("upgrade of format 1", "upgrade", "old.aufdb", stores=("old.aufdb",)),
    scene("salvage", "salvage", STORE, "saved.aufdb", stores=("saved.aufdb",)),
]
STORELESS = [
    scene("verify-export", "verify-export", "given"),
    scene("verify-export --store", "verify-export", "given", "--store", STORE, uses_temporary=True),
    scene("select -", "select", "-", "--method", "random",
          stdin='{"prompt_id":"p1","rewards":[0.1,0.9],"lower":[0,0.7],"upper":[0.2,1.1]}\n'),
    scene("methods", "methods"), scene("schema", "schema"), scene("completions", "completions", "bash"),
    scene("manual", "manual"), scene("help", "help"), scene("--version", "--version"),
]
SCENES = READERS + OUTPUTS + WRITERS + STORELESS


def unpack(format_, place):
    place.write_bytes(gzip.decompress((FIXTURES / f"store-{format_}.aufdb.gz").read_bytes()))


def copy(template, place):
    """Makes a fresh copy of a prepared folder, whatever a failed check left in its place."""
    if place.exists():
        place.chmod(0o755)
        shutil.rmtree(place)
    shutil.copytree(template, place, symlinks=True)


def newest_format():
    return max(int(path.name.split("-")[1].split(".")[0]) for path in FIXTURES.glob("store-*.gz"))


def prepare(folder, aufdb):
    """Fills a folder with the store and all that the scenes read; `home` and `tmp` stand for the user's."""
    for name in ("home", "tmp"):
        (folder / name).mkdir()
    unpack(newest_format(), folder / STORE)
    aufdb(folder, "switch", STORE, "main")
    unpack(1, folder / "old.aufdb")
    bundle = max(FIXTURES.glob("bundle-*.bundle"))
    (folder / "given.bundle").write_bytes(bundle.read_bytes())
    completion = {"prompt_id": "n1", "prompt": "new?", "completions": [{"model": "a", "response_text": "yes"}]}
    (folder / "new.jsonl").write_text(json.dumps(completion) + "\n")
    (folder / "bad.jsonl").write_text(json.dumps(completion) + '\n{"prompt_id":\n')
    (folder / "models.yaml").write_text("models:\n  third: {url: 'http://127.0.0.1:9/v1', key: {env: A_KEY}}\n")
    aufdb(folder, "bundle", "apply", "other.aufdb", "given.bundle")
    aufdb(folder, "export", STORE, "dpo", "--judge", "random", "--output", "given")
