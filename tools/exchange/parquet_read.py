"""Parquet files as JSON Lines.

Rows come in batches of about eight megabytes. A column whose type JSON has (texts, numbers, booleans, lists, structs)
is written as it is, integers without a point and floats with one; times become ISO texts, in UTC with a Z where the
file says that they are instants. Everything else is refused before the first row is written.
"""

import datetime
import glob
import json

import pyarrow
import pyarrow.parquet
from pyarrow import types

from failure import BAD_DATA, NO_INPUT, Failure

BATCH_BYTES = 8 << 20
TICKS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
EPOCH = datetime.datetime(1970, 1, 1)
encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def read(patterns, columns, output):
    """Writes the rows of all files to `output`, a binary stream; the files are looked at first, all of them."""
    files = [file for pattern in patterns for file in matches(pattern)]
    for file in files:
        with opened(file) as parquet:
            plan(file, parquet.schema_arrow, columns)
    for file in files:
        with opened(file) as parquet:
            write_rows(file, parquet, plan(file, parquet.schema_arrow, columns), output)


def matches(pattern):
    """The files that a name or a pattern means, in alphabetical order."""
    if not glob.has_magic(pattern):
        return [pattern]
    found = sorted(glob.glob(pattern, recursive=True))
    if not found:
        raise Failure(NO_INPUT, f"no file matches {pattern}")
    # A name that looks like a pattern and is one file's own name means that file.
    return [pattern] if pattern in found else found


def opened(file):
    try:
        # Without pre_buffer a column is read page by page, and not as a whole row group.
        return pyarrow.parquet.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20)
    except pyarrow.ArrowInvalid as problem:
        raise Failure(BAD_DATA, f"{file} is not a Parquet file: {first_line(problem)}") from None
    except OSError as problem:
        raise Failure(NO_INPUT, f"{file} can't be opened: {problem.strerror or first_line(problem)}") from None


def first_line(problem):
    return (str(problem).splitlines() or [type(problem).__name__])[0]


# --- the plan of a file: what each column is read as -----------------------------------------------------------------


class Column:
    """A column of a file: its name, the type that its values are read as, and what is done with each (or None)."""

    def __init__(self, file, field):
        self.name = field.name
        self.type = plain_type(file, field.name, field.type)
        self.convert = converter(field.type)


def plan(file, schema, wanted):
    names = schema.names
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Failure(BAD_DATA, f"{file} has two columns '{twice}'")
    missing = next((name for name in wanted or [] if name not in names), None)
    if missing is not None:
        raise Failure(BAD_DATA, f"{file} has no column '{missing}'", f"it has {', '.join(names)}")
    return [Column(file, schema.field(name)) for name in wanted or names]


def plain_type(file, path, kind):
    """The type that a column is cast to before its values are taken: times as their integers, dictionaries unfolded."""
    if types.is_dictionary(kind):
        return plain_type(file, path, kind.value_type)
    if isinstance(kind, pyarrow.BaseExtensionType):
        return plain_type(file, path, kind.storage_type)
    if is_list(kind):
        inner = plain_type(file, f"{path}[]", kind.value_type)
        return pyarrow.large_list(inner) if types.is_large_list(kind) else pyarrow.list_(inner)
    if types.is_struct(kind):
        return pyarrow.struct(
            [pyarrow.field(field.name, plain_type(file, f"{path}.{field.name}", field.type)) for field in kind])
    if types.is_timestamp(kind) or types.is_time64(kind) or types.is_date64(kind):
        return pyarrow.int64()
    if types.is_date32(kind) or types.is_time32(kind):
        return pyarrow.int32()
    if types.is_string_view(kind):
        return pyarrow.large_string()
    if (types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind) or types.is_null(kind)
            or types.is_string(kind) or types.is_large_string(kind)):
        return kind
    raise Failure(
        BAD_DATA, f"{file}: column '{path}' is {kind}, which JSON has no form for", "choose others with --columns")


def is_list(kind):
    return types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)


def converter(kind):
    """What makes a JSON value of a value of such a column; None where it is one already."""
    if types.is_dictionary(kind):
        return converter(kind.value_type)
    if isinstance(kind, pyarrow.BaseExtensionType):
        return converter(kind.storage_type)
    if is_list(kind):
        inner = converter(kind.value_type)
        return inner and optional(lambda values: [inner(value) for value in values])
    if types.is_struct(kind):
        members = [(field.name, converter(field.type)) for field in kind]
        members = [(name, convert) for name, convert in members if convert]
        return optional(lambda row: row | {name: convert(row[name]) for name, convert in members}) if members else None
    if types.is_timestamp(kind):
        ending = "" if kind.tz is None else "Z"
        return optional(lambda ticks: moment(ticks, kind.unit) + ending)
    if types.is_date32(kind):
        return optional(lambda days: (EPOCH + datetime.timedelta(days=days)).date().isoformat())
    if types.is_date64(kind):
        return optional(lambda ticks: moment(ticks, "ms")[:10])
    if types.is_time(kind):
        return optional(lambda ticks: moment(ticks, kind.unit)[11:])
    return None


def optional(convert):
    return lambda value: None if value is None else convert(value)


def moment(ticks, unit):
    """So many ticks after 1970, with as many decimals as the unit has."""
    seconds, fraction = divmod(ticks, TICKS[unit])
    text = (EPOCH + datetime.timedelta(seconds=seconds)).isoformat()
    digits = len(str(TICKS[unit])) - 1
    return f"{text}.{fraction:0{digits}}" if digits else text


# --- rows -----------------------------------------------------------------------------------------------------------


def write_rows(file, parquet, columns, output):
    number = 0
    for batch in batches(file, parquet, columns):
        for row in rows(file, batch, columns, number):
            number += 1
            output.write(line(file, number, row))


def batches(file, parquet, columns):
    """The file's rows, some megabytes at a time."""
    names = [column.name for column in columns]
    for group in range(parquet.num_row_groups):
        about = parquet.metadata.row_group(group)
        rows_at_once = max(1, BATCH_BYTES * about.num_rows // max(1, about.total_byte_size))
        try:
            yield from parquet.iter_batches(min(rows_at_once, 65536), [group], columns=names, use_threads=False)
        except (pyarrow.ArrowException, OSError) as problem:
            raise Failure(BAD_DATA, f"{file}: row group {group} can't be read: {first_line(problem)}") from None


def rows(file, batch, columns, before):
    lists = []
    for column in columns:
        values = batch.column(column.name)
        if isinstance(values, pyarrow.ExtensionArray):
            values = values.storage
        try:
            values = values.cast(column.type).to_pylist()
            lists.append([column.convert(value) for value in values] if column.convert else values)
        except UnicodeDecodeError:
            raise Failure(BAD_DATA, f"{file}: column '{column.name}' is not UTF-8 after row {before}") from None
        except OverflowError:
            raise Failure(
                BAD_DATA, f"{file}: column '{column.name}' has a time outside the years 1 to 9999 after row {before}"
            ) from None
    names = [column.name for column in columns]
    return (dict(zip(names, row)) for row in zip(*lists))


def line(file, number, row):
    try:
        text = encode(row)
    except ValueError:
        name = next(name for name, value in row.items() if not is_finite(value))
        raise Failure(BAD_DATA, f"{file}: row {number}: column '{name}' has NaN or an infinity") from None
    # As aufdb writes them: some tools take these two for ends of lines, even inside a text.
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").encode() + b"\n"


def is_finite(value):
    try:
        encode(value)
    except ValueError:
        return False
    return True
