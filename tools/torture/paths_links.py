"""Names of stores: symbolic links to one store have one lock and one log; a store with hard links isn't written, and
only read where that is safe. And the lock: whoever waits is told for whom, and a killed holder frees it."""

import os
import shutil
import signal
import subprocess
import time

import paths_scenes

# A judge that holds the store's lock until a file is there.
HOLDING = "command:touch holding; while [ ! -e go ]; do sleep 0.02; done; " + paths_scenes.ANSWERING


def check(checks, aufdb, machine, folder, short):
    template = folder / "template"
    template.mkdir()
    paths_scenes.prepare(template, aufdb)
    (template / "elsewhere").mkdir()
    (template / "elsewhere" / "link.aufdb").symlink_to("../store.aufdb")

    def run(name, body, *arguments):
        place = folder / "place"
        paths_scenes.copy(template, place)
        checks.run(f"links: {name}", body, aufdb, place, *arguments)
        shutil.rmtree(place)

    run("writers by two symbolic names wait for each other, and are told for whom", check_symbolic)
    run("a reader by another symbolic name sees what is in the log", check_log)
    for verb in ("import", "annotate", "prune", "upgrade", "switch"):
        run(f"a store with hard links isn't written: {verb}", check_hard_writing, verb)
    run("a store with hard links is read where nobody is at it", check_hard_reading)
    run("a killed holder frees the lock", check_killed)


def hold(aufdb, place, store="store.aufdb"):
    """A writer that holds the lock; returns its process."""
    process = subprocess.Popen(aufdb.command("annotate", store, "--judge", HOLDING), cwd=place,
                               env=aufdb.environment(place), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               start_new_session=True)
    deadline = time.monotonic() + 30
    while not (place / "holding").exists():
        assert process.poll() is None and time.monotonic() < deadline, "the writer doesn't begin"
        time.sleep(0.02)
    return process


def let_go(place, process):
    (place / "go").touch()
    output, complaint = process.communicate(timeout=60)
    assert process.returncode == 0, complaint


def require_named(done, process):
    assert done.returncode == 75, f"{done.returncode}: {done.stderr}"
    assert f"is being written by process {process.pid} (aufdb annotate" in done.stderr, done.stderr


def check_symbolic(aufdb, place):
    process = hold(aufdb, place)
    commands = [["import", "elsewhere/link.aufdb", "new.jsonl"], ["switch", "store.aufdb", "side"],
                ["prune", "elsewhere/link.aufdb", "--keep", "1"], ["upgrade", "elsewhere/link.aufdb"],
                ["push", "other.aufdb", "elsewhere/link.aufdb"]]
    try:
        for command in commands:
            command += ["--wait", "0.2"]
            require_named(aufdb.attempt(place, *command), process)
        aufdb(place, "stats", "elsewhere/link.aufdb")
    finally:
        let_go(place, process)
    aufdb(place, "import", "elsewhere/link.aufdb", "new.jsonl", "--wait", "10")
    assert [path.name for path in (place / "elsewhere").iterdir()] == ["link.aufdb"]
    assert (place / "elsewhere" / "link.aufdb").is_symlink()
    aufdb(place, "verify", "store.aufdb")


def check_log(aufdb, place):
    process = hold(aufdb, place, "elsewhere/link.aufdb")
    try:
        for name in ("store.aufdb", "elsewhere/link.aufdb"):
            before = aufdb(place, "log", name, "--format", "oneline")
    finally:
        let_go(place, process)
    for name in ("store.aufdb", "elsewhere/link.aufdb"):
        assert aufdb(place, "log", name, "--format", "oneline") != before


def check_hard_writing(aufdb, place, verb):
    os.link(place / "store.aufdb", place / "elsewhere" / "hard.aufdb")
    arguments = {"import": ["new.jsonl"], "annotate": ["--judge", "random"], "prune": ["--keep", "1"], "upgrade": [],
                 "switch": ["side"]}[verb]
    before = (place / "store.aufdb").read_bytes()
    for name in ("store.aufdb", "elsewhere/hard.aufdb"):
        done = aufdb.attempt(place, verb, name, *arguments)
        assert done.returncode == 1 and "has 2 names (hard links)" in done.stderr, f"{done.returncode}: {done.stderr}"
    assert (place / "store.aufdb").read_bytes() == before
    assert not list(place.rglob("*-lock"))
    # As the hint says.
    shutil.copy(place / "store.aufdb", place / "copy")
    (place / "copy").rename(place / "store.aufdb")
    aufdb(place, verb, "store.aufdb", *arguments)


def check_hard_reading(aufdb, place):
    hard = place / "elsewhere" / "hard.aufdb"
    process = hold(aufdb, place)
    os.link(place / "store.aufdb", hard)
    try:
        done = aufdb.attempt(place, "stats", hard)
        assert done.returncode == 75 and f"process {process.pid} has it open" in done.stderr, done.stderr
    finally:
        let_go(place, process)
    assert aufdb(place, "log", hard) == aufdb(place, "log", "store.aufdb")
    # A log beside the other name, where it can be found.
    os.link(place / "store.aufdb", place / "hard.aufdb")
    (place / "store.aufdb-wal").write_bytes(b"x" * 5000)
    done = aufdb.attempt(place, "stats", "hard.aufdb")
    assert done.returncode == 1 and "store.aufdb-wal" in done.stderr, done.stderr


def check_killed(aufdb, place):
    process = hold(aufdb, place)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    aufdb(place, "import", "store.aufdb", "new.jsonl", "--wait", "0")
    aufdb(place, "verify", "store.aufdb")
    assert not (place / "store.aufdb-lock").exists()
    # The judge is still there, and ends now.
    (place / "go").touch()
    process.communicate(timeout=30)
