"""The benchmarks of versions, by name. Each yields the rows of the table as they are ready.

Where a verb of aufdb fails, its rows say so, and the others are measured all the same; a wrong answer ends the run.
"""

import functools

import versions_branches
import versions_histories
import versions_reading
import versions_writing
from rows import attempted

PARTS = {
    "start": versions_writing.start,
    "commit": versions_writing.commit,
    "growth": versions_writing.growth,
    "refs": versions_writing.refs,
    "merge": versions_writing.merge,
    "diff": versions_reading.diff,
    "diff-copies": versions_reading.diff_of_copies,
    "diff-all": versions_reading.long_diff,
    "old": versions_reading.old_aggregate,
    "join": versions_reading.old_join,
    "lookups": versions_reading.old_lookups,
    "branches": versions_branches.branches,
    "history": versions_histories.long_history,
    "turns": versions_histories.interleaved}

VERSIONS = {f"versions-{name}": functools.partial(attempted, f"versions-{name}", make) for name, make in PARTS.items()}
