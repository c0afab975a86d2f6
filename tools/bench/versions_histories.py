"""Workload W1 after much more history: what slows down, and by how much.

Two histories go on from the 100 commits. One makes hundreds of small commits with a branch every now and then; in the
other, small commits of two branches take turns, so that the rows of each lie in hundreds of pieces. Then the same work
is measured there and in the store as it was before.
"""

from answers import compare_answers, must_be_equal
from labels import AGGREGATE, CHANGE_COUNT, PlainLabels, lookups, some
from measurement import Side, alternate
from one_branch import COMMIT_COUNT, MORE, idle_query_sides, one_branch, start_up_side
from rows import Target, less_start_up
from workload import SEED, remove_store, say

SMALL_COMMIT = 5
FULL_COMMITS, FULL_BRANCHES, FULL_ROUNDS = 1_000, 50, 500
SMALL_DIVISOR = 5
GROWN = Target(times=1.5)
LAST = ("main~1", "main")


def size(work, full):
    """So much of what is made at full size, and a fifth of it at the small one."""
    return full if work.prompt_count >= 60_000 else full // SMALL_DIVISOR


def long_history(work, runs):
    """After 1,000 commits and 50 branches, each branch with a commit of its own."""
    before, after = copies(work)
    commit_count, branch_count = size(work, FULL_COMMITS), size(work, FULL_BRANCHES)
    say(f"making {commit_count - COMMIT_COUNT} commits and {branch_count} branches")
    branch = None
    for number in range(commit_count - COMMIT_COUNT):
        after.commit(SMALL_COMMIT)
        if number % ((commit_count - COMMIT_COUNT) // branch_count) == 0:
            branch = after.branched(f"branch-{number}", SEED + number)
            branch.commit(SMALL_COMMIT)
    branch.check()
    yield from grown(work, runs, f"{commit_count:,} commits", before, after)


def interleaved(work, runs):
    """After commits of two branches took turns."""
    before, after = copies(work)
    rounds = size(work, FULL_ROUNDS)
    say(f"making {rounds} commits on each of two branches")
    other = after.branched("other", SEED)
    for _ in range(rounds):
        after.commit(SMALL_COMMIT)
        other.commit(SMALL_COMMIT)
    yield from grown(work, runs, f"{rounds} turns", before, after, other)


def copies(work):
    store = one_branch(work).store
    return store.copied("before.aufdb", SEED + 4), store.copied("after.aufdb", SEED + 4)


def grown(work, runs, name, before, after, other=None):
    """The rows of what costs more after so much history."""
    yield from grown_queries(work, runs, name, before, [after] + ([other] if other else []))
    yield grown_row(work, runs, f"{name}: commit", [store.commit_side(store.path.stem) for store in (after, before)])
    for store in (before, after):
        count = store.check_diff(LAST, store.labels_before(), store.labels)
        must_be_equal("rows of a diff", [[count]], [[CHANGE_COUNT]])
    yield grown_row(
        work, runs, f"{name}: diff of a commit",
        [Side(store.path.stem, store.diff(*LAST)) for store in (after, before)])
    for store in (before, after):
        store.check()
        remove_store(store.path)


def grown_queries(work, runs, name, before, afters):
    """Queries at the head of main and, where there is one, of the other branch."""
    queries = {"labels": AGGREGATE, "lookups": lookups(some(before.labels, CHANGE_COUNT))[0][1]}
    for after in afters:
        after.check()
        plain = PlainLabels(work, work.scratch / "after.db", after.labels)
        for what, sql in queries.items():
            side = Side("after", after.query(sql, "--at", after.branch))
            compare_answers(side.command, plain.query(sql))
            sides = [side, Side("before", before.query(sql, "--at", before.branch))]
            idle, _ = idle_query_sides(work)
            yield grown_row(work, runs, f"{name}: {what} at {after.branch}", sides, idle)


def grown_row(work, runs, name, sides, idle=None):
    after, before = sides
    idle = idle or start_up_side(work)
    alternate([after, before, idle], MORE * runs)
    return less_start_up(name, after, idle, before, idle, GROWN)
