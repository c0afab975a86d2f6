"""NeMo-RL's way of reading preferences, as rules: NeMo-RL itself installs on machines with accelerators only.

`data_path` is opened as JSON where its name ends in .json or .jsonl, and with load_dataset otherwise
(nemo_rl/data/datasets/utils.py); each row has exactly two completions, of which the one with the lower rank is the
chosen one, equal ranks are refused, and the messages are `context + completion` (nemo_rl/data/processors.py).
"""

import datasets

from checks import require


def preferences(row):
    """The chosen and the rejected conversation that NeMo-RL would train on."""
    first, second = row["completions"]
    require(first["rank"] != second["rank"], "a tie")
    chosen, rejected = (first, second) if first["rank"] < second["rank"] else (second, first)
    return row["context"] + chosen["completion"], row["context"] + rejected["completion"]


def opened(path, split):
    if str(path).endswith((".json", ".jsonl")):
        return datasets.load_dataset("json", data_files=str(path))["train"]
    return datasets.load_dataset(str(path))[split]


def read(folder, path, split, expected):
    found = [preferences(row) for row in opened(path, split)]
    require(found == [preferences(row) for row in expected], f"{path}: other conversations than the file's")


def check(checks, folder):
    for split, rows in folder.splits().items():
        checks.run(f"{folder} {split}: NeMo-RL's rules, on the folder", read, folder, folder.path, split, rows)
        files = [file["path"] for file in folder.manifest["files"] if file["split"] == split]
        if len(files) == 1 and files[0].endswith(".jsonl"):
            checks.run(
                f"{folder} {split}: NeMo-RL's rules, on its file", read, folder, folder.path / files[0], split, rows)
