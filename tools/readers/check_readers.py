"""Reads a store with other programs; run it through tools/check-readers, which makes its environment.

In each state of one store (states.py), every view of its schema is read by every reader, and must have the rows that
`aufdb query` gives, and tools/read-store must come to the ids of `aufdb log`. After that the store's bytes are as they
were, and `aufdb verify` finds nothing.
One line a check on stdout; the last line is "N passed, N failed, N skipped"; exit code 1 when a check failed.
"""

import argparse
import os
import pathlib
import sys

import commit_ids
import python_readers
import states
from aufdb import Aufdb
from checks import Checks, require
from datasette_reader import Datasette
from values import Reader, require_same

PROGRAMS = pathlib.Path(sys.executable).parent
SAMPLE = pathlib.Path(__file__).resolve().parents[1] / "sample"
# What a root without these can do to files is what anybody can.
LIKE_ANYBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]


def contents(store, has_writer):
    """The bytes of a store, and of its log; while somebody writes, that one grows."""
    files = [store] if has_writer else [store, store.with_name(store.name + "-wal")]
    return [file.read_bytes() for file in files if file.exists() and file.stat().st_size > 0]


def check_state(checks, name, aufdb, readers, uses=(), has_writer=False):
    """All readers in one state; `uses` are checks of how else some of them are used."""
    store = aufdb.store
    before = contents(store, has_writer)
    expected = {view: aufdb.table(view, columns) for view, columns in python_readers.views(store).items()}
    count = sum(len(table.rows) for table in expected.values())
    for program, reader in readers.items():
        checks.run(f"{name}: {program}: {len(expected)} views, {count} rows", reader.require_same, store, expected)
    for use, check in uses:
        checks.run(f"{name}: {use}", check, store, expected)
    checks.run(f"{name}: read-store: every commit", commit_ids.check_same, aufdb)
    checks.run(f"{name}: the store is what it was", check_untouched, aufdb, before, has_writer)


def check_untouched(aufdb, before, has_writer):
    require(contents(aufdb.store, has_writer) == before, "the store's bytes changed")
    aufdb.run("verify")


def check_read_only(checks, aufdb, folder):
    """A copy that nobody can write to, nor beside: SQLite then has to be told that it won't change."""
    place = folder / "read only"
    place.mkdir()
    copy = place / "copy.aufdb"
    copy.write_bytes(aufdb.store.read_bytes())
    copy.chmod(0o444)
    place.chmod(0o555)
    prefix = LIKE_ANYBODY if os.geteuid() == 0 else []
    expected = {view: aufdb.table(view, columns) for view, columns in python_readers.views(aufdb.store).items()}
    ours = Aufdb(aufdb.program, copy)
    checks.run("read only: aufdb", lambda: [
        require_same(ours.table(view, table.columns, prefix), table, view) for view, table in expected.items()])
    for program, reader in python_readers.READERS.items():
        checks.run(f"read only: {program}", reader.require_same, copy, expected, True)
    with Datasette(PROGRAMS / "datasette", ["--immutable", copy]) as server:
        checks.run("read only: Datasette", Reader(server.opened).require_same, copy, expected)
    checks.run("read only: nothing was made beside it", check_alone, copy)
    place.chmod(0o755)


def check_alone(file):
    require(list(file.parent.iterdir()) == [file], f"{file.parent} has other files, too")


def main():
    parser = argparse.ArgumentParser(prog="tools/check-readers", description="Reads stores with other programs.")
    parser.add_argument("--aufdb", type=pathlib.Path, required=True)
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="where the stores go")
    parser.add_argument("--no-duckdb", action="store_true")
    options = parser.parse_args()
    # Blanks, a quotation mark, and characters of more than one byte.
    folder = options.folder / "Bob's préférences 好み"
    folder.mkdir()
    aufdb = Aufdb(options.aufdb, folder / "my prefs.aufdb")
    states.fill(aufdb, SAMPLE, folder)

    checks, skipped = Checks(), 0
    readers = dict(python_readers.READERS)
    uses = [("sqlite-utils, the command", lambda store, expected: python_readers.check_utilities_command(
        PROGRAMS / "sqlite-utils", store, expected))]
    if options.no_duckdb:
        skipped = 1
        print("skip  DuckDB: its scanner of SQLite files can't be had here", flush=True)
    else:
        import duckdb_reader

        readers |= duckdb_reader.READERS
        uses.append(("DuckDB, as people use it", duckdb_reader.check_use))
    with Datasette(PROGRAMS / "datasette", [aufdb.store]) as server:
        uses.append(("Datasette, pages and a query", server.check_use))
        readers["Datasette"] = Reader(server.opened)
        for number, name in enumerate(states.states(aufdb, folder)):
            # What takes a second each time is tried on both kinds of views, once.
            check_state(checks, name, aufdb, readers, uses if number in (0, 2) else ())
        with states.Writer(aufdb):
            check_state(checks, "while an import is at work", aufdb, readers, has_writer=True)
        check_state(checks, "after the import was killed", aufdb, readers)
        checks.run("changed by hand: read-store", commit_ids.check_changed, aufdb, folder)
        checks.run("docs/format.md: what each commit sees", commit_ids.check_visible, aufdb)
        checks.run("docs/format.md: the example", commit_ids.check_example, options.aufdb, folder)
        check_state(checks, states.prune(aufdb), aufdb, readers)
    check_read_only(checks, aufdb, folder)
    for kept in commit_ids.KEPT:
        checks.run(f"{kept.stem}, of its time: read-store", commit_ids.check_kept, kept, folder)
    print(f"{checks.passed} passed, {checks.failed} failed, {skipped} skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
