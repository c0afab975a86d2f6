"""Every verb, under strace and in a network namespace without interfaces: what it writes, makes, moves and removes is
what it was told to, temporary files are new, nobody else's to read and gone at the end, and it opens no socket."""

import re
import shutil

import paths_scenes
import paths_trace

# A file that isn't there yet, and that no link planted in its place can lead elsewhere.
SAFELY_MADE = re.compile(r"O_EXCL|O_NOFOLLOW")


def check(checks, aufdb, machine, folder, short):
    name = "writes"
    if not machine.has_strace:
        checks.leave(name, "strace is missing, or may not trace")
        return
    checks.run(f"{name}: every verb has a scene", require_all_verbs, aufdb, folder)
    if machine.without_network is None:
        checks.leave(f"{name}: no network", "a network namespace can't be made here; sockets are watched all the same")
    template = folder / "template"
    template.mkdir()
    paths_scenes.prepare(template, aufdb)
    for scene in paths_scenes.SCENES:
        place = folder / "place"
        paths_scenes.copy(template, place)
        checks.run(f"{name}: {scene.name} {' '.join(scene.arguments[len(scene.name.split()):])[:70]}",
                   check_scene, checks, aufdb, machine, place, scene)
        shutil.rmtree(place)


def require_all_verbs(aufdb, folder):
    """Nobody adds a verb without saying here what it may write."""
    listed = {line.split()[0] for line in aufdb(folder, "help").splitlines() if re.match(r"  [a-z]", line)} - {"help"}
    missing = listed - {scene.arguments[0] for scene in paths_scenes.SCENES}
    assert listed and not missing, f"no scene for {sorted(missing)}"


def check_scene(checks, aufdb, machine, place, scene):
    before = listing(place)
    trace = paths_trace.trace(
        aufdb.command(*scene.arguments), place, aufdb.environment(place), place.parent / "log",
        prefix=machine.without_network or (), stdin=scene.stdin.encode())
    assert trace.exit_code == scene.exit_code, f"exit code {trace.exit_code}: {trace.complaint}"
    require_allowed(trace, place, scene)
    allowed = {str(place / name) for name in (*scene.outputs, *scene.stores)}
    left = {path for path in listing(place) - before
            if not any(path == name or path.startswith(name + "/") or name.startswith(path + "/") for name in allowed)}
    assert not left, f"left behind: {sorted(left)}"
    assert not trace.network, f"network: {trace.network}"
    checks.count("files written or changed", len(trace.touches))


def listing(place):
    return {str(path) for path in place.rglob("*")}


def require_allowed(trace, place, scene):
    """Holds each touch to what the scene may touch."""
    stores = [str(place / name) for name in (paths_scenes.STORE, *scene.stores) if name in scene.arguments]
    outputs = [str(place / name) for name in scene.outputs]
    made = set()
    for touch in trace.touches:
        kind = kind_of(touch.path, stores, outputs, str(place / "tmp"), scene)
        assert kind, f"{touch.call} {touch.flags} {touch.path}"
        if touch.path in ("/dev/null", "/dev/tty"):
            continue
        if kind == "store" and not scene.is_writer and touch.path not in [str(place / name) for name in scene.stores]:
            # A reader opens the file for writing only to let SQLite take an empty log away.
            assert touch.call.startswith("open") and "O_TRUNC" not in touch.flags, f"{touch.call} of the store"
        # SQLite opens what we made for it as if it had to make it.
        if touch.is_made and kind in ("aside", "temporary") and touch.path not in made:
            made.add(touch.path)
            if touch.call.startswith("mkdir"):
                continue
            assert SAFELY_MADE.search(touch.flags), f"made with {touch.flags}: {touch.path}"
            # Inside a folder of its own that nobody else may enter, a file's mode is that of the finished one.
            is_alone = any(touch.path.startswith(f"{aside_folder(output)}") and "/" in touch.path[len(output):]
                           for output in outputs) or "/aufdb-verify-export." in touch.path
            assert touch.mode & 0o077 == 0 or is_alone, f"made with mode {touch.mode:o}: {touch.path}"


def aside_folder(output):
    parent, _, name = output.rpartition("/")
    return f"{parent}/.{name}."


def kind_of(path, stores, outputs, temporary, scene):
    """What a path is to a scene; "" for what it has no business with."""
    if path in ("/dev/null", "/dev/tty"):
        return "device"
    for store in stores:
        if path == store:
            return "store"
        if any(path == store + suffix for suffix in paths_scenes.BESIDE):
            return "beside"
        if re.fullmatch(re.escape(store) + r"\.\d+(-\d+)?\.tmp(-journal|-wal|-shm)?", path):
            return "aside"
    for output in outputs:
        parent, _, name = output.rpartition("/")
        if path == output or path.startswith(output + "/"):
            return "output"
        if output.startswith(path + "/") and path.startswith(temporary.removesuffix("tmp")):
            return "folder"
        if re.match(re.escape(parent) + r"/\.?" + re.escape(name) + r"\.\d+(-\d+)?\.tmp(\.old)?(/|$)", path):
            return "aside"
        if output.endswith("-search") and (path in (output + "-new", output + "-lock", output + "-journal",
                                                      output + "-new-journal")):
            return "aside" if path.endswith("-new") else "beside"
    # SQLite's own, which have no name by the time that anything is written to them.
    if re.fullmatch(re.escape(temporary) + r"/etilqs_[0-9a-f]+", path):
        return "temporary"
    if scene.uses_temporary and path.startswith(f"{temporary}/aufdb-verify-export."):
        return "temporary"
    return ""
