"""The rows of each format by themselves: which columns there are, and what must be true of every row."""

import json
import math

from checks import require

MODELS = ["chosen_model", "chosen_score", "rejected_model", "rejected_score"]
COLUMNS = {
    "dpo": ["prompt_id", "source", "prompt", "chosen", "rejected", *MODELS],
    "rm": ["prompt_id", "source", "chosen", "rejected", *MODELS],
    "kto": ["prompt_id", "source", "prompt", "completion", "label", "model", "score"],
    "strings": ["prompt_id", "source", "prompt", "chosen", "rejected", *MODELS],
    # Read without the card, so without columns that may be null throughout a file: they would have no type.
    "nemo": ["prompt_id", "context", "completions", "chosen_model", "rejected_model"],
    "ultrafeedback-binarized": [
        "prompt", "prompt_id", "chosen", "rejected", "messages", "score_chosen", "score_rejected", "source",
        "chosen_model", "rejected_model"],
}
# Whose answer comes next after which roles.
ANSWERED = ("user", "tool")


def columns(folder):
    """The card's columns are the format's: by name and in order, `margin` last if it is there."""
    for features in folder.card.features.values():
        names = [feature["name"] for feature in features]
        if folder.format in COLUMNS:
            expected = COLUMNS[folder.format] + (["margin"] if "margin" in names else [])
            require(names == expected, f"features {names}, expected {expected}")


def disjoint_prompts(folder):
    """No prompt stands in two splits: by id, and by text, since one text may have several ids."""
    seen = {}
    for split, rows in folder.splits().items():
        for row in rows:
            for key in (row["prompt_id"], json.dumps(prompt_of(row))):
                require(seen.setdefault(key, split) == split, f"{row['prompt_id']} is in {seen[key]} and in {split}")


def prompt_of(row):
    """What stands for the prompt, in any format."""
    if "conversations" in row or "instruction" in row:
        return [row.get(key) for key in ("conversations", "instruction", "system")]
    return row.get("context") or (row["prompt"] if isinstance(row.get("prompt"), list) else None) or (
        row["prompt"] if "messages" not in row and "prompt" in row else row["chosen"][:-1])


def well_formed(rows, kind):
    """Every row is a preference (or, for kto, a judged answer) between two different answers that aren't empty."""
    for row in rows:
        where = row["prompt_id"]
        SHAPES[kind](row, where)
        for name in ("score", "margin", "chosen_score", "rejected_score", "score_chosen", "score_rejected"):
            require(row.get(name) is None or math.isfinite(row[name]), f"{where}: {name} is {row.get(name)}")
        if "margin" in row:
            require(row["margin"] is not None, f"{where}: margin is null")
    if kind == "kto":
        two_by_two(rows)


def conversation(messages, where, last):
    """Messages with a role and a text each; the last is by one of `last`."""
    require(messages, f"{where}: no message")
    for message in messages:
        require(list(message) == ["role", "content"], f"{where}: a message with {sorted(message)}")
        require(isinstance(message["role"], str) and isinstance(message["content"], str), f"{where}: {message}")
    require(messages[-1]["role"] in last, f"{where}: ends with {messages[-1]['role']}")


def answers(chosen, rejected, where):
    for answer in (chosen, rejected):
        require(isinstance(answer, str) and answer != "", f"{where}: an empty answer")
    require(chosen != rejected, f"{where}: chosen equals rejected")


def only_answer(messages, where):
    require(len(messages) == 1, f"{where}: {len(messages)} messages")
    conversation(messages, where, ["assistant"])
    return messages[0]["content"]


def dpo(row, where):
    conversation(row["prompt"], where, ANSWERED)
    answers(only_answer(row["chosen"], where), only_answer(row["rejected"], where), where)


def rm(row, where):
    require("prompt" not in row, f"{where}: an implicit pair has no prompt column")
    for key in ("chosen", "rejected"):
        conversation(row[key], where, ["assistant"])
    require(row["chosen"][:-1] == row["rejected"][:-1], f"{where}: the conversations differ before the answer")
    answers(row["chosen"][-1]["content"], row["rejected"][-1]["content"], where)


def kto(row, where):
    conversation(row["prompt"], where, ANSWERED)
    require(only_answer(row["completion"], where) != "", f"{where}: an empty answer")
    require(isinstance(row["label"], bool), f"{where}: label {row['label']}")


def two_by_two(rows):
    """A good answer and then a bad one of each pair."""
    require(len(rows) % 2 == 0, f"{len(rows)} rows")
    for good, bad in zip(rows[::2], rows[1::2]):
        where = good["prompt_id"]
        require((good["label"], bad["label"]) == (True, False), f"{where}: labels {good['label']}, {bad['label']}")
        require(good["prompt"] == bad["prompt"] and where == bad["prompt_id"], f"{where}: beside {bad['prompt_id']}")
        answers(good["completion"][0]["content"], bad["completion"][0]["content"], where)


def strings(row, where):
    require(isinstance(row["prompt"], str), f"{where}: prompt is no text")
    answers(row["chosen"], row["rejected"], where)


def nemo(row, where):
    conversation(row["context"], where, ANSWERED)
    require([answer["rank"] for answer in row["completions"]] == [0, 1], f"{where}: {row['completions']!r:.80}")
    answers(*(only_answer(answer["completion"], where) for answer in row["completions"]), where)


def ultrafeedback_binarized(row, where):
    for key in ("chosen", "rejected"):
        conversation(row[key], where, ["assistant"])
    require(row["chosen"][:-1] == row["rejected"][:-1], f"{where}: the conversations differ before the answer")
    require(row["prompt"] == row["chosen"][-2]["content"], f"{where}: prompt isn't what the user said last")
    require(row["messages"] == row["chosen"], f"{where}: messages isn't chosen")
    answers(row["chosen"][-1]["content"], row["rejected"][-1]["content"], where)


def llama_factory(row, where):
    chosen, rejected = row["chosen"], row["rejected"]
    if isinstance(chosen, dict):
        require(chosen["from"] == rejected["from"] == "gpt", f"{where}: answers by {chosen['from']}")
        chosen, rejected = chosen["value"], rejected["value"]
    answers(chosen, rejected, where)


SHAPES = {
    "dpo": dpo, "rm": rm, "kto": kto, "strings": strings, "nemo": nemo, "llama-factory": llama_factory,
    "ultrafeedback-binarized": ultrafeedback_binarized}
