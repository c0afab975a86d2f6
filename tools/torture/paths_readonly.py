"""Stores where nobody may write: on a file system that is mounted for reading only, and in another user's folder.
Every verb that reads works there and says what it says elsewhere; every verb that writes refuses; what a dead writer
left half done is never taken for the store."""

import functools
import json
import re
import shutil
import subprocess
import sys
import threading

import paths_scenes

COMPARED = ("log", "show", "history", "diff", "query", "model list", "stats", "verify", "branch list", "tag list")


def check(checks, aufdb, machine, folder, short):
    template = folder / "template"
    template.mkdir()
    paths_scenes.prepare(template, aufdb)
    for name, prefix, close in places(checks, machine):
        def run(what, body, prepare=None):
            place = folder / "place"
            paths_scenes.copy(template, place)
            for path in (place / "home", place / "tmp"):
                path.chmod(0o777)
            checks.run(f"read-only: {name}: {what}", with_closed, aufdb, place, prefix, close, body, prepare)
            place.chmod(0o755)
            shutil.rmtree(place)

        run("verbs that read", check_readers)
        run("verbs that write", check_writers)
        run("with a log that a dead writer left", check_log, leave_log)
        run("with a log, and no shared memory beside it", check_log_alone, leave_log)
        run("with the journal of a dead writer", check_journal, leave_journal)
        run("while a writer is at it elsewhere", check_written_meanwhile)
        run("while writers come and go elsewhere", functools.partial(check_coming_and_going, 60 if short else 1000))


def places(checks, machine):
    """How a folder is closed: what its commands begin with, and what is done to it before."""
    if machine.with_mounts:
        # All of it in a namespace of its own, which goes with the command.
        script = 'mount --make-rprivate / && mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && ' \
                 'mount -t tmpfs none "$0/home" && mount -t tmpfs none "$0/tmp" && cd "$0" && exec "$@"'
        yield "a mount for reading only", lambda place: [*machine.with_mounts, "sh", "-c", script, str(place)], None
    else:
        checks.leave("read-only: a mount for reading only", "a mount namespace can't be made here")
    if machine.as_anybody:
        yield "another user's folder", lambda place: machine.as_anybody, 0o755
    else:
        checks.leave("read-only: another user's folder", "takes root, and setpriv")


def with_closed(aufdb, place, prefix, close, body, prepare):
    if prepare:
        prepare(aufdb, place)
    if close:
        for path in place.iterdir():
            if path.is_file():
                path.chmod(0o644)
        place.chmod(close)
    before = listing(place)
    body(aufdb, place, prefix(place))
    if body in (check_readers, check_writers, check_log, check_journal):
        assert listing(place) == before, f"changed: {sorted(set(listing(place)) ^ set(before))}"


def listing(place):
    # Shared memory may be rebuilt from the log by anybody who has it open.
    return {path.name: b"" if path.name.endswith("-shm") else path.read_bytes()
            for path in place.iterdir() if path.is_file()}


def check_readers(aufdb, place, prefix):
    for scene in paths_scenes.READERS:
        if "--dry-run" in scene.arguments and scene.name in ("prune", "merge", "annotate", "generate", "embed"):
            continue
        there = aufdb(place, *scene.arguments, prefix=prefix, stdin=scene.stdin)
        if scene.name in COMPARED:
            assert there == aufdb(place, *scene.arguments), f"{scene.name} says something else"
    aufdb(place, "export", "store.aufdb", "dpo", "--judge", "random", "--output", "tmp/dpo", prefix=prefix)
    aufdb(place, "bundle", "create", "store.aufdb", "tmp/b", "main~2..main", prefix=prefix)


def check_writers(aufdb, place, prefix):
    for scene in paths_scenes.WRITERS:
        if not scene.is_writer and scene.name != "init":
            continue
        done = aufdb.attempt(place, *scene.arguments, prefix=prefix)
        if scene.name == "upgrade":
            assert done.returncode in (0, 73), done.stderr
            continue
        assert done.returncode == 73, f"{scene.name}: {done.returncode}: {done.stderr}"
        lines = done.stderr.splitlines()
        assert len(lines) <= 2 and lines[0].startswith("error: "), f"{scene.name}: {done.stderr}"
        assert re.search("[Rr]ead-only file system|[Pp]ermission denied|is read-only", lines[0]), done.stderr


def labels(aufdb, place, prefix=()):
    return aufdb.attempt(place, "query", "store.aufdb", "SELECT count(*) FROM labels", "--format", "csv", prefix=prefix)


