"""An exported folder by itself: manifest, card and lines, read with nothing but zstandard, gzip and json."""

import gzip
import hashlib
import json

import zstandard

from card import Card
from checks import require

FORMATS = ["dpo", "rm", "kto", "strings", "llama-factory", "nemo", "ultrafeedback-binarized", "completions"]
SCALARS = {"string": str, "float64": float, "int64": int, "bool": bool}


class ExportFolder:
    """A folder whose manifest and card could be read. `rows` has the rows of each (configuration, split)."""

    def __init__(self, path):
        self.path = path
        self.manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        self.format = self.manifest["format"]
        require(self.format in FORMATS, f"format {self.format!r} is none that these checks know")
        self.card = Card((path / "README.md").read_text(encoding="utf-8"))
        self.rows = {}

    def __str__(self):
        return f"{self.path.name or self.path} ({self.format})"

    def compare_files(self):
        """The files against the manifest: which there are, their sizes and their SHA-256."""
        files = self.manifest["files"] + self.manifest.get("extra_files", [])
        listed = sorted(file["path"] for file in files)
        present = (path.relative_to(self.path).as_posix() for path in self.path.rglob("*") if path.is_file())
        found = sorted(set(present) - {"README.md", "manifest.json"})
        require(listed == found, f"manifest lists {listed}, the folder holds {found}")
        for file in files:
            content = (self.path / file["path"]).read_bytes()
            require(len(content) == file["bytes"], f"{file['path']}: {len(content)} bytes, listed as {file['bytes']}")
            digest = hashlib.sha256(content).hexdigest()
            require(digest == file["sha256"], f"{file['path']}: SHA-256 is {digest}, manifest says {file['sha256']}")

    def compare_card(self):
        """The card against the manifest: splits and how many rows each has, in every configuration."""
        counts = {name: {} for name in self.card.patterns}
        for file, config, split in self.data_files():
            counts[config][split] = counts[config].get(split, 0) + file["rows"]
            require(file["rows"] > 0, f"{file['path']} is empty")
        for name, splits in counts.items():
            require(set(self.card.patterns[name]) == set(splits), f"{name}: configs name {self.card.patterns[name]}")
            if name not in self.card.features:
                require(self.format == "completions", f"the card has no features of {name}")
                continue
            stated = {split["name"]: split["num_examples"] for split in self.card.infos[name]["splits"]}
            require(stated == splits, f"{name}: the card's splits {stated}, the manifest's {splits}")

    def data_files(self):
        """Each file that load_dataset opens, with its configuration and split, in the order of their names."""
        for file in sorted(self.manifest["files"], key=lambda entry: entry["path"]):
            config = self.card.config_of(file["path"])
            if config is None:
                # A store's embeddings are matrices, which are no rows.
                require(self.format == "completions", f"no configuration of the card names {file['path']}")
                continue
            yield file, config, self.card.split_of(file["path"])

    def read_lines(self):
        """Reads all rows, and requires that each has every column, in order, with a value of the column's type."""
        for file, config, split in self.data_files():
            lines = content(self.path / file["path"]).split(b"\n")
            require(lines.pop() == b"", f"{file['path']}: the last line has no newline")
            require(len(lines) == file["rows"], f"{file['path']}: {len(lines)} lines, manifest says {file['rows']}")
            rows = self.rows.setdefault((config, split), [])
            for number, line in enumerate(lines, 1):
                row = json.loads(line)
                if config in self.card.features:
                    fits(row, self.card.features[config], f"{file['path']}:{number}")
                rows.append(row)

    def splits(self):
        """The rows of each split of the only configuration."""
        return {split: rows for (_, split), rows in self.rows.items()}


def content(path):
    data = path.read_bytes()
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def fits(value, feature, where):
    """Requires that a value is of a feature's type: a float has a point, and an object every key, in order."""
    if isinstance(feature, list):
        require(isinstance(value, dict), f"{where}: no object but {value!r:.80}")
        require(list(value) == [member["name"] for member in feature], f"{where}: keys {list(value)}")
        for member in feature:
            inner = {key: part for key, part in member.items() if key != "name"}
            if value[member["name"]] is not None:
                fits(value[member["name"]], inner, f"{where} {member['name']}")
    elif isinstance(feature, dict) and "list" in feature:
        require(isinstance(value, list), f"{where}: no list but {value!r:.80}")
        for element in value:
            if element is not None:
                fits(element, feature["list"], where)
    elif isinstance(feature, dict) and "struct" in feature:
        fits(value, feature["struct"], where)
    else:
        name = feature["dtype"] if isinstance(feature, dict) else feature
        if name == "json":  # any value
            return
        require(name in SCALARS, f"{where}: the card has the type {name}")
        require(type(value) is SCALARS[name], f"{where}: {value!r:.80} is no {name}")
