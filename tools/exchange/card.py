"""The card of an export: README.md, whose YAML block names the files of each configuration and the type of each column.

A card has one configuration, with `dataset_info` as a mapping, or several, with a list of such mappings. One of several
may have none: its columns differ from store to store, and datasets finds their types itself.
"""

import fnmatch

import pyarrow
import yaml

from failure import BAD_DATA, Failure

# The types of cards by their names in Arrow, as datasets has them.
SCALARS = {
    "string": pyarrow.string(), "large_string": pyarrow.large_string(), "bool": pyarrow.bool_(),
    "int8": pyarrow.int8(), "int16": pyarrow.int16(), "int32": pyarrow.int32(), "int64": pyarrow.int64(),
    "uint8": pyarrow.uint8(), "uint16": pyarrow.uint16(), "uint32": pyarrow.uint32(), "uint64": pyarrow.uint64(),
    "float32": pyarrow.float32(), "float64": pyarrow.float64(),
}


class Card:
    """README.md of one folder, read."""

    def __init__(self, text):
        parts = text.split("---\n", 2)
        if len(parts) != 3 or parts[0]:
            raise Failure(BAD_DATA, "README.md has no YAML block", "give a folder that aufdb export made")
        _, self.block, self.page = parts
        try:
            content = yaml.safe_load(self.block)
        except yaml.YAMLError as problem:
            raise Failure(BAD_DATA, f"the card's YAML can't be read: {' '.join(str(problem).split())}") from None
        try:
            infos = content["dataset_info"]
            infos = infos if isinstance(infos, list) else [infos]
            self.infos = {info.get("config_name", "default"): info for info in infos}
            self.patterns = {
                config["config_name"]: {entry["split"]: entry["path"] for entry in config["data_files"]}
                for config in content["configs"]}
            self.features = {name: info["features"] for name, info in self.infos.items()}
        except (KeyError, TypeError) as problem:
            raise Failure(BAD_DATA, f"the card lacks configs, or features: {problem}") from None

    def config_of(self, path):
        """The configuration that a file belongs to; None where no configuration names it."""
        for name, splits in self.patterns.items():
            if any(fnmatch.fnmatchcase(path, pattern) for pattern in splits.values()):
                return name
        return None

    def split_of(self, path):
        """The split that a file of a configuration belongs to."""
        splits = self.patterns[self.config_of(path)]
        return next(split for split, pattern in splits.items() if fnmatch.fnmatchcase(path, pattern))

    def schema(self, path):
        """The Arrow schema of a file of a configuration, from the card's features alone."""
        config = self.config_of(path)
        if config not in self.features:
            raise Failure(
                BAD_DATA, f"the card doesn't say the types of {config!r}, to which {path} belongs",
                "such files stay JSON Lines: types are never guessed")
        return pyarrow.schema([field(feature) for feature in self.features[config]])


def field(feature):
    return pyarrow.field(feature["name"], kind_of({key: value for key, value in feature.items() if key != "name"}))


def kind_of(feature):
    """The Arrow type of `{dtype: string}`, `{list: ...}` or `{struct: [...]}`; a bare text is a dtype."""
    if isinstance(feature, list):
        return pyarrow.struct([field(member) for member in feature])
    if isinstance(feature, str):
        feature = {"dtype": feature}
    for key, make in (("list", pyarrow.list_), ("large_list", pyarrow.large_list)):
        if key in feature:
            return make(kind_of(feature[key]))
    if "struct" in feature:
        return kind_of(feature["struct"])
    if feature.get("dtype") in SCALARS:
        return SCALARS[feature["dtype"]]
    raise Failure(BAD_DATA, f"the card has a feature that isn't known here: {feature}")
