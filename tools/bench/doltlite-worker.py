"""Runs SQL in DoltLite and tells what it took: one JSON request a line on standard input, one answer a line.

    {"open": FILE}                              opens or makes a database
    {"load": [COMPLETIONS.jsonl, LABELS.jsonl]} makes tables of their rows, and commits them
    {"run": [[SQL, null], [SQL, [[...], ...]]]} runs statements, one after the other; with rows: once for each of them

An answer is {"wall", "cpu", "rows"}: seconds, and the rows of the last statement; or {"error"}. The clock runs while
statements do, and doesn't see JSON, the pipe or the start of the process.
"""

import doltlite  # noqa: F401  first: it puts itself where sqlite3 looks for its library
import json
import sqlite3
import sys
import time

TABLES = """
CREATE TABLE prompts (prompt_id TEXT NOT NULL PRIMARY KEY, source TEXT, prompt TEXT NOT NULL);
CREATE TABLE responses (prompt_id TEXT NOT NULL, model TEXT NOT NULL, sample INTEGER NOT NULL, response TEXT NOT NULL,
  PRIMARY KEY (prompt_id, model, sample));
CREATE TABLE labels (prompt_id TEXT NOT NULL, chosen_model TEXT NOT NULL, chosen_sample INTEGER NOT NULL,
  rejected_model TEXT NOT NULL, rejected_sample INTEGER NOT NULL, judge TEXT NOT NULL, tie INTEGER NOT NULL,
  chosen_score REAL, rejected_score REAL, method TEXT, batch INTEGER, PRIMARY KEY (prompt_id, judge));
"""


def rows_of(path):
    with open(path, "rb") as lines:
        yield from map(json.loads, lines)


def load(database, completions, labels):
    database.executescript(TABLES)
    database.execute("BEGIN")
    for row in rows_of(completions):
        database.execute("INSERT INTO prompts VALUES (?, ?, ?)", (row["prompt_id"], row["source"], row["prompt"]))
        database.executemany(
            "INSERT INTO responses VALUES (?, ?, 0, ?)",
            ((row["prompt_id"], answer["model"], answer["response_text"]) for answer in row["completions"]))
    database.executemany(
        "INSERT INTO labels VALUES (?, ?, 0, ?, 0, ?, 0, ?, ?, NULL, NULL)",
        ((row["prompt_id"], row["chosen_model"], row["rejected_model"], row["judge"], row["chosen_score"],
          row["rejected_score"]) for row in rows_of(labels)))
    database.execute("COMMIT")
    database.execute("SELECT dolt_commit('-A', '-m', 'base')").fetchall()
    return []


def run(database, statements):
    rows = []
    for sql, values in statements:
        if values is None:
            rows = database.execute(sql).fetchall()
        else:
            database.executemany(sql, values)
    return rows


def answer(database, request):
    wall, processor = time.perf_counter(), time.process_time()
    rows = run(database, request["run"]) if "run" in request else load(database, *request["load"])
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - processor, "rows": rows}


def main():
    database = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "open" in request:
                database = sqlite3.connect(request["open"], isolation_level=None)
                result = {"rows": database.execute("SELECT dolt_version()").fetchall()}
            else:
                result = answer(database, request)
        except sqlite3.Error as error:
            result = {"error": str(error)}
        print(json.dumps(result), flush=True)


main()
