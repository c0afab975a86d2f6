"""What docs/format.md says, held against aufdb: tools/read-store, the SQL of what a revision sees, and the example."""

import contextlib
import gzip
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess

from checks import require
from values import Table, require_same

TOOLS = pathlib.Path(__file__).resolve().parents[1]
READ_STORE, PAGE = TOOLS / "read-store", TOOLS.parent / "docs" / "format.md"
# Stores that the aufdb of their time made, one of each format.
KEPT = sorted((TOOLS.parent / "Tests" / "Fixtures").glob("store-*.aufdb.gz"))
# What the commit ids prove, changed by hand: a text, a number, a row that is gone, one more, and history itself.
CHANGES = {
    "a response": "UPDATE responses_all SET response = response || ' ' WHERE place = 17",
    "a score": "UPDATE scores_all SET score = score + 1 WHERE place = 3",
    "a text's type": "UPDATE scores_all SET judge = CAST(judge AS BLOB) WHERE place = 3",
    "a late column": "UPDATE labels_all SET details = '{}' WHERE place = 1",
    "a row less": "DELETE FROM prompts_all WHERE place = 5",
    "a retirement less": "DELETE FROM retirement WHERE (commit_seq, relation, row_id) = "
                         "(SELECT commit_seq, relation, row_id FROM retirement LIMIT 1)",
    "an author": "UPDATE commit_log SET author = 'somebody else' WHERE seq = 2",
    "a parent": "UPDATE commit_parent SET parent_seq = 1 WHERE commit_seq = 3"}


def read(store):
    """The exit code of tools/read-store, and its lines."""
    result = subprocess.run([READ_STORE, store], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    require(not result.stderr, f"read-store: {result.stderr}")
    return result.returncode, result.stdout.splitlines()


def check_same(aufdb):
    """Requires the commits that `aufdb log` tells of, each with its counts, and that all are right."""
    code, lines = read(aufdb.store)
    require(code == 0, f"exit code {code}: {[line for line in lines if 'WRONG' in line]}")
    # The log begins with the newest.
    log = json.loads(aufdb.run("log", "--all", "--format", "json"))
    expected = sorted(
        " ".join([commit["id"], *sorted(
            f"{name} +{change['added']} -{change['retired']}" for name, change in commit["changes"].items())])
        for commit in log)
    found = []
    for line in lines:
        words = line.removesuffix(" pruned").split()
        changes = zip(words[1::3], words[2::3], words[3::3])
        found.append(" ".join([words[0], *sorted(map(" ".join, changes))]))
    require(sorted(found) == expected, f"{set(found) ^ set(expected)}")


def check_changed(aufdb, folder):
    """Requires that no change goes unnoticed, each made by hand in a copy."""
    for what, sql in CHANGES.items():
        copy = folder / "changed.aufdb"
        shutil.copyfile(aufdb.store, copy)
        with contextlib.closing(sqlite3.connect(copy)) as database:
            changed = database.execute(sql).rowcount
            database.commit()
        require(changed == 1, f"{what}: {changed} rows changed")
        code, lines = read(copy)
        require(code == 1 and any(line.endswith("WRONG") for line in lines), f"{what}: exit code {code}")
        copy.unlink()


def check_kept(packed, folder):
    """Requires that a store of an earlier format is read like today's, but for format 1, which had another layout."""
    store = folder / packed.stem
    store.write_bytes(gzip.decompress(packed.read_bytes()))
    if store.name == "store-1.aufdb":
        result = subprocess.run([READ_STORE, store], capture_output=True, text=True)
        require(result.returncode == 65 and "no store of a format" in result.stderr, f"{result}")
        return
    code, lines = read(store)
    content = json.loads(packed.with_name(packed.name.split(".")[0].replace("store", "content") + ".json").read_text())
    known = {commit for commits in content["branches"].values() for commit in commits}
    require(code == 0 and known <= {line.split()[0] for line in lines}, f"exit code {code}, {lines}")


def check_visible(aufdb):
    """Requires that the page's SQL gives at every commit what `aufdb query --at` gives."""
    sql = re.search(r"```sql\n(.*?)```", PAGE.read_text(), re.DOTALL)[1]
    with contextlib.closing(sqlite3.connect(aufdb.store)) as database:
        for seq, commit in database.execute("SELECT seq, lower(hex(id)) FROM commit_log WHERE NOT pruned").fetchall():
            for code, view in database.execute("SELECT code, name FROM relation WHERE name IN ('labels', 'scores')"):
                of_view = sql.replace("labels_all", f"{view}_all").replace("relation = 8", f"relation = {code}")
                cursor = database.execute(of_view, {"seq": seq})
                found = Table([name for name, *_ in cursor.description][3:], (row[3:] for row in cursor))
                lines = aufdb.run("query", f"SELECT * FROM {view}", "--at", commit, "--format", "jsonl").splitlines()
                expected = Table.of_objects([json.loads(line) for line in lines])
                require_same(found if lines else Table([], found.rows), expected, f"{view} at {commit[:12]}")


def check_example(program, folder):
    """Requires that the page's example gives the ids that stand there."""
    page = PAGE.read_text()
    surroundings = dict(word.split("=") for word in re.search(r"^ +export (.*)$", page, re.MULTILINE)[1].split())
    store = folder / "example.aufdb"
    for command in (["init", store], ["query", store, "SELECT 1", "--save", "one"]):
        subprocess.run([program, *command], check=True, capture_output=True, env=os.environ | surroundings)
    _, lines = read(store)
    require(len(lines) == 2, f"{lines}")
    with contextlib.closing(sqlite3.connect(store)) as database:
        digest = database.execute("SELECT lower(hex(change_digest)) FROM commit_log WHERE seq = 2").fetchone()[0]
    for told in (*(line.split()[0] for line in lines), digest):
        require(told in page, f"{told} doesn't stand there")
