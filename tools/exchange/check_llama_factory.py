"""What LLaMA-Factory makes of an export: its own parser of dataset_info.json, its own loader and converters.

Only these modules of it are imported: what the package imports by itself wants other versions than TRL does.
"""

import importlib.util
import os
import sys
import types

from checks import require


def reader():
    """The package's modules `parser` and `loader`, without what its __init__ imports."""
    if "llamafactory.data" not in sys.modules:
        root = importlib.util.find_spec("llamafactory").submodule_search_locations[0]
        package = types.ModuleType("llamafactory.data")
        package.__path__ = [os.path.join(root, "data")]
        sys.modules["llamafactory.data"] = package
    from llamafactory.data import loader, parser

    return parser, loader


def expected(row):
    """Prompt, answers and system message as LLaMA-Factory keeps them, made of the row without it."""
    roles = {"human": "user", "gpt": "assistant"}
    if "conversations" in row:
        prompt = [{"role": roles[turn["from"]], "content": turn["value"]} for turn in row["conversations"]]
        texts = [row[key]["value"] for key in ("chosen", "rejected")]
    else:
        # Rows of this style have one turn: a history that is empty everywhere has no type that a reader could guess.
        prompt = [{"role": "user", "content": row["instruction"]}]
        texts = [row["chosen"], row["rejected"]]
    return prompt, [{"role": "assistant", "content": text} for text in texts], row["system"]


def read(folder, split, rows):
    parser, loader = reader()
    (attributes,) = parser.get_dataset_list([split], str(folder.path))
    require(attributes.ranking is True, "it is no set of preferences")
    model = types.SimpleNamespace(cache_dir=None, hf_hub_token=None)
    data = types.SimpleNamespace(
        dataset_dir=str(folder.path), media_dir=None, streaming=False, max_samples=None, overwrite_cache=True,
        preprocessing_num_workers=None)
    training = types.SimpleNamespace(local_process_index=0)
    loaded = loader._load_single_dataset(attributes, model, data, training)
    require(len(loaded) == len(rows), f"{len(loaded)} rows, the file holds {len(rows)}")
    for row, made in zip(rows, loaded):
        found = made["_prompt"], made["_response"], made["_system"]
        require(found == expected(row), f"{row['prompt_id']}: LLaMA-Factory reads {found!r:.300}")


def check(checks, folder):
    for split, rows in folder.splits().items():
        checks.run(f"{folder} {split}: LLaMA-Factory's loader reads it", read, folder, split, rows)
