"""Workload W1, what only reads: diffs, and queries at the head and at an old commit."""

import shutil

from answers import compare_answers, must_be_equal
from labels import AGGREGATE, CHANGE_COUNT, PlainLabels, lookups, some
from measurement import PeerSide, Side, alternate, measure, output
from one_branch import (
    COMMIT_COUNT, LARGE_FACTOR, MIDDLE, MORE, doltlite, idle_query_sides, large_store, one_branch, plain_copies,
    start_up_side)
from rows import Target, less_start_up
from workload import PLAIN_INDEXES, copy_to_plain, once, remove_store, say

LAST = ("main~1", "main")
OLD = f"main~{COMMIT_COUNT - MIDDLE}"
AT_HEAD, AT_OLD = Target(times=1.1), Target(times=1.5)
JOIN = (
    "SELECT model, count(*), avg(length(response)), avg(chosen_score) FROM labels JOIN responses "
    "ON responses.prompt_id = labels.prompt_id AND model = chosen_model AND sample = chosen_sample "
    "GROUP BY model ORDER BY model")


def diff(work, runs):
    """The diff of one commit, also in a store ten times as large."""
    store, large, peer = one_branch(work).store, large_store(work), doltlite(work)
    for changed in (store, large):
        count = changed.check_diff(LAST, changed.labels_before(), changed.labels)
        must_be_equal("rows of a diff", [[count]], [[CHANGE_COUNT]])
    ours, large_side = Side("aufdb", store.diff(*LAST)), Side("aufdb, large store", large.diff(*LAST))
    idle = start_up_side(work)
    peer.check("rows of a diff", "SELECT count(*) FROM dolt_diff_labels('HEAD~1..HEAD')", [[CHANGE_COUNT]])
    theirs = peer.query_side("SELECT * FROM dolt_diff_labels('HEAD~1..HEAD')")
    alternate([ours, idle, large_side, theirs], MORE * runs)
    yield less_start_up(
        "diff of a commit / DoltLite", ours, idle, theirs, target=Target(cpu_milliseconds=5),
        note=f"{CHANGE_COUNT:,} rows")
    yield less_start_up(
        f"diff {LARGE_FACTOR}x store / store", large_side, idle, ours, idle, target=Target(times=1.25))


def diff_of_copies(work, runs):
    """The same against sqldiff on two plain copies of the whole dataset."""
    ours, idle = Side("aufdb", one_branch(work).store.diff(*LAST)), start_up_side(work)
    copies = []
    if shutil.which("sqldiff") is None:
        theirs = PeerSide("sqldiff", None, absence="not measured: there is no such program")
    else:
        copies = plain_copies(work)
        command = ["sqldiff", *map(str, copies)]
        must_be_equal("rows of sqldiff", [[len(output(command).splitlines())]], [[CHANGE_COUNT]])
        theirs = PeerSide("sqldiff", lambda: measure(command))
    alternate([ours, idle, theirs], runs)
    for copy in copies:
        remove_store(copy)
    yield less_start_up("diff of a commit / sqldiff", ours, idle, theirs)


def long_diff(work, runs):
    """The diff of all commits: what a changed row costs there, and in a diff of ten commits."""
    one, peer = one_branch(work), doltlite(work)
    store = one.store
    revisions = [(f"main~{number}", "main") for number in (COMMIT_COUNT, 10)]
    count, ten_count = (
        store.check_diff(pair, one.labels_at[COMMIT_COUNT - number], store.labels)
        for pair, number in zip(revisions, (COMMIT_COUNT, 10)))
    ours, ten = (Side(name, store.diff(*pair)) for name, pair in zip(("aufdb", "aufdb, ten commits"), revisions))
    idle = start_up_side(work)
    their_range = f"dolt_diff_labels('HEAD~{COMMIT_COUNT}..HEAD')"
    peer.check("rows of a diff", f"SELECT count(*) FROM {their_range}", [[count]])
    theirs = peer.query_side(f"SELECT * FROM {their_range}")
    alternate([ours, idle, ten, theirs], MORE * runs)
    microseconds = (ours.wall_seconds - idle.wall_seconds) / count * 1e6
    yield less_start_up(
        f"diff {COMMIT_COUNT} commits / 10, a row", ours, idle, ten, idle, Target(times=1.25),
        f"{count:,} and {ten_count:,} rows, {microseconds:.1f} us a row", scale=count / ten_count)
    yield less_start_up(f"diff {COMMIT_COUNT} commits / DoltLite", ours, idle, theirs)


