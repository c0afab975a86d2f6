"""Rows as different programs give them, made comparable."""

import base64
import collections.abc
import dataclasses
import math

from checks import require

# Stands before the hexadecimal digits of a blob.
BLOB = "blob "


@dataclasses.dataclass
class Reader:
    """Another program: how it opens a store, which gives a function that reads one of its views as a Table; and what of
    aufdb's rows it can give at all."""

    opened: collections.abc.Callable
    readable: collections.abc.Callable = lambda table: table

    def require_same(self, store, expected, *options):
        """Requires that each view has exactly the rows that aufdb gives."""
        with self.opened(store, *options) as read:
            for view, table in expected.items():
                require_same(self.readable(read(view)), self.readable(table), view)


class Table:
    """The columns of a view and its rows, in any order."""

    def __init__(self, columns, rows):
        self.columns = list(columns)
        self.rows = [tuple(map(comparable, row)) for row in rows]

    @classmethod
    def of_objects(cls, objects):
        """Rows that come as dictionaries; what has no rows has no columns either."""
        columns = list(objects[0]) if objects else []
        return cls(columns, ([row[name] for name in columns] for row in objects))

    @property
    def has_blobs(self):
        return any(isinstance(value, str) and value.startswith(BLOB) for row in self.rows for value in row)

    def mapped(self, change):
        return Table(self.columns, ([change(value) for value in row] for row in self.rows))


def cut_at_nul(table):
    """The texts as far as programs written in C often read them."""
    return table.mapped(lambda value: value.partition("\0")[0] if isinstance(value, str) else value)


def without_types(table):
    """Numbers and texts that look like numbers are the same."""
    def number(value):
        try:
            return value if value is None or not math.isfinite(float(value)) else float(value)
        except ValueError:
            return value

    return table.mapped(number)


def hexadecimal(columns):
    """The columns of a SELECT that gives each blob as such a text, for programs that print bytes their own way."""
    return ", ".join(
        f"""CASE typeof("{name}") WHEN 'blob' THEN '{BLOB}' || lower(hex("{name}")) ELSE "{name}" END AS "{name}\""""
        for name in columns)


def comparable(value):
    """One value in one form: a blob as a text that no other value has, whole numbers as integers."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return BLOB + bytes(value).hex()
    if isinstance(value, dict) and value.get("$base64"):
        return BLOB + base64.b64decode(value["encoded"]).hex()
    if isinstance(value, float):
        if math.isnan(value):
            return None
        # The sqlite3 shell writes 15 digits. Twelve are the same of all, however the sums were added up.
        value = float(f"{value:.12g}")
        return int(value) if value.is_integer() else value
    return int(value) if isinstance(value, bool) else value


def ordered(rows):
    """Rows in one order, whatever the types of their values."""
    def place(value):
        return value is not None, isinstance(value, str), 0 if value is None else value

    return sorted(rows, key=lambda row: list(map(place, row)))


def require_same(found, expected, what):
    """Requires the same columns, in their order, and the same rows."""
    if expected.rows or found.columns:
        require(found.columns == expected.columns, f"{what}: columns {found.columns}, not {expected.columns}")
    require(
        len(found.rows) == len(expected.rows), f"{what}: {len(found.rows)} rows, and aufdb has {len(expected.rows)}")
    for one, other in zip(ordered(found.rows), ordered(expected.rows)):
        require(one == other, f"{what}: {shortened(one)}, and aufdb has {shortened(other)}")


def shortened(row):
    return [value if len(repr(value)) < 60 else repr(value)[:60] + "..." for value in row]
