"""`aufdb select` from a store beside the bare reading of the same estimates, and the bare storing of as many rows."""

import contextlib
import sqlite3

from measurement import Side, alternate, measure
from rows import MEGABYTE, compared, row
from workload import copy_store, remove_store


class Selection:
    """A method at work on a store: what is run, each time on a copy of its own."""

    def __init__(self, work, store, method):
        self.copies = [store.with_name(name) for name in ("select-ours.aufdb", "select-bare.aufdb")]
        ours, bare = self.copies
        scan = work.tool("scan-estimates")
        self.ours = Side(
            "aufdb", [work.aufdb, "select", ours, "--method", method], lambda: copy_store(store, ours.name))
        self.scan = Side("scan", [scan, store])
        self.stored = Side("scan and INSERT", [scan, bare, "insert"], lambda: copy_store(store, bare.name))

    def note(self):
        """What the last run read and stored."""
        with contextlib.closing(sqlite3.connect(self.copies[0])) as database:
            counts = [database.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("estimates", "selections")]
        return f"{counts[0]:,} estimates, {counts[1]:,} selections"

    def remove(self):
        for copy in self.copies:
            remove_store(copy)


def select(work, runs):
    """From 17 estimates a prompt by DRTS, and from 30 by DRTS and DeltaUCB."""
    selection = Selection(work, work.estimated_store(17), "drts")
    alternate([selection.ours, selection.scan, selection.stored], runs)
    yield compared("select drts / scan", selection.ours, selection.scan, target=1.5, note=selection.note())
    yield compared("select drts / scan + INSERT", selection.ours, selection.stored)
    selection.remove()
    for method in ("drts", "deltaucb"):
        selection = Selection(work, work.estimated_store(30), method)
        alternate([selection.ours, selection.stored], runs)
        yield compared(
            f"select {method} 30 / scan + INSERT", selection.ours, selection.stored, target=3, note=selection.note())
        yield memory(work, method, selection.ours.peak_bytes)
        selection.remove()


def memory(work, method, peak_bytes):
    """The row of the peak beside that of a tenth of the prompts."""
    store = work.estimated_store(30, work.prompt_count // 10)
    cost = measure([str(work.aufdb), "select", str(store), "--method", method, "--again"])
    # Less than 60,000 prompts don't fill SQLite's page cache, so that memory still grows.
    is_plateau = work.prompt_count >= 60_000
    growth = peak_bytes / cost.peak_bytes
    return row(
        f"select {method} 30 memory", f"{peak_bytes / MEGABYTE:.0f} MB", f"{cost.peak_bytes / MEGABYTE:.0f} MB", growth,
        None, "1.1x" if is_plateau else "-", is_plateau and growth > 1.1, peak_bytes,
        f"{work.prompt_count // 10:,} prompts beside {work.prompt_count:,}")