def leave_log(aufdb, place):
    """A writer commits, and is killed before its commit is in the file: SQLite itself, whose last act is left out."""
    aufdb(place, "import", "store.aufdb", "new.jsonl")
    killed = """
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("PRAGMA wal_autocheckpoint = 0")
database.execute("UPDATE setting SET value = 'side' WHERE name = 'current_branch'")
database.commit()
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", killed, place / "store.aufdb"])
    assert (place / "store.aufdb-wal").stat().st_size > 0


def check_log(aufdb, place, prefix):
    done = aufdb.attempt(place, "branch", "list", "store.aufdb", prefix=prefix)
    assert done.returncode == 0, done.stderr
    require_side(done)


def require_side(done):
    """What stands in the log only."""
    assert re.search(r"\* +side", done.stdout), f"the log isn't read: {done.stdout}"


def check_log_alone(aufdb, place, prefix):
    (place / "store.aufdb-shm").unlink()
    done = aufdb.attempt(place, "branch", "list", "store.aufdb", prefix=prefix)
    if done.returncode == 0:
        require_side(done)
    else:
        assert done.returncode == 66 and "a writer died" in done.stderr, done.stderr
    assert not (place / "store.aufdb-shm").exists()


def leave_journal(aufdb, place):
    """A writer in rollback mode dies with half its change in the file."""
    killed = """
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA journal_mode = DELETE")
database.execute("PRAGMA cache_size = 1")
database.execute("BEGIN")
database.execute("UPDATE prompts_all SET prompt = 'changed'")
database.execute("CREATE TABLE large AS SELECT randomblob(1000000) AS x")
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", killed, place / "store.aufdb"])
    assert (place / "store.aufdb-journal").stat().st_size > 0


def check_journal(aufdb, place, prefix):
    for scene in paths_scenes.READERS:
        if "--dry-run" in scene.arguments or scene.arguments[1:2] != (paths_scenes.STORE,) or scene.name == "shell":
            continue
        done = aufdb.attempt(place, *scene.arguments, prefix=prefix)
        found = f"{scene.name}: {done.returncode}: {done.stderr}"
        assert done.returncode == 66 and "a writer died" in done.stderr, found
        assert done.stdout == "", f"{scene.name} read it"
    # Whoever may write finds the store as it was.
    shutil.copytree(place, place / "tmp" / "copy", ignore=lambda folder, names: {"tmp"} & set(names))
    assert "changed" not in aufdb(place / "tmp" / "copy", "query", "store.aufdb", "SELECT prompt FROM prompts")
    shutil.rmtree(place / "tmp" / "copy")


def check_written_meanwhile(aufdb, place, prefix):
    """A slow reader without locks, and a writer who moves his commits into the file: a true answer, or an error."""
    expected = int(labels(aufdb, place).stdout.split()[1])
    slow = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 3000000) SELECT max(x) FROM n"
    query = f"SELECT count(*) FROM labels, ({slow})"
    reader = subprocess.Popen(
        [*prefix, *aufdb.command("query", "store.aufdb", query, "--format", "csv")], cwd=place,
        env=aufdb.environment(place), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for number in range(3):
        import_label(aufdb, place, number)
    output, complaint = reader.communicate(timeout=60)
    # Of before, or of after one of the commits where it began late.
    require_truth_or_refusal(reader.returncode, output, complaint, expected, expected + 3)


def import_label(aufdb, place, number):
    label = {"prompt_id": "p1", "chosen_model": "a", "rejected_model": "b", "judge": f"judge{number}"}
    (place / "label.jsonl").write_text(json.dumps(label) + "\n")
    aufdb(place, "import", "store.aufdb", "label.jsonl", "--as", "labels")


def require_truth_or_refusal(code, output, complaint, least, most):
    if code == 0:
        assert least <= int(output.split()[1]) <= most, output
    else:
        assert code == 75 and re.search("was written while it was read|is being written|is busy", complaint), complaint


def check_coming_and_going(count, aufdb, place, prefix):
    """Short readers, and writers of whom each makes a log and takes it away again: nobody takes that for a writer's
    death or for damage."""
    least = int(labels(aufdb, place).stdout.split()[1])
    done = threading.Event()
    written = []

    def write():
        while not done.is_set():
            import_label(aufdb, place, len(written))
            written.append(True)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(count):
            read = labels(aufdb, place, prefix)
            require_truth_or_refusal(read.returncode, read.stdout, read.stderr, least, least + len(written) + 1)
    finally:
        done.set()
        writer.join()
    assert written, "nothing was written meanwhile"
