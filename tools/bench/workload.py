"""The data that the benchmarks work on: files made by generate.c, and stores made from them by aufdb itself."""

import contextlib
import functools
import hashlib
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

from measurement import CommandFailed, output

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20240607
# The tables that the queries read, as anybody would make them who needs no versions.
PLAIN_INDEXES = {
    "prompts": "prompt_id", "responses": "prompt_id, model, sample", "scores": "prompt_id, model, sample, judge",
    "selections": "prompt_id", "labels": "prompt_id"}


class Workload:
    """Makes each thing when it is first asked for.

    Generated files stay in `data` and are used again; stores and everything else live in `scratch`.
    """

    def __init__(self, aufdb, data, scratch, prompt_count, baseline_rows=()):
        self.aufdb = aufdb
        self.data = data
        self.scratch = scratch
        self.prompt_count = prompt_count
        # Those of an earlier run, to compare with.
        self.baseline_rows = baseline_rows
        self._labelled = None
        self._estimated = {}
        self._plain = None
        self.cleanups = contextlib.ExitStack()

    def tool(self, name):
        """The path of a C program of this folder, compiled when needed."""
        program = self.scratch / name
        if not program.exists():
            command = [os.environ.get("CC", "cc"), "-O2", "-Wall", "-o", program, HERE / f"{name}.c", "-lsqlite3"]
            subprocess.run(command, check=True)
        return program

    def swift_tool(self, name):
        """The path of the Swift program of a folder, built where the generated files are kept, so that nothing is left
        in the sources."""
        say(f"building measure-{name}")
        command = [
            "swift", "build", "--quiet", "--configuration", "release", "--static-swift-stdlib", "--package-path",
            HERE / name, "--scratch-path", self.data / f"measure-{name}-build"]
        output(command)
        return f"{output([*command, '--show-bin-path']).strip()}/measure-{name}"

    def generated(self, kind, prompt_count, endings, seed=SEED):
        """The two files that `generate KIND` makes for so many prompts."""
        version = hashlib.sha256((HERE / "generate.c").read_bytes()).hexdigest()[:8]
        files = [self.data / f"{kind}-{seed}-{prompt_count}-{version}{ending}" for ending in endings]
        if not all(file.exists() for file in files):
            say(f"making {kind} of {prompt_count:,} prompts")
            unfinished = [file.with_name(file.name + ".part") for file in files]
            subprocess.run([self.tool("generate"), kind, str(seed), str(prompt_count), *unfinished], check=True)
            for source, target in zip(unfinished, files):
                source.rename(target)
        return files

    def answers(self, prompt_count=None):
        """Prompts with 4 long answers and scores: (JSON Lines, ready rows)."""
        return self.generated("answers", prompt_count or self.prompt_count, [".jsonl", ".rows"])

    def do(self, verb, store, *arguments):
        """Runs a verb of aufdb that has to succeed, without its remarks."""
        output([self.aufdb, verb, store, *arguments])

    def new_store(self, name):
        """A store as `aufdb init` leaves it; one of that name is thrown away first."""
        store = self.scratch / name
        remove_store(store)
        self.do("init", store)
        return store

    @property
    def labelled_store(self):
        """A store with the answers, one pair a prompt and its label."""
        if self._labelled is None:
            say("making the store with answers and labels")
            store = self.new_store("labelled.aufdb")
            self.do("import", store, self.answers()[0])
            self.do("select", store, "--method", "maxmin")
            self.do("annotate", store, "--judge", "scores:overall")
            self._labelled = store
        return self._labelled

    def estimated_store(self, response_count, prompt_count=None):
        """A store with 17 or 30 short answers a prompt and an estimate of each."""
        prompt_count = prompt_count or self.prompt_count
        name = f"estimated-{response_count}-{prompt_count}.aufdb"
        if name not in self._estimated:
            say(f"making the store with {response_count} estimates a prompt")
            kind = {17: "estimates", 30: "estimates-30"}[response_count]
            completions, estimates = self.generated(kind, prompt_count, ["-answers.jsonl", ".jsonl"])
            store = self.new_store(name)
            self.do("import", store, completions)
            self.do("import", store, estimates, "--snapshot", "base")
            self._estimated[name] = store
        return self._estimated[name]

    @property
    def plain_database(self):
        """The labelled store's rows in plain tables: no versions, each table in one piece."""
        if self._plain is None:
            self._plain = self.plain_copy(self.labelled_store, "plain.db", PLAIN_INDEXES)
        return self._plain

    def plain_copy(self, store, name, indexes):
        """The head of a store in plain tables, those that `indexes` names."""
        say("making plain tables of the same rows")
        path = self.scratch / name
        remove_store(path)
        copy_to_plain(store, path, indexes)
        return path


def once(make):
    """Makes a thing of a workload when it is first asked for; what fails isn't tried again, but fails again."""
    kept = {}

    @functools.wraps(make)
    def made(work):
        if work not in kept:
            try:
                kept[work] = make(work), None
            except CommandFailed as failure:
                kept[work] = None, failure
        thing, failure = kept[work]
        if failure:
            raise failure
        return thing

    return made


def say(text):
    """Tells the person who waits, apart from the results."""
    print(f"  ... {text}", file=sys.stderr, flush=True)


def copy_to_plain(store, path, indexes):
    """Puts the head of a store into plain tables, each with its one index: what `indexes` names."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute("PRAGMA page_size = 16384")
        plain.execute("ATTACH ? AS store", [str(store)])
        for table, key in indexes.items():
            columns = [f"{name} {kind}" for name, kind in plain.execute(
                "SELECT name, type FROM pragma_table_info(?, 'store')", [table])]
            plain.execute(f"CREATE TABLE main.{table} (id INTEGER PRIMARY KEY, {', '.join(columns)})")
            plain.execute(f"INSERT INTO main.{table} SELECT NULL, * FROM store.{table}")
            plain.execute(f"CREATE INDEX main.{table}_key ON {table} ({key})")


def remove_store(store):
    for file in store.parent.glob(store.name + "*"):
        file.unlink()


def copy_store(store, name):
    """A copy whose pages have reached the disk, so that nobody pays for them while being measured."""
    copy = store.with_name(name)
    remove_store(copy)
    for ending in ("", "-wal"):
        source, target = (path.with_name(path.name + ending) for path in (store, copy))
        if source.exists():
            shutil.copyfile(source, target)
            descriptor = os.open(target, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)
    return copy
