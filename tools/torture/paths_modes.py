"""Who may read what aufdb writes: the umask decides for what is new, and what is replaced keeps its permissions."""

import os
import shutil
import stat

import paths_scenes

# A judge that looks at the store's files while it is asked: the lock is held, and the log is there.
LOOKING = "command:stat -c '%n %a' store.aufdb* > seen; " + paths_scenes.ANSWERING


def check(checks, aufdb, machine, folder, short):
    template = folder / "template"
    template.mkdir()
    paths_scenes.prepare(template, aufdb)

    def run(name, body, *arguments):
        place = folder / "place"
        paths_scenes.copy(template, place)
        checks.run(f"modes: {name}", body, aufdb, place, *arguments)
        shutil.rmtree(place)

    for umask in (0o022, 0o002, 0o027, 0o077):
        run(f"umask {umask:03o}: what is new", check_new, umask)
    for mode in (0o600, 0o640, 0o664):
        run(f"a store of mode {mode:o} keeps it, and so do the files beside it", check_store, mode)
        run(f"outputs of mode {mode:o} that are replaced keep it", check_replaced, mode)
    run("an output that is a symbolic link stays one", check_links)
    run("what a link in the place of a temporary file leads to is left alone", check_planted)
    if machine.as_anybody is None:
        checks.leave("modes: a shared folder with the sticky bit", "takes root, and setpriv")
        return
    run("root leaves a user's files to the user", check_owner, machine)
    run("in a sticky folder a reader leaves nothing in the way of the store's owner", check_sticky, machine)
    run("in a sticky folder a dead writer's lock doesn't shut out another user", check_sticky_lock, machine)


