"""DuckDB and its scanner of SQLite files: the store attached, and one view at a time."""

import contextlib
import importlib.util
import pathlib

import duckdb

from checks import require, require_failure
from python_readers import declared_columns
from values import Reader, Table, require_same, without_types


def scanner():
    """The scanner's file in the package that brings it; DuckDB checks its signature."""
    package = pathlib.Path(importlib.util.find_spec("duckdb_extension_sqlite_scanner").origin).parent
    return next(package.rglob("*.duckdb_extension"))


def connected():
    database = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    database.execute(f"LOAD {quoted(scanner())}")
    return database


def quoted(path):
    return "'" + str(path).replace("'", "''") + "'"


def attached(store, has_macro=True):
    """The store as a database named prefs. DuckDB runs those views itself that it understands.

    The likelihood in them only advises SQLite; as a macro it lets DuckDB understand them, and know the columns' types.
    What else it lacks makes it leave a view to SQLite, and take all of its columns for texts.
    """
    database = connected()
    if has_macro:
        database.execute("CREATE MACRO likelihood(condition, probability) AS condition")
    database.execute(f"ATTACH {quoted(store)} AS prefs (TYPE sqlite, READ_ONLY)")
    return database


@contextlib.contextmanager
def attached_views(store):
    with attached(store) as database:
        def read(view):
            cursor = database.execute(f"SELECT * FROM prefs.{view}")
            return Table([name for name, *_ in cursor.description], cursor.fetchall())

        yield read


@contextlib.contextmanager
def scanned_views(store):
    """By sqlite_scan: SQLite runs the view. A column that is an expression has no declared type, and its values come as
    the bytes of their texts."""
    with connected() as database:
        def read(view):
            declared = declared_columns(store, view)
            cursor = database.execute(f"SELECT * FROM sqlite_scan({quoted(store)}, '{view}')")
            names = [name for name, *_ in cursor.description]
            return Table(names, (
                [value.decode() if name not in declared and isinstance(value, bytes) else value
                 for name, value in zip(names, row)] for row in cursor.fetchall()))

        yield read


def check_use(store, expected):
    """What people type: a list of tables, sums, joins; and that nothing can be written."""
    with attached(store) as database:
        listed = database.execute("SELECT table_name FROM information_schema.tables WHERE table_catalog = 'prefs'")
        missing = set(expected) - {name for (name,) in listed.fetchall()}
        require(not missing, f"the list of tables lacks {missing}")
        found = database.execute(
            "SELECT model, avg(score), count(*) FROM prefs.responses "
            "JOIN prefs.scores USING (prompt_id, model, sample) GROUP BY model").fetchall()
        require_same(Table(["model", "mean", "n"], found), expected_means(expected), "a join")
        require_failure(database.execute, "DELETE FROM prefs.labels_all")
    # Without the macro all values are texts, and the rows are the same.
    with attached(store, has_macro=False) as database:
        count = database.execute("SELECT count(*) FROM prefs.responses").fetchall()
        require(count == [(len(expected["responses"].rows),)], f"without the macro: {count}")


def expected_means(expected):
    scores = expected["scores"]
    model, score = scores.columns.index("model"), scores.columns.index("score")
    sums = {}
    for row in scores.rows:
        sums.setdefault(row[model], []).append(row[score])
    return Table(["model", "mean", "n"], [(name, sum(all) / len(all), len(all)) for name, all in sums.items()])


def without_nul(table):
    """The rows that have no U+0000: a text's length ends there in SQLite, and in DuckDB it doesn't."""
    return Table(table.columns, (
        row for row in table.rows if not any(isinstance(value, str) and "\0" in value for value in row)))


READERS = {
    "DuckDB, attached": Reader(attached_views, lambda table: without_types(without_nul(table))),
    "DuckDB, sqlite_scan": Reader(scanned_views, without_types)}
