"""Queries at the head beside the sqlite3 shell on plain tables of the same rows, and what a query costs to begin."""

import os
import subprocess
import time

import labels
from answers import compare_answers
from environment import environment
from measurement import CommandFailed, Cost, PeerSide, Side, alternate, measure, ratio
from rows import compared, row

AGGREGATES = {
    "responses": "SELECT model, count(*), avg(length(response)) FROM responses GROUP BY model ORDER BY model",
    "scores": "SELECT model, count(*), avg(score), max(score) FROM scores GROUP BY model ORDER BY model",
    "labels": labels.AGGREGATE,
}
CHOSEN = "r.prompt_id = l.prompt_id AND r.model = l.chosen_model AND r.sample = l.chosen_sample"
REJECTED = "o.prompt_id = l.prompt_id AND o.model = l.rejected_model AND o.sample = l.rejected_sample"
JOINS = {
    # What the chosen answers are like.
    "labels, responses, scores": (
        "SELECT r.model, count(*), avg(length(r.response)), avg(s.score) "
        f"FROM labels AS l JOIN responses AS r ON {CHOSEN} JOIN scores AS s USING (prompt_id, model, sample) "
        "GROUP BY r.model ORDER BY r.model"),
    # Both texts of every label.
    "labels, both responses": (
        "SELECT l.judge, count(*), avg(length(r.response) - length(o.response)) "
        f"FROM labels AS l JOIN responses AS r ON {CHOSEN} JOIN responses AS o ON {REJECTED} GROUP BY l.judge"),
    "responses, scores": (
        "SELECT model, count(*), avg(score), max(score) FROM responses JOIN scores USING (prompt_id, model, sample) "
        "GROUP BY model ORDER BY model"),
    "prompts without labels": (
        "SELECT count(*), count(l.prompt_id) FROM prompts AS p LEFT JOIN labels AS l USING (prompt_id)"),
}


def query(work, runs):
    """Aggregates and joins at the head against the shell."""
    store, plain = work.labelled_store, work.plain_database

    def sides(sql):
        return [
            Side("aufdb", [work.aufdb, "query", store, sql, "--format", "csv"]),
            Side("sqlite3", ["sqlite3", "-readonly", "-csv", plain, sql])]

    idle = None
    for name, sql in (AGGREGATES | JOINS).items():
        ours, shell = sides(sql)
        compare_answers(ours.command, shell.command)
        idle = sides("SELECT 1")
        alternate([ours, shell, *idle], 3 * runs)
        wall, cpu = ratio(ours, shell, less=idle), ratio(ours, shell, "cpu_seconds", idle)
        note = f"less start-up: wall {wall:.2f}x, CPU {cpu:.2f}x"
        yield compared(f"query {name}", ours, shell, target=1.1, note=note)
    yield compared("query SELECT 1", *idle, note="start-up: opening and views")


class FirstRowSide(Side):
    """A side that is measured until its first row is out, and then loses its reader."""

    def measured(self):
        begin = time.perf_counter()
        process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        first = os.read(process.stdout.fileno(), 1)
        wall_seconds = time.perf_counter() - begin
        process.stdout.close()
        complaint = process.stderr.read().decode(errors="replace")
        process.stderr.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        # A reader that went away is nothing to complain of.
        if not first or complaint or process.returncode not in (0, 1):
            raise CommandFailed(self.command, process.returncode, complaint or "no row")
        return Cost(wall_seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def first_row(work, runs):
    """The time until the first row of all responses is out, in each format that writes rows as they come."""
    for name in ("jsonl", "csv", "table"):
        command = [work.aufdb, "query", work.labelled_store, "SELECT * FROM responses", "--format", name]
        ours = FirstRowSide("aufdb", command)
        alternate([ours], 4 * runs)
        milliseconds = ours.wall_seconds * 1000
        yield row(
            f"first row, {name}", f"{milliseconds:.1f} ms", "-", None, None, "20 ms", milliseconds > 20,
            ours.peak_bytes, "of all responses") | {"samples": {"aufdb": [cost.wall_seconds for cost in ours.costs]}}


def start_beside_sqlite_utils(work, runs):
    """How long a command takes to begin, beside sqlite-utils, which people use for such queries."""
    store = work.new_store("empty.aufdb")
    absence = None
    try:
        theirs = environment(work, "sqlite-utils").with_name("sqlite-utils")
    except CommandFailed as failure:
        theirs, absence = None, f"not measured: {failure.summary}"
    cases = {
        "start-up": (["--version"], ["--version"]),
        "query of one row": (["query", store, "SELECT 1"], ["query", store, "SELECT 1"])}
    for name, (ours, other) in cases.items():
        side = Side("aufdb", [work.aufdb, *ours])
        peer = PeerSide("sqlite-utils", lambda other=other: measure([str(theirs), *map(str, other)]), absence=absence)
        alternate([side, peer], 2 * runs)
        if peer.absence:
            seconds = f"{side.wall_seconds:.3f} s"
            yield row(f"{name} / sqlite-utils", seconds, "-", None, None, "0.02x", False, 0, peer.absence)
        else:
            note = f"{peer.wall_seconds / side.wall_seconds:.0f} times as fast"
            yield compared(f"{name} / sqlite-utils", side, peer, target=0.02, note=note)
