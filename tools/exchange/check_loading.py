"""What Hugging Face datasets makes of an exported folder: as a folder, streamed, by a pattern, with a wrong card."""

import itertools
import logging
import math
import os
import pathlib
import re
import tempfile

import datasets
import duckdb
import pyarrow.parquet

import parquet_write
from checks import require, require_failure, shorten
from failure import BAD_DATA, Failure


class Collected(logging.Handler):
    """Collects what datasets warns about, e.g. a part of the card that it ignores."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


def features_of(folder, config):
    """The card's types; None where it doesn't say them."""
    if config not in folder.card.features:
        return None
    return datasets.Features._from_yaml_list(folder.card.features[config])


def load(folder, config):
    """load_dataset(folder), or load_dataset(folder, config) where there are several; without a warning."""
    collected = Collected()
    logging.getLogger("datasets").addHandler(collected)
    try:
        loaded = datasets.load_dataset(*names(folder, config))
    finally:
        logging.getLogger("datasets").removeHandler(collected)
    require(not collected.messages, "; ".join(collected.messages))
    require(set(loaded) == set(folder.card.patterns[config]), f"splits {sorted(loaded)}")
    for split, data in loaded.items():
        require(features_of(folder, config) in (None, data.features), f"{split}: features {data.features}")
        same_rows(data, folder.rows[config, split], split)
    return loaded


def names(folder, config, path=None):
    return [str(path or folder.path)] + ([config] if len(folder.card.patterns) > 1 else [])


def same_rows(found, expected, where):
    for number, (ours, theirs) in enumerate(itertools.zip_longest(expected, found), 1):
        require(theirs is not None, f"{where}: only {number - 1} rows, the files hold {len(expected)}")
        require(ours is not None, f"{where}: more rows than the {len(expected)} of the files")
        for key, value in ours.items():
            require(
                same(theirs[key], value),
                f"{where} row {number} {key}: {shorten(theirs[key])}, the file says {shorten(value)}")


def same(found, expected):
    """Equality, but for the nulls that Arrow has where one object of a column lacks what another has."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return all(same(value, expected.get(key)) for key, value in found.items()) and set(expected) <= set(found)
    if isinstance(expected, list) and isinstance(found, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    return found == expected


def stream(folder, config):
    for split in folder.card.patterns[config]:
        same_rows(
            datasets.load_dataset(*names(folder, config), split=split, streaming=True), folder.rows[config, split],
            split)


def load_by_pattern(folder, config, features=None):
    """The builder of JSON on a pattern of names: without the card, so that types are guessed unless given."""
    for split, pattern in folder.card.patterns[config].items():
        loaded = datasets.load_dataset(
            "json", data_files=str(folder.path / pattern), split="train", features=features)
        same_rows(loaded, folder.rows[config, split], f"{pattern}, split {split}")


def load_by_typed_pattern(folder, config):
    load_by_pattern(folder, config, features_of(folder, config))


def load_with_wrong_count(folder, config):
    """A card that counts one row too many must be refused: otherwise nobody would see that rows are missing."""
    with tempfile.TemporaryDirectory() as copy:
        copy = pathlib.Path(copy) / "wrong"
        copy.mkdir()
        for path in folder.path.iterdir():
            if path.name != "README.md":
                os.symlink(path.resolve(), copy / path.name)
        text = (folder.path / "README.md").read_text(encoding="utf-8")
        wrong = re.sub(r"num_examples: (\d+)", lambda match: f"num_examples: {int(match[1]) + 1}", text)
        require(wrong != text, "the card counts nothing")
        (copy / "README.md").write_text(wrong, encoding="utf-8")
        problem = require_failure(datasets.load_dataset, *names(folder, config, copy))
        require("SplitsSizes" in type(problem).__name__, f"another error: {type(problem).__name__}: {problem}")


def as_parquet(folder):
    """tools/parquet writes it as Parquet; datasets, pyarrow and DuckDB read there what stands in the lines."""
    with tempfile.TemporaryDirectory() as copy:
        copy = pathlib.Path(copy) / "parquet"
        parquet_write.write(folder.path, copy)
        for config, splits in folder.card.patterns.items():
            loaded = datasets.load_dataset(*names(folder, config, copy), cache_dir=str(copy.parent))
            for split, pattern in splits.items():
                rows = folder.rows[config, split]
                same_rows(loaded[split], rows, split)
                files = sorted(copy.glob(parquet_write.ENDING.sub(".parquet", pattern)))
                same_rows((row for file in files for row in pyarrow.parquet.read_table(file).to_pylist()), rows, split)
                compare_sums([str(file) for file in files], rows, folder.card.features[config])


def refused_as_parquet(folder):
    with tempfile.TemporaryDirectory() as copy:
        problem = require_failure(parquet_write.write, folder.path, pathlib.Path(copy) / "parquet", kind=Failure)
        require(problem.code == BAD_DATA, f"it ends with {problem.code}")


def compare_sums(files, rows, features):
    """DuckDB's count, and its sum of every column of numbers."""
    numbers = [feature["name"] for feature in features if feature.get("dtype") in ("float64", "int64")]
    sums = "".join(f', sum("{name}")' for name in numbers)
    connection = duckdb.connect()
    found = connection.execute(f"SELECT count(*){sums} FROM read_parquet(?)", [files]).fetchall()[0]
    require(found[0] == len(rows), f"DuckDB counts {found[0]} rows, the files hold {len(rows)}")
    for name, total in zip(numbers, found[1:]):
        expected = math.fsum(row[name] for row in rows if row[name] is not None)
        require(abs((total or 0) - expected) <= 1e-9 * max(1, abs(expected)), f"DuckDB's sum of {name} is {total}")


def check(checks, folder, expectation):
    """Returns what was loaded of the only configuration, or None.

    - expectation: what is known of the rows: "guessable" by a reader without the card, "typed" by the card only, or
      "misread": datasets takes texts for times even then, and only Parquet keeps them.
    """
    loaded = None
    configs = folder.card.patterns
    for config in configs:
        name = f"{folder}" if len(configs) == 1 else f"{folder} {config}"
        if expectation == "misread":
            checks.run(f"{name}: datasets misreads it, as README.md says", require_failure, load, folder, config)
            continue
        good, result = checks.run(f"{name}: load_dataset opens it, and has the files' values", load, folder, config)
        if not good:
            continue
        loaded = result
        checks.run(f"{name}: streaming gives the same rows", stream, folder, config)
        checks.run(f"{name}: a pattern of names and the card's types, too", load_by_typed_pattern, folder, config)
        if expectation == "guessable":
            checks.run(f"{name}: a pattern of names alone, too", load_by_pattern, folder, config)
        else:
            checks.run(f"{name}: without the card's types it fails", require_failure, load_by_pattern, folder, config)
        if config in folder.card.features:
            checks.run(f"{name}: a card with a wrong count is refused", load_with_wrong_count, folder, config)
    if folder.format != "completions":
        checks.run(f"{folder}: as Parquet for datasets, pyarrow and DuckDB, too", as_parquet, folder)
    else:
        checks.run(f"{folder}: Parquet is refused, since some columns have no one type", refused_as_parquet, folder)
    return loaded if len(configs) == 1 else None
