"""Checks exported folders with their real consumers; run it through tools/check-exports, which makes its environment.

For each folder: the manifest against the files, the files against the card, what datasets loads against the raw
lines (value by value, because its JSON reader can change them), streaming against loading, then the rows' shape and
what TRL's own helpers make of them, and at last two training steps with a tiny model of random weights.
One line a check on stdout; the last line is "N passed, N failed"; exit code 1 when a check failed.
"""

import argparse
import hashlib
import importlib
import itertools
import json
import logging
import pathlib
import sys
import time
import warnings

import yaml
import zstandard

MESSAGES = {"prompt", "chosen", "rejected"}
SCORES = {"chosen_score", "rejected_score", "margin"}
COLUMNS = {
    "dpo": [
        "prompt_id", "source", "prompt", "chosen", "rejected",
        "chosen_model", "chosen_score", "rejected_model", "rejected_score",
    ],
    "rm": [
        "prompt_id", "source", "chosen", "rejected",
        "chosen_model", "chosen_score", "rejected_model", "rejected_score",
    ],
}


def require(condition, reason):
    """Raises AssertionError even under -O, which a plain `assert` would not."""
    if not condition:
        raise AssertionError(reason)


def shorten(value):
    text = repr(value)
    return text if len(text) <= 160 else text[:157] + "..."


class Checks:
    """Runs checks, prints a line for each, and counts them."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def run(self, name, body, *arguments):
        """Runs `body(*arguments)`: returns (True, its result), or (False, None) when it raised."""
        began = time.monotonic()
        try:
            result = body(*arguments)
        except Exception as problem:  # whatever a consumer raises is a failed check, not a crash of this script
            self.failed += 1
            reason = " ".join(str(problem).split())[:400]
            print(f"FAIL  {name}: {type(problem).__name__}: {reason}", flush=True)
            return False, None
        self.passed += 1
        print(f"ok    {name} ({time.monotonic() - began:.1f} s)", flush=True)
        return True, result


# --- the folder by itself -------------------------------------------------------------------------------------------


def read_manifest(folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    require(manifest["format"] in COLUMNS, f"format {manifest['format']!r} is neither dpo nor rm")
    require(manifest["rows"] == sum(file["rows"] for file in manifest["files"]), "rows is not the sum over files")
    require(manifest["rows"] > 0, "the export has no rows")
    return manifest


def compare_files(folder, manifest):
    listed = [file["path"] for file in manifest["files"]]
    present = sorted(str(path.relative_to(folder).as_posix()) for path in (folder / "data").rglob("*"))
    require(sorted(listed) == present, f"manifest lists {listed}, data/ holds {present}")
    for file in manifest["files"]:
        content = (folder / file["path"]).read_bytes()
        require(len(content) == file["bytes"], f"{file['path']}: {len(content)} bytes, manifest says {file['bytes']}")
        digest = hashlib.sha256(content).hexdigest()
        require(digest == file["sha256"], f"{file['path']}: SHA-256 is {digest}, manifest says {file['sha256']}")


def read_lines(folder, manifest, names):
    """The rows of each split, read with nothing but zstandard and json: what the loaded rows must equal."""
    rows = {}
    for file in sorted(manifest["files"], key=lambda entry: entry["path"]):
        with open(folder / file["path"], "rb") as compressed:
            stream = zstandard.ZstdDecompressor().stream_reader(compressed, read_across_frames=True)
            lines = stream.read().split(b"\n")
        require(lines.pop() == b"", f"{file['path']}: the last line has no newline")
        require(len(lines) == file["rows"], f"{file['path']}: {len(lines)} lines, manifest says {file['rows']}")
        for number, line in enumerate(lines, 1):
            row = json.loads(line)
            require(list(row) == names, f"{file['path']}:{number}: keys {list(row)}")
            for key in SCORES & set(row):
                require(row[key] is None or type(row[key]) is float, f"{file['path']}:{number}: {key} is not a float")
            rows.setdefault(file["split"], []).append(row)
    return rows


def read_card(folder):
    text = (folder / "README.md").read_text(encoding="utf-8")
    require(text.startswith("---\n"), "the card has no YAML block")
    return yaml.safe_load(text.split("\n---\n", 1)[0])


def compare_card(card, manifest, columns):
    """The card against the manifest. Returns the names of the card's features, in order."""
    names = [feature["name"] for feature in card["dataset_info"]["features"]]
    expected = columns + (["margin"] if "margin" in names else [])
    require(names == expected, f"features {names}, expected {expected}")
    counts = {}
    for file in manifest["files"]:
        counts[file["split"]] = counts.get(file["split"], 0) + file["rows"]
    stated = {split["name"]: split["num_examples"] for split in card["dataset_info"]["splits"]}
    require(stated == counts, f"the card's splits {stated}, the manifest's {counts}")
    configured = {entry["split"] for entry in card["configs"][0]["data_files"]}
    require(configured == set(counts), f"configs name the splits {configured}")
    return names


