"""Readers of one call: the sqlite3 shell, Python's own sqlite3, pandas, sqlite-utils."""

import contextlib
import json
import sqlite3
import subprocess
import warnings

import pandas
import sqlite_utils

from checks import require
from values import Reader, Table, cut_at_nul, hexadecimal, require_same


def views(store):
    """The names of the views that a store has, and their columns."""
    with contextlib.closing(connected(store)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY 1")]
        return {name: columns(database, name) for name in names}


def columns(database, view):
    return [name for (name,) in database.execute("SELECT name FROM pragma_table_info(?)", [view])]


def declared_columns(store, view):
    """The columns of a view that are columns of its tables, and so have a type."""
    with contextlib.closing(connected(store)) as database:
        return {name for (name,) in database.execute(
            "SELECT name FROM pragma_table_info(?) WHERE type <> ''", [view])}


def uri(store, is_immutable=False):
    """The store as SQLite's URI, in which blanks and other characters are escaped."""
    return store.as_uri() + ("?immutable=1" if is_immutable else "?mode=ro")


def connected(store, is_immutable=False):
    return sqlite3.connect(uri(store, is_immutable), uri=True)


@contextlib.contextmanager
def shell(store, is_immutable=False):
    """The sqlite3 shell's JSON, which has a blob's bytes as if they were text: so as hexadecimal digits."""
    name = uri(store, is_immutable=True) if is_immutable else str(store)

    def read(view):
        with contextlib.closing(connected(store, is_immutable)) as database:
            sql = f"SELECT {hexadecimal(columns(database, view))} FROM {view}"
        command = ["sqlite3", "-readonly", "-json", name, sql]
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        require(result.returncode == 0 and not result.stderr, f"sqlite3: {result.returncode}: {result.stderr}")
        return Table.of_objects(json.loads(result.stdout or "[]"))

    yield read


@contextlib.contextmanager
def standard_library(store, is_immutable=False):
    with contextlib.closing(connected(store, is_immutable)) as database:
        def read(view):
            cursor = database.execute(f"SELECT * FROM {view}")
            return Table([name for name, *_ in cursor.description], cursor.fetchall())

        yield read


@contextlib.contextmanager
def read_sql(store, is_immutable=False):
    """pandas, as people call it."""
    with contextlib.closing(connected(store, is_immutable)) as database, warnings.catch_warnings():
        warnings.simplefilter("error")

        def read(view):
            frame = pandas.read_sql(f"SELECT * FROM {view}", database)
            # A column of numbers with gaps holds NaN for NULL; one of texts is of objects.
            rows = frame.astype(object).itertuples(index=False, name=None)
            return Table(frame.columns, ([None if pandas.isna(value) else value for value in row] for row in rows))

        yield read


@contextlib.contextmanager
def utilities(store, is_immutable=False):
    """sqlite-utils as a library; it opens the store for writing unless it is given a connection."""
    database = sqlite_utils.Database(connected(store, is_immutable) if is_immutable else str(store))
    try:
        yield lambda view: Table.of_objects(list(database[view].rows))
    finally:
        database.close()


def check_utilities_command(program, store, expected):
    """sqlite-utils as a command: the list of views with their counts, rows, and a query."""
    def run(*arguments):
        command = [program, *map(str, arguments)]
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        require(result.returncode == 0, f"{arguments} ended with {result.returncode}: {result.stderr}")
        return json.loads(result.stdout)

    counts = {row["view"]: row["count"] for row in run("views", store, "--counts")}
    require(counts == {view: len(table.rows) for view, table in expected.items()}, f"counts: {counts}")
    for view in ("labels", "commits"):
        require_same(Table.of_objects(run("rows", store, view)), expected[view], view)
    answer = run("query", store, "SELECT count(*) AS n FROM labels JOIN prompts USING (prompt_id)")
    require(answer == [{"n": len(expected["labels"].rows)}], f"a query: {answer}")


READERS = {
    "sqlite3": Reader(shell, cut_at_nul), "Python's sqlite3": Reader(standard_library), "pandas": Reader(read_sql),
    "sqlite-utils": Reader(utilities)}
