"""Stores to begin with, each made from an earlier one: a folder for each, which a case gets a copy of."""

import pathlib
import re
import shutil
import sqlite3

import data

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "AufdbTestSupport"
STORE = "prefs.aufdb"
HISTORY_TABLES = ("commit_log", "commit_parent", "lane", "commit_change", "retirement", "ref", "setting")
# The relations of format 3, whose codes begin at 1 in this order.
OLD_RELATIONS = ("prompts", "responses", "embeddings", "scores", "snapshots", "estimates", "selections", "labels")
SELECT = ("--method", "drts", "--snapshot", "base", "--seed", "7")
# name: (the folder it begins as a copy of, the commands; {inputs} is the folder of input files)
RECIPES = {
    "none": (None, []),
    "empty": ("none", [["init", STORE]]),
    "filled": ("empty", [["import", STORE, "{inputs}/completions.jsonl"]]),
    "embedded": ("filled", [
        ["import", STORE, "{inputs}/embeddings.npy", "--index", "{inputs}/embeddings.index.jsonl", "--encoder", "made"],
        ["import", STORE, "{inputs}/estimates.jsonl", "--snapshot", "base"]]),
    "selected": ("embedded", [["select", STORE, *SELECT]]),
    "annotated": ("selected", [["annotate", STORE, "--judge", "scores:overall"]]),
    "branched": ("annotated", [
        ["branch", "create", STORE, "other", "--at", "main~2"],
        ["select", STORE, "--method", "deltaucb", "--snapshot", "base", "--branch", "other"],
        ["annotate", STORE, "--judge", "scores:overall", "--branch", "other"]]),
    "merged": ("branched", [
        ["merge", STORE, "other", "--prefer", "theirs"],
        ["import", STORE, "{inputs}/flipped.jsonl", "--as", "labels", "--replace"]]),
    "searched": ("filled", [["search", STORE, "--build"], ["import", STORE, "{inputs}/more.jsonl"]]),
    "trained": ("annotated", [["train", STORE, "--head", "base", "--heads", "3", "--hidden", "8", "--epochs", "2"]]),
    "defined": ("selected", [["model", "add", STORE, "{inputs}/models.yaml"]]),
    "exported": ("annotated", [
        ["export", STORE, "dpo", "--output", "training"], ["query", STORE, "SELECT 1 AS one", "--output", "rows.csv"],
        ["revert", STORE, "main"]]),
    "bundled": ("branched", [["bundle", "create", STORE, "all.bundle"]]),
    "queried": ("selected", [["query", STORE, "--save", "all", "SELECT * FROM labels"]]),
}


def make_stores(aufdb, folder, inputs):
    """Makes all of them in a folder; returns where each is, by name."""
    places = {}
    for name, (origin, commands) in RECIPES.items():
        place = places[name] = folder / name
        if origin:
            shutil.copytree(places[origin], place)
        else:
            place.mkdir()
        if name == "merged":
            rows = aufdb.must(places["branched"], "query", STORE, "SELECT * FROM labels", "--format", "jsonl")
            (inputs / "labels.jsonl").write_bytes(rows)
            data.write_lines(inputs / "flipped.jsonl", data.flipped(data.read_lines(inputs / "labels.jsonl")))
        for command in commands:
            aufdb.must(place, *(word.format(inputs=inputs) for word in command))
    combine(places, folder)
    for format in (3, 5):
        place = places[f"format-{format}"] = folder / f"format-{format}"
        place.mkdir()
        make_old_store(format, places["annotated"] / STORE, place / STORE)
    return places


def combine(places, folder):
    """Folders with two stores, or a store and another one's bundle."""
    for name, first, second in (("behind", "filled", "branched"), ("diverged", "queried", "annotated")):
        place = places[name] = folder / name
        shutil.copytree(places[second], place)
        shutil.copy(places[first] / STORE, place / "theirs.aufdb")
        shutil.copy(places["bundled"] / "all.bundle", place)


def schema(format):
    """The SQL that a store of an older format began with, from the tests of upgrading."""
    def texts(name):
        source = (SCHEMAS / f"Format{name}Schema.swift").read_text(encoding="utf-8")
        for body in re.findall(r'"""\n(.*?)\n    """', source, re.DOTALL):
            yield re.sub(r"\\\n", "", "\n".join(line.removeprefix("    ") for line in body.split("\n")))

    return "\n".join(text for name in ("Three", "Four", "Five")[:format - 2] for text in texts(name))


def make_old_store(format, source, target):
    """Writes a store once more as formats 3 to 5 had it: without what came later. Its history has one branch."""
    with sqlite3.connect(target, isolation_level=None) as connection:
        connection.executescript(schema(format))
        connection.execute("ATTACH ? AS new", [str(source)])
        connection.execute("BEGIN")
        for table in HISTORY_TABLES:
            connection.execute(f"DELETE FROM main.{table}")
            connection.execute(f"INSERT INTO main.{table} SELECT * FROM new.{table}")
        connection.execute("UPDATE relation SET (next_past, retired_apart) = ("
                           "SELECT n.next_past, n.retired_apart FROM new.relation AS n WHERE n.code = relation.code)")
        for relation in OLD_RELATIONS:
            columns = ", ".join(
                name for _, name, *_ in connection.execute(f"PRAGMA main.table_info({relation}_all)").fetchall())
            connection.execute(f"INSERT INTO main.{relation}_all ({columns}) "
                               f"SELECT {columns} FROM new.{relation}_all ORDER BY place")
        connection.execute("COMMIT")
        connection.execute("DETACH new")
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
