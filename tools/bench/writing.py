"""What `aufdb query` writes beside the sqlite3 shell: a million short rows and long texts, in its formats; and memory."""

import csv
import io

from answers import must_be_equal
from measurement import Side, alternate, measure, output
from rows import MEGABYTE, compared, row
from workload import once

# Texts, an integer, reals of many digits, and NULLs.
SHORT = "SELECT prompt_id, model, sample, reward, lower, upper, heads FROM estimates LIMIT {}"
# Texts of 1.5 kB.
LONG = "SELECT prompt_id, model, sample, response FROM responses LIMIT {}"
# What the shell calls its nearest format, and what is promised.
FORMATS = {
    "jsonl": ("-json", 1.5), "json": ("-json", 1.5), "csv": ("-csv", 1.2), "tsv": ("-tabs", None),
    "markdown": ("-markdown", None), "table": ("-column", None), "vertical": ("-line", None)}
PEAK_TARGET = 64


@once
def plain_estimates(work):
    """The estimates in a plain table."""
    return work.plain_copy(work.estimated_store(17), "plain-estimates.db", {"estimates": "prompt_id"})


def writing(work, runs):
    """aufdb query against sqlite3, in each format; standard output is thrown away."""
    yield from rows_of(work, runs, "short", work.estimated_store(17), plain_estimates(work), SHORT, 1_000_000)
    yield from rows_of(work, runs, "long", work.labelled_store, work.plain_database, LONG, 240_000)


def rows_of(work, runs, kind, store, plain, sql, limit):
    """The rows of one query: the formats, and the memory of some of them."""
    def sides(name, count=limit):
        return [
            Side("aufdb", [work.aufdb, "query", store, sql.format(count), "--format", name]),
            Side("sqlite3", ["sqlite3", "-readonly", FORMATS[name][0], plain, sql.format(count)])]

    same_rows(*sides("csv", 2000))
    note = f"up to {limit:,} rows"
    for name, (_, target) in FORMATS.items():
        ours, shell = alternate(sides(name), runs)
        yield compared(
            f"write {kind} {name}", ours, shell, target=target, peak_target=PEAK_TARGET if target else None, note=note)
        note = ""
    for name in ("jsonl", "csv", "table", "vertical"):
        part, whole = (measure(sides(name, count)[0].command).peak_bytes for count in (limit // 10, limit))
        yield row(
            f"write {kind} {name} memory", f"{whole / MEGABYTE:.0f} MB", f"{part / MEGABYTE:.0f} MB", whole / part, None,
            f"{PEAK_TARGET} MB", whole > PEAK_TARGET * MEGABYTE, whole, "all rows beside a tenth of them")


def same_rows(ours, shell):
    """Ends the program unless both write the same rows; the shell writes no header."""
    tables = [list(csv.reader(io.StringIO(output(side.command), newline=""))) for side in (ours, shell)]
    must_be_equal("aufdb query and sqlite3", tables[0][1:], tables[1])
