"""Checks exported folders with their real consumers; run it through tools/check-exports, which makes its environment.

For each folder: the manifest against the files, the files against the card, what datasets loads against the raw
lines (value by value, because its JSON reader can change them), the rows' shape; then what the format's own reader
makes of them: TRL with two training steps of a tiny model of random weights, LLaMA-Factory's loader, NeMo-RL's rules.
One line a check on stdout; the last line is "N passed, N failed"; exit code 1 when a check failed.
"""

import argparse
import pathlib
import sys
import warnings

import datasets

import check_loading
import check_nemo
import check_shapes
from checks import Checks
from export_folder import ExportFolder


def check_folder(checks, path, expectation, options):
    good, folder = checks.run(f"{path.name or path}: manifest and card can be read", ExportFolder, path)
    if not good:
        return
    checks.run(f"{folder}: files, sizes and SHA-256 are the manifest's", folder.compare_files)
    checks.run(f"{folder}: card and manifest agree", folder.compare_card)
    good, _ = checks.run(f"{folder}: every line has every column, with its type", folder.read_lines)
    if not good:
        return
    loaded = check_loading.check(checks, folder, expectation)
    if folder.format == "completions" or loaded is None:
        return
    checks.run(f"{folder}: the columns are the format's", check_shapes.columns, folder)
    checks.run(f"{folder}: no prompt in two splits", check_shapes.disjoint_prompts, folder)
    for split, rows in folder.splits().items():
        checks.run(f"{folder} {split}: the rows are well formed", check_shapes.well_formed, rows, folder.format)
    if folder.format == "nemo":
        check_nemo.check(checks, folder)
    if options.no_trl:
        return
    # Late, since they import torch.
    if folder.format == "llama-factory":
        import check_llama_factory

        check_llama_factory.check(checks, folder)
    elif folder.format != "nemo":
        import check_trl

        check_trl.check(checks, folder, loaded, not options.no_train)


def main():
    parser = argparse.ArgumentParser(prog="tools/check-exports", description="Checks exported folders.")
    parser.add_argument("folders", nargs="*", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument(
        "--typed", action="append", default=[], type=pathlib.Path, metavar="FOLDER",
        help="a folder whose rows can't be read without the card's types; it must fail without them")
    parser.add_argument(
        "--misread", action="append", default=[], type=pathlib.Path, metavar="FOLDER",
        help="a folder whose texts datasets takes for times, whatever the card says; as Parquet it is read right")
    parser.add_argument("--no-train", action="store_true", help="leave out the two training steps per folder")
    parser.add_argument("--no-trl", action="store_true", help="leave out all that needs torch")
    options = parser.parse_args()
    expectations = [
        *((folder, "guessable") for folder in options.folders), *((folder, "typed") for folder in options.typed),
        *((folder, "misread") for folder in options.misread)]
    if not expectations:
        parser.error("name a folder")
    # The consumers warn of each other's old names; that says nothing about an export.
    warnings.simplefilter("ignore", FutureWarning)
    datasets.disable_progress_bars()
    checks = Checks()
    for folder, expectation in expectations:
        check_folder(checks, folder, expectation, options)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