def disjoint_prompts(rows):
    """No prompt stands in two splits: by id, and by text, since one text may have several ids."""
    seen = {}
    for split, members in rows.items():
        for row in members:
            prompt = row["prompt"] if "prompt" in row else row["chosen"][:-1]
            for key in (row["prompt_id"], json.dumps(prompt)):
                require(seen.setdefault(key, split) == split, f"{row['prompt_id']} is in {seen[key]} and in {split}")


# --- through datasets -----------------------------------------------------------------------------------------------


class Collected(logging.Handler):
    """Collects what datasets warns about, e.g. a part of the card that it ignores."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


def load(folder, card, rows):
    import datasets

    collected = Collected()
    logging.getLogger("datasets").addHandler(collected)
    try:
        loaded = datasets.load_dataset(str(folder))
    finally:
        logging.getLogger("datasets").removeHandler(collected)
    require(not collected.messages, "; ".join(collected.messages))
    require(set(loaded) == set(rows), f"splits {sorted(loaded)}")
    features = datasets.Features._from_yaml_list(card["dataset_info"]["features"])
    for split, data in loaded.items():
        require(data.num_rows == len(rows[split]), f"{split}: {data.num_rows} rows, the files hold {len(rows[split])}")
        require(data.features == features, f"{split}: features {data.features}")
        require(data.column_names == list(features), f"{split}: columns {data.column_names}")
    return loaded


def same_rows(found, expected, split):
    for number, (ours, theirs) in enumerate(itertools.zip_longest(expected, found), 1):
        require(theirs is not None, f"{split}: only {number - 1} rows, the files hold {len(expected)}")
        require(ours is not None, f"{split}: more rows than the {len(expected)} of the files")
        for key, value in ours.items():
            require(
                theirs[key] == value,
                f"{split} {ours['prompt_id']} {key}: {shorten(theirs[key])}, the file says {shorten(value)}",
            )


def compare_loaded(loaded, rows):
    for split, data in loaded.items():
        same_rows(data, rows[split], split)


def compare_streamed(folder, rows):
    import datasets

    for split, expected in rows.items():
        same_rows(datasets.load_dataset(str(folder), split=split, streaming=True), expected, split)


# --- the run --------------------------------------------------------------------------------------------------------


def check_folder(checks, folder, train):
    name = folder.name or str(folder)
    good, manifest = checks.run(f"{name}: manifest.json is whole", read_manifest, folder)
    if not good:
        return
    kind = manifest["format"]
    name = f"{name} ({kind})"
    checks.run(f"{name}: files, sizes and SHA-256 are the manifest's", compare_files, folder, manifest)
    good, card = checks.run(f"{name}: the card has a YAML block", read_card, folder)
    if not good:
        return
    good, names = checks.run(f"{name}: card and manifest agree", compare_card, card, manifest, COLUMNS[kind])
    if not good:
        return
    good, rows = checks.run(f"{name}: every line has every column", read_lines, folder, manifest, names)
    if not good:
        return
    checks.run(f"{name}: no prompt in two splits", disjoint_prompts, rows)
    good, loaded = checks.run(f"{name}: load_dataset opens it, without a warning", load, folder, card, rows)
    if not good:
        return
    checks.run(f"{name}: loaded values are the files'", compare_loaded, loaded, rows)
    checks.run(f"{name}: streaming gives the same rows", compare_streamed, folder, rows)
    # By name, since a hyphen is no part of an identifier; late, since torch takes seconds to import.
    trl_checks = importlib.import_module("check-exports-trl")
    trl_checks.check_rows(checks, name, kind, loaded, train)


def main():
    parser = argparse.ArgumentParser(prog="tools/check-exports", description="Checks exported folders.")
    parser.add_argument("folders", nargs="+", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--no-train", action="store_true", help="leave out the two training steps per folder")
    options = parser.parse_args()
    # The consumers warn of each other's old names; that says nothing about an export.
    warnings.simplefilter("ignore", FutureWarning)
    import datasets

    datasets.disable_progress_bars()
    checks = Checks()
    for folder in options.folders:
        check_folder(checks, folder, not options.no_train)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
