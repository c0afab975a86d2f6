"""Scans in a store beside DuckDB's of the same rows in Parquet: what columns and compression are better at.

The Parquet files are made as README.md of the project tells people to: rows of `aufdb query`, through DuckDB.
"""

import contextlib
import json

from answers import must_be_equal
from environment import environment
from measurement import CommandFailed, Cost, PeerSide, Side, alternate, output
from querying import AGGREGATES
from rows import less_start_up, row
from worker import Worker
from workload import HERE, say

RELATIONS = ("prompts", "responses", "scores", "labels")
QUESTIONS = AGGREGATES | {
    "labels, scores": (
        "SELECT s.model, count(*), avg(s.score), avg(l.rejected_score) FROM labels AS l JOIN scores AS s "
        "ON s.prompt_id = l.prompt_id AND s.model = l.chosen_model AND s.sample = l.chosen_sample "
        "GROUP BY s.model ORDER BY s.model")}


def columnar(work, runs):
    """The aggregates and a join of `query`, and what the rows take on the disk."""
    store = work.labelled_store
    with contextlib.ExitStack() as cleanups:
        try:
            duckdb = Worker("duckdb", [environment(work, "duckdb"), HERE / "duckdb-worker.py"], cleanups)
        except CommandFailed as failure:
            say(f"DuckDB is not measured: {failure.summary}")
            yield row("scan / DuckDB", "-", "-", None, None, "-", False, 0, "DuckDB is missing")
            return
        files = [as_parquet(work, duckdb, store, relation) for relation in RELATIONS]
        told = ask(duckdb, "SELECT 1")["version"]
        idle = Side("start", [work.aufdb, "query", store, "SELECT 1"])
        for name, sql in QUESTIONS.items():
            ours = Side("aufdb", [work.aufdb, "query", store, sql])
            compare(work, store, duckdb, sql)
            peer = PeerSide("DuckDB", lambda sql=sql: cost(ask(duckdb, sql)))
            alternate([ours, idle, peer], runs)
            yield less_start_up(f"scan {name} / DuckDB", ours, idle, peer, None, note=f"DuckDB {told}, Parquet")
        packed = sum(file.stat().st_size for file in files)
        stored = store.stat().st_size
        yield row(
            "store / Parquet", f"{stored / 1e6:.0f} MB", f"{packed / 1e6:.0f} MB", stored / packed, None, "-", False, 0,
            "the file's size, indexes and history included; zstd")
        for file in files:
            file.unlink()


def as_parquet(work, duckdb, store, relation):
    """A relation's rows at the head as a Parquet file, and as a view of DuckDB's."""
    lines, file = (work.scratch / f"{relation}.{ending}" for ending in ("jsonl", "parquet"))
    output([work.aufdb, "query", store, f"SELECT * FROM {relation}", "--format", "jsonl", "--output", lines])
    ask(duckdb, f"COPY (FROM read_json('{lines}')) TO '{file}' (FORMAT parquet, COMPRESSION zstd)")
    ask(duckdb, f"CREATE VIEW {relation} AS FROM '{file}'")
    lines.unlink()
    return file


def ask(duckdb, sql):
    return duckdb.ask(json.dumps({"run": sql}))


def cost(answer):
    return Cost(answer["wall"], answer["cpu"])


def compare(work, store, duckdb, sql):
    """Ends the program unless both give the same rows, but for the last digits of what is added up."""
    lines = output([work.aufdb, "query", store, sql, "--format", "jsonl"]).splitlines()
    ours = [list(json.loads(line).values()) for line in lines]
    must_be_equal("aufdb query and DuckDB", ours, ask(duckdb, sql)["rows"])
