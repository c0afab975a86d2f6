"""Whether both sides gave the same answer: a comparison with something that answers otherwise would prove nothing."""

import itertools
import sys

from measurement import output
from workload import say


def compare_answers(ours, shell):
    """Ends the program unless both give the same table; a query that answers something else isn't the same query."""
    tables = []
    for command in (ours, shell):
        tables.append([line.split(",") for line in output(command).replace("\r", "").splitlines()])
    header, answer = tables[0][0], tables[0][1:]
    must_be_equal(f"aufdb query and sqlite3 ({', '.join(header)})", answer, tables[1])
    say(f"both answer {len(answer)} rows")


def must_be_equal(what, ours, others):
    """Ends the program at the first row of two tables that differs."""
    for one, other in itertools.zip_longest(ours, others):
        is_same = one is not None and other is not None and len(one) == len(other)
        if not is_same or not all(is_equal(a, b) for a, b in zip(one, other)):
            sys.exit(f"error: different answers: {what}: {one} and {other}")


def is_equal(one, other):
    """Numbers may differ in their last digits: the shell writes 15 of them."""
    try:
        return abs(float(one) - float(other)) <= 1e-9 * max(1, abs(float(other)))
    except (TypeError, ValueError):
        return one == other