@once
def plain_tables(work):
    """Prompts, responses, and the labels of the head and of the middle commit, as plain tables in two files."""
    say("making plain tables of two commits")
    one = one_branch(work)
    paths = []
    indexes = {table: PLAIN_INDEXES[table] for table in ("prompts", "responses")}
    for number in (COMMIT_COUNT, MIDDLE):
        plain = PlainLabels(work, work.scratch / f"labels-{number}.db", one.labels_at[number])
        copy_to_plain(one.store.path, plain.path, indexes)
        paths.append(plain)
    return paths


def old_query(work, runs, name, sql, head_target=Target(), old_target=Target(), note=""):
    """A query at the head and at an old commit, beside plain tables."""
    store, (plain, old_plain) = one_branch(work).store, plain_tables(work)
    ours, shell = Side("aufdb", store.query(sql)), Side("sqlite3", plain.query(sql))
    old, old_shell = Side("aufdb, old", store.query(sql, "--at", OLD)), Side("sqlite3, old", old_plain.query(sql))
    compare_answers(ours.command, shell.command)
    compare_answers(old.command, old_shell.command)
    idle, shell_idle = idle_query_sides(work)
    alternate([ours, shell, idle, shell_idle, old, old_shell], MORE * runs)
    yield less_start_up(f"{name} at head / sqlite3", ours, idle, shell, shell_idle, head_target, note)
    yield less_start_up(f"{name} at commit {MIDDLE} / head", old, idle, ours, idle, Target(times=2))
    yield less_start_up(f"{name} at commit {MIDDLE} / sqlite3", old, idle, old_shell, shell_idle, old_target)


def old_query_of_doltlite(work, runs, name, sql):
    """The same beside DoltLite."""
    store, peer = one_branch(work).store, doltlite(work)
    their_old = sql.replace(" labels ", f" dolt_at_labels('HEAD~{COMMIT_COUNT - MIDDLE}') ")
    queries = {"head": (sql, sql, []), f"commit {MIDDLE}": (sql, their_old, ["--at", OLD])}
    for place, (our_sql, their_sql, arguments) in queries.items():
        peer.check(f"{name} at {place}", their_sql, store.answer(our_sql, *arguments))
        ours, theirs = Side("aufdb", store.query(our_sql, *arguments)), peer.query_side(their_sql)
        idle, _ = idle_query_sides(work)
        alternate([ours, idle, theirs], MORE * runs)
        yield less_start_up(f"{name} at {place} / DoltLite", ours, idle, theirs)


def old_aggregate(work, runs):
    """An aggregate over all labels."""
    yield from old_query(work, runs, "labels", AGGREGATE, AT_HEAD, AT_OLD)
    yield from old_query_of_doltlite(work, runs, "labels", AGGREGATE)


def old_join(work, runs):
    """Each label with the response that it chose."""
    yield from old_query(work, runs, "labels, responses", JOIN, AT_HEAD, AT_OLD)


def old_lookups(work, runs):
    """1,000 labels by their prompts."""
    queries = dict(lookups(some(one_branch(work).store.labels, CHANGE_COUNT)))
    for form, sql in queries.items():
        yield from old_query(work, runs, form, sql, note=f"{CHANGE_COUNT:,} lookups")
    # DoltLite takes seconds for the join at an old commit.
    yield from old_query_of_doltlite(work, runs, "lookup IN", queries["lookup IN"])