def mode_of(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def require_mode(path, expected):
    assert mode_of(path) == expected, f"{path.name} has mode {mode_of(path):o}, not {expected:o}"


def check_new(aufdb, place, umask):
    for arguments in (
            ["init", "fresh.aufdb"], ["bundle", "apply", "applied.aufdb", "given.bundle"],
            ["query", "store.aufdb", "SELECT 1", "--output", "rows.csv"],
            ["export", "store.aufdb", "dpo", "--judge", "random", "--output", "dpo"],
            ["bundle", "create", "store.aufdb", "all.bundle", "main~2..main"],
            ["evaluate", "store.aufdb", *paths_scenes.EVALUATION, "--html", "page.html"],
            ["import", "store.aufdb", "bad.jsonl", "--as", "completions", "--skip-bad", "left-out.jsonl"],
            ["annotate", "store.aufdb", "--judge", "file:sheet.jsonl"]):
        aufdb(place, *arguments, umask=umask)
    for name in ("fresh.aufdb", "applied.aufdb", "rows.csv", "all.bundle", "page.html", "left-out.jsonl",
                 "sheet.jsonl"):
        require_mode(place / name, 0o666 & ~umask)
    for path in [place / "dpo", *(place / "dpo").rglob("*")]:
        require_mode(path, (0o777 if path.is_dir() else 0o666) & ~umask)
    aufdb(place, "shell", "store.aufdb", stdin="SELECT 1;\n", umask=umask)
    for history in (place / "home").rglob("history"):
        require_mode(history, 0o600)


def check_store(aufdb, place, mode):
    for name in ("store.aufdb", "old.aufdb"):
        (place / name).chmod(mode)
    for arguments in (["import", "store.aufdb", "new.jsonl"], ["annotate", "store.aufdb", "--judge", LOOKING],
                      ["search", "store.aufdb", "blue"], ["prune", "store.aufdb", "--keep", "1"],
                      ["upgrade", "old.aufdb"], ["bundle", "apply", "store.aufdb", "given.bundle"]):
        aufdb(place, *arguments)
    for name in ("store.aufdb", "old.aufdb", "store.aufdb-search"):
        require_mode(place / name, mode)
    seen = dict(line.split() for line in (place / "seen").read_text().splitlines())
    assert "store.aufdb-lock" in seen and "store.aufdb-wal" in seen, seen
    assert set(seen.values()) == {f"{mode:o}"}, seen


def check_replaced(aufdb, place, mode):
    commands = {
        "rows.csv": ["query", "store.aufdb", "SELECT 1", "--output", "rows.csv"],
        "all.bundle": ["bundle", "create", "store.aufdb", "all.bundle", "main~2..main", "--force"],
        "page.html": ["evaluate", "store.aufdb", *paths_scenes.EVALUATION, "--html", "page.html", "--force"],
        "dpo": ["export", "store.aufdb", "dpo", "--judge", "random", "--output", "dpo", "--force"]}
    for name, command in commands.items():
        aufdb(place, *command)
        expected = mode | 0o111 & mode << 2 | 0o100 if name == "dpo" else mode
        (place / name).chmod(expected)
        inode = (place / name).stat().st_ino
        aufdb(place, *command)
        require_mode(place / name, expected)
        assert (place / name).stat().st_ino != inode, f"{name} wasn't replaced"


def check_links(aufdb, place):
    for name, command in {
            "rows.csv": ["query", "store.aufdb", "SELECT 1", "--output", "rows.csv"],
            "all.bundle": ["bundle", "create", "store.aufdb", "all.bundle", "main~2..main", "--force"]}.items():
        (place / "elsewhere").mkdir(exist_ok=True)
        shutil.copy(place / "given.bundle", place / "elsewhere" / name)
        (place / name).symlink_to(f"elsewhere/{name}")
        aufdb(place, *command)
        assert (place / name).is_symlink(), f"{name} is no link any more"
        assert (place / "elsewhere" / name).read_bytes() != (place / "given.bundle").read_bytes(), name
        assert [path.name for path in (place / "elsewhere").iterdir() if ".tmp" in path.name] == []
    # Where a link would have to be replaced, that is refused.
    for name, command in {
            "page.html": ["evaluate", "store.aufdb", *paths_scenes.EVALUATION, "--html", "page.html", "--force"],
            "dpo": ["export", "store.aufdb", "dpo", "--judge", "random", "--output", "dpo", "--force"],
            "fresh.aufdb": ["init", "fresh.aufdb"]}.items():
        (place / name).symlink_to(f"elsewhere/{name}")
        assert aufdb.attempt(place, *command).returncode == 1, f"{name} was made in the place of a link"
        assert not (place / "elsewhere" / name).exists()


def check_planted(aufdb, place):
    """Links under the names that SQLite and the lock use, as somebody else may make them in a shared folder."""
    (place / "victim").write_text("mine")
    for suffix in ("-lock", "-search", "-search-new", "-search-lock"):
        link = place / f"store.aufdb{suffix}"
        link.unlink(missing_ok=True)
        link.symlink_to("victim")
        aufdb.attempt(place, "import", "store.aufdb", "new.jsonl", "--wait", "0")
        aufdb.attempt(place, "search", "store.aufdb", "blue", "--wait", "0")
        assert (place / "victim").read_text() == "mine", f"{suffix} was followed"


def check_owner(aufdb, place, machine):
    os.chown(place / "store.aufdb", 65534, 65534)
    (place / "rows.csv").write_text("old")
    os.chown(place / "rows.csv", 65534, 65534)
    aufdb(place, "search", "store.aufdb", "blue")
    aufdb(place, "annotate", "store.aufdb", "--judge", LOOKING.replace("%a", "%u"))
    aufdb(place, "query", "store.aufdb", "SELECT 1", "--output", "rows.csv")
    seen = dict(line.split() for line in (place / "seen").read_text().splitlines())
    assert "store.aufdb-lock" in seen and set(seen.values()) == {"65534"}, seen
    for name in ("store.aufdb", "store.aufdb-search", "rows.csv"):
        assert (place / name).stat().st_uid == 65534, name


def shared(aufdb, place, mode):
    """A folder like /tmp with a store in it that belongs to another user than the one who comes."""
    folder = place / "shared"
    folder.mkdir()
    folder.chmod(0o1777)
    shutil.copy(place / "store.aufdb", folder / "store.aufdb")
    (folder / "store.aufdb").chmod(mode)
    os.chown(folder / "store.aufdb", 65533, 65533)
    os.chown(place / "home", 65533, 65533)
    for path in (place, place / "tmp"):
        path.chmod(0o1777)
    return folder, ["setpriv", "--reuid=65533", "--regid=65533", "--clear-groups"]


def check_sticky(aufdb, place, machine):
    folder, as_owner = shared(aufdb, place, 0o644)
    store = folder / "store.aufdb"
    for scene in paths_scenes.READERS:
        if scene.arguments[1:2] != (paths_scenes.STORE,) or scene.name == "shell" or "--dry-run" in scene.arguments:
            continue
        aufdb(place, scene.arguments[0], store, *scene.arguments[2:], prefix=machine.as_anybody)
        assert list(folder.iterdir()) == [store], f"{scene.name} left {sorted(folder.iterdir())}"
    aufdb(place, "import", store, place / "new.jsonl", prefix=as_owner)
    aufdb(place, "verify", store, prefix=as_owner)


def check_sticky_lock(aufdb, place, machine):
    folder, as_owner = shared(aufdb, place, 0o666)
    store = folder / "store.aufdb"
    killing = r"command:kill -9 $PPID"
    done = aufdb.attempt(place, "annotate", store, "--judge", killing, prefix=as_owner)
    lock = folder / "store.aufdb-lock"
    assert done.returncode == -9 and lock.exists(), f"{done.returncode}: {done.stderr}"
    for path in list(folder.iterdir()):
        # SQLite's own have been closed by nobody, and are the owner's.
        assert path.stat().st_uid == 65533, path
    aufdb(place, "import", store, place / "new.jsonl", prefix=machine.as_anybody)
    aufdb(place, "verify", store, prefix=as_owner)
