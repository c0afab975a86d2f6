"""Workload W1, what changes the store: commits, the growth of the file, branches and tags, merges."""

import itertools

from answers import must_be_equal
from labels import CHANGE_COUNT, PlainLabels
from measurement import SelfTimedSide, Side, alternate, output
from one_branch import LARGE_FACTOR, MORE, doltlite, idle_query_sides, large_store, one_branch, start_up_side
from rows import Target, less_start_up, row
from workload import SEED, remove_store

KILOBYTE = 1000


def start(work, runs):
    """What is taken off all the other rows."""
    start, (ours, shell) = start_up_side(work), idle_query_sides(work)
    alternate([start, ours, shell], MORE * runs)
    yield less_start_up("start-up", start, None)
    yield less_start_up("start-up of a query / sqlite3", ours, None, shell, note="SELECT 1, nothing stored")


def commit(work, runs):
    """Commits of 1,000 changed labels against the bare UPDATE of as many rows."""
    large, peer = large_store(work), doltlite(work)
    store = one_branch(work).store.copied("commit.aufdb", SEED + 1)
    plain = PlainLabels(work, work.scratch / "commit.db", store.labels, SEED + 1)
    ours, large_side = store.commit_side("aufdb"), large.commit_side("aufdb, large store")
    closing = PlainLabels(work, work.scratch / "commit-and-close.db", store.labels, SEED + 1)
    update = SelfTimedSide("UPDATE", plain.update_command, plain.prepare_update)
    program = Side("UPDATE program", closing.update_command, closing.prepare_update)
    idle = start_up_side(work)
    with peer.on_branch("commits"):
        theirs = peer.side(peer.next_commit)
        alternate([ours, idle, update, program, large_side, theirs], MORE * runs)
        peer.check_labels(theirs)
    for changed in (store, large, plain, closing):
        changed.check()
    remove_store(store.path)
    yield less_start_up("commit / UPDATE", ours, idle, update, target=Target(times=4), note=f"{CHANGE_COUNT:,} labels")
    yield less_start_up(
        "commit / UPDATE program", ours, idle, program, note="the whole program: it closes the file, as aufdb does")
    yield less_start_up(
        f"commit {LARGE_FACTOR}x store / store", large_side, idle, ours, idle, Target(times=1.25),
        f"{len(large.labels):,} and {len(store.labels):,} labels")
    yield less_start_up("commit / DoltLite", ours, idle, theirs)


def growth(work, runs):
    """By how much the file grows for a commit, on average over the 100."""
    del runs  # sizes don't vary
    ours, peer = one_branch(work).bytes_per_commit, doltlite(work)
    theirs = peer.bytes_per_commit
    note = f"{theirs / ours:.1f}x; {peer.packed_bytes_per_commit / KILOBYTE:.0f} kB after dolt_gc" if theirs else (
        f"DoltLite {peer.absence}")
    yield row(
        "file growth / DoltLite", f"{ours / KILOBYTE:.0f} kB", f"{theirs / KILOBYTE:.0f} kB" if theirs else "-",
        None, None, "100 kB", ours > 100 * KILOBYTE, 0, note)


def refs(work, runs):
    """Making a branch, making a tag, and the last 20 commits."""
    peer = doltlite(work)
    store = one_branch(work).store.copied("refs.aufdb", SEED + 2)
    log = [work.aufdb, "log", store.path, "--limit", "20", "--format", "oneline"]
    must_be_equal("commits of a log", [[len(output(log).splitlines())]], [[20]])
    names, their_names = (map("ref-{}".format, itertools.count()) for _ in range(2))
    sides = {
        "branch create": (
            Side("aufdb", [work.aufdb, "branch", "create", store.path], arguments=lambda: [next(names)]),
            peer.side(lambda: [[f"SELECT dolt_branch('{next(their_names)}')", None]])),
        "tag create": (
            Side("aufdb", [work.aufdb, "tag", "create", store.path], arguments=lambda: [next(names)]),
            peer.side(lambda: [[f"SELECT dolt_tag('{next(their_names)}')", None]])),
        "log of 20": (Side("aufdb", log), peer.query_side("SELECT * FROM dolt_log LIMIT 20"))}
    for verb, (ours, theirs) in sides.items():
        idle = start_up_side(work)
        alternate([ours, idle, theirs], MORE * runs)
        yield less_start_up(f"{verb} / DoltLite", ours, idle, theirs, target=Target(wall_milliseconds=5))
    made = store.answer("SELECT (SELECT count(*) FROM branches), (SELECT count(*) FROM tags)")
    must_be_equal("branches and tags", made, [[MORE * runs + 2, MORE * runs + 1]])
    remove_store(store.path)


class Merges:
    """For each merge two new branches of a store, with 1,000 changes each that the other doesn't touch."""

    def __init__(self, store):
        self.store = store
        self.numbers = itertools.count()
        self.left = self.right = None

    def prepare(self):
        number = next(self.numbers)
        self.left, self.right = (
            self.store.branched(f"{name}-{number}", f"{name}{number}") for name in ("left", "right"))
        for branch, half in zip((self.left, self.right), halves(self.store.labels)):
            branch.commit(among=half)
        self.store.work.do("switch", self.store.path, self.left.branch)

    def check(self):
        """Ends the program unless the last merge gave both sides' labels."""
        new = {prompt_id: new for prompt_id, (_, new) in self.right.last_changes.items()}
        self.left.check(labels=self.left.labels | new)


class TheirMerges:
    """The same in DoltLite."""

    def __init__(self, peer):
        self.peer = peer
        self.base = dict(peer.labels)
        self.numbers = itertools.count()
        self.number = None

    def prepare(self):
        self.number = next(self.numbers)
        self.peer.labels = dict(self.base)
        for name, half in zip(("left", "right"), halves(self.base)):
            self.peer.run(
                [f"SELECT dolt_branch('{name}-{self.number}', 'main')", None],
                [f"SELECT dolt_checkout('{name}-{self.number}')", None], *self.peer.next_commit(among=half))
        self.peer.run([f"SELECT dolt_checkout('left-{self.number}')", None])

    def statements(self):
        return [[f"SELECT dolt_merge('right-{self.number}')", None]]


def halves(labels):
    prompt_ids = list(labels)
    return prompt_ids[:len(prompt_ids) // 2], prompt_ids[len(prompt_ids) // 2:]


def merge(work, runs):
    """Merging 1,000 changed labels into 1,000 others."""
    peer = doltlite(work)
    store = one_branch(work).store.copied("merge.aufdb", SEED + 3)
    merges = Merges(store)
    ours = Side("aufdb", [work.aufdb, "merge", store.path], merges.prepare, lambda: [merges.right.branch])
    idle = start_up_side(work)
    with peer.on_branch("merges"):
        their_merges = TheirMerges(peer)
        theirs = peer.side(their_merges.statements, their_merges.prepare)
        alternate([ours, idle, theirs], MORE * runs)
        peer.check_labels(theirs)
    merges.check()
    remove_store(store.path)
    yield less_start_up(
        "merge / DoltLite", ours, idle, theirs, target=Target(wall_milliseconds=100),
        note=f"{CHANGE_COUNT:,} and {CHANGE_COUNT:,} labels")
