"""Every verb that makes files, stopped at its system calls by Ctrl-C, SIGTERM and SIGHUP, or by errors of the disk:
what it was making is gone, what was there before is whole, and the store is sound."""

import collections
import pathlib
import shutil
import signal

import paths_scenes
import paths_trace

# Where the world outside changes. `when` counts the calls of each thread; the first thread does all of these.
CALLS = ("openat", "mkdir", "pwrite64", "write", "fsync", "rename", "link", "unlink", "chmod")
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
# A removal that fails leaves what it should remove; all else can fail.
ERRORS = {"pwrite64": "ENOSPC", "write": "ENOSPC", "fsync": "EIO", "rename": "EACCES", "link": "EMLINK",
          "chmod": "EPERM"}


def check(checks, aufdb, machine, folder, short):
    name = "stopped"
    if not machine.has_strace:
        checks.leave(name, "strace is missing, or may not trace")
        return
    template = folder / "template"
    template.mkdir()
    paths_scenes.prepare(template, aufdb)
    scenes = [scene for scene in paths_scenes.OUTPUTS + paths_scenes.WRITERS + paths_scenes.STORELESS
              if scene.outputs or scene.stores or scene.is_writer or scene.uses_temporary]
    scenes += [scene for scene in paths_scenes.READERS if scene.name == "search"]
    for number, scene in enumerate(scenes):
        checks.run(f"{name}: {scene.name} {' '.join(scene.arguments[len(scene.name.split()):])[:60]}",
                   check_scene, checks, aufdb, folder, template, scene, short, number)


def check_scene(checks, aufdb, folder, template, scene, short, number):
    place = folder / "place"
    counts = count_calls(aufdb, folder, template, scene)
    # A short run takes one place of each kind of call, another one in each scene.
    stops = [(call, count) for call, count in counts.items() if call in CALLS]
    if short:
        stops = stops[number % 3::3]
    for turn, (call, count) in enumerate(stops):
        for when in places(count, 1 if short else 12, number + turn):
            sent = SIGNALS[(when + turn + number) % len(SIGNALS)]
            stop(checks, aufdb, folder, template, place, scene, f"{call}:signal={sent}:when={when}")
            if call in ERRORS:
                stop(checks, aufdb, folder, template, place, scene, f"{call}:error={ERRORS[call]}:when={when}+")


def places(count, limit, number):
    """Up to so many of 1 to count, spread evenly."""
    if count <= limit:
        return list(range(1, count + 1))
    step = count / limit
    return sorted({1 + int((place + (number % 7) / 7) * step) % count for place in range(limit)})


def count_calls(aufdb, folder, template, scene):
    """How often the first thread makes each call."""
    place = folder / "place"
    paths_scenes.copy(template, place)
    log = folder / "log"
    paths_trace.trace(aufdb.command(*scene.arguments), place, aufdb.environment(place), log,
                      stdin=scene.stdin.encode(), strace=(",pwrite64,write,fsync",))
    shutil.rmtree(place)
    lines = log.read_text(encoding="latin-1").splitlines()
    first = lines[0].split()[0]
    # The first call is the program's own start.
    return collections.Counter(
        line.split(maxsplit=1)[1].split("(")[0] for line in lines if line.split()[0] == first and "(" in line)


def stop(checks, aufdb, folder, template, place, scene, injection):
    paths_scenes.copy(template, place)
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    trace = paths_trace.trace(
        aufdb.command(*scene.arguments), place, aufdb.environment(place), folder / "log", stdin=scene.stdin.encode(),
        strace=(",pwrite64,write,fsync",), extra=("-e", f"inject={injection}"))
    ended = f"{injection}, exit code {trace.exit_code}, {trace.complaint.strip()[:200]}"
    left = {path for path in place.rglob("*") if path not in before and is_litter(path, place)}
    assert not left, f"{ended}: left {sorted(str(path.relative_to(place)) for path in left)}"
    if trace.exit_code < 0:
        assert signal.Signals(-trace.exit_code).name in SIGNALS, ended
        checks.count("signals survived")
    elif "error=" in injection:
        checks.count("failing calls survived")
    for path, data in before.items():
        if path.suffix not in (".aufdb",) and not path.name.startswith(tuple(scene.outputs) or ("\0",)):
            assert path.exists() and path.read_bytes() == data, f"{ended}: {path.name} changed"
    for store in {paths_scenes.STORE, *scene.stores} & {path.name for path in place.iterdir()}:
        if not is_old(place / store):
            aufdb(place, "verify", store)
    for output in scene.outputs:
        require_whole(aufdb, place, output, ended)
    shutil.rmtree(place)


def is_litter(path, place):
    """Whether a file is one that was in the making. SQLite's own beside a store are not: they belong to it."""
    name = path.relative_to(place).as_posix()
    if name.startswith("tmp/"):
        # SQLite takes a file's name away as soon as it has it open; what a signal leaves in that moment is empty.
        return not (path.name.startswith("etilqs_") and path.stat().st_size == 0)
    return ".tmp" in name or name.endswith(("-lock", "-new", "-new-journal"))


def is_old(store):
    return store.read_bytes()[60:64] != (paths_scenes.newest_format()).to_bytes(4, "big")


def require_whole(aufdb, place, output, ended):
    """An export that is there is complete, and so is a compressed file."""
    path = pathlib.Path(place / output)
    if path.is_dir() and (path / "manifest.json").exists():
        aufdb(place, "verify-export", output)
    elif path.is_dir() and any(path.iterdir()):
        raise AssertionError(f"{ended}: {output} is half an export")
