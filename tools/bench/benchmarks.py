"""The benchmarks: what is compared with what. Each function yields the rows of the table as they are ready."""

import contextlib
import itertools
import sqlite3
import sys

import columnar
import exporting
import importing
import instructions
import looping
import methods_speed
import models_speed
import nearest
import querying
import reward_speed
import scoring
import searching
import selecting
import writing
from measurement import Side, alternate, measure
from rows import MEGABYTE, compared, row
from workload import remove_store

def import_speed(work, runs):
    """aufdb import of JSON Lines against the same INSERTs of ready rows."""
    lines, rows = work.answers()
    ours_store, bare_store = work.scratch / "ours.aufdb", work.scratch / "bare.aufdb"
    ours = Side("aufdb", [work.aufdb, "import", ours_store, lines], lambda: work.new_store(ours_store.name))
    bare = Side("C API", [work.tool("insert-rows"), bare_store, rows], lambda: work.new_store(bare_store.name))
    alternate([ours, bare], runs)
    row_count = compare_tables(ours_store, bare_store)
    note = f"{lines.stat().st_size / 1e6:.0f} MB of JSON Lines, {row_count:,} rows"
    yield compared("import", ours, bare, target=1.5, peak_target=256, note=note)
    for store in (ours_store, bare_store):
        remove_store(store)


def compare_tables(one, other):
    """Ends the program unless two stores hold the same rows: a baseline that does less would prove nothing."""
    count = 0
    with contextlib.closing(sqlite3.connect(one)) as ours, contextlib.closing(sqlite3.connect(other)) as bare:
        for table in ("prompts_all", "responses_all", "scores_all"):
            cursors = [database.execute(f"SELECT * FROM {table} ORDER BY place") for database in (ours, bare)]
            for our_row, bare_row in itertools.zip_longest(*cursors):
                count += 1
                if our_row != bare_row:
                    sys.exit(f"error: {table} differs between aufdb and the baseline: {our_row} and {bare_row}")
    return count


def import_memory(work, runs):
    """The peak memory of an import as the file grows tenfold."""
    del runs  # memory hardly varies from run to run
    # A smaller file than those of the full size doesn't fill SQLite's page cache, so that memory still grows.
    is_plateau = work.prompt_count >= 60_000
    first_peak = None
    for share in (0.26, 1, 2.6):
        lines, _ = work.answers(int(work.prompt_count * share))
        store = work.new_store("ours.aufdb")
        cost = measure([str(work.aufdb), "import", str(store), str(lines)])
        remove_store(store)
        first_peak = first_peak or cost.peak_bytes
        growth = cost.peak_bytes / first_peak
        is_over = cost.peak_bytes > 256 * MEGABYTE or (is_plateau and growth > 1.1)
        yield row(
            f"import memory {lines.stat().st_size / 1e6:.0f} MB", f"{cost.peak_bytes / MEGABYTE:.0f} MB",
            f"{first_peak / MEGABYTE:.0f} MB", growth, None, "256 MB, flat" if is_plateau else "256 MB", is_over,
            cost.peak_bytes, f"{cost.wall_seconds:.1f} s")


def version(work, runs):
    """Start-up."""
    ours = Side("aufdb", [work.aufdb, "--version"])
    alternate([ours], max(runs, 20))
    milliseconds = ours.wall_seconds * 1000
    yield row(
        "aufdb --version", f"{milliseconds:.1f} ms", "-", None, None, "20 ms", milliseconds > 20, ours.peak_bytes,
        f"CPU {ours.cpu_seconds * 1000:.1f} ms") | {"samples": {"aufdb": [cost.wall_seconds for cost in ours.costs]}}


BENCHMARKS = {
    "version": version, "import": import_speed, "import-memory": import_memory,
    "import-kinds": importing.import_kinds, "import-embeddings": importing.import_embeddings,
    "export": exporting.export, "export-million": exporting.export_million,
    "select": selecting.select, "methods": methods_speed.methods, "reward": reward_speed.reward, "loop": looping.loop,
    "score": scoring.score, "query": querying.query, "query-start": querying.start_beside_sqlite_utils,
    "query-first-row": querying.first_row, "nearest": nearest.nearest, "write": writing.writing,
    "columnar": columnar.columnar, "search": searching.search, "models-speed": models_speed.models_speed,
    "instructions": instructions.instructions}
