"""The small inputs of the verbs that are run on failing disks."""

import json
import re
import struct

MODELS = ("atlas", "birch", "cedar")


def completion(model, text, score=None):
    return {"model": model, "response_text": text, **({} if score is None else {"overall_score": score})}


def records(size):
    """The JSON Lines files, by name."""
    files = {"completions": [], "estimates": [], "index": []}
    for p in range(size):
        answers = []
        for i, model in enumerate(MODELS):
            answers.append(completion(model, f"answer {i} of {model} to question {p}. " * 40, (p * 7 + i * 5) % 10))
            key = {"prompt_id": f"p{p}", "model": model}
            reward = (p * 3 + i * 4) % 7 / 4
            files["estimates"].append({**key, "reward": reward, "lower": reward - 1, "upper": reward + 1})
            files["index"].append({"row": p * len(MODELS) + i, **key})
        files["completions"].append({"prompt_id": f"p{p}", "prompt": f"question {p}", "completions": answers})
    for name in ("q", "s", "t"):
        files[name] = [{"prompt_id": name, "prompt": "one more", "completions": [completion("atlas", "yes")]}]
    # No prompt is a number.
    files["q"].append({"prompt_id": "r", "prompt": 7})
    return files


def npy(count):
    """A .npy file of `count` vectors of four elements."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({count}, 4), }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    values = [((i * 37) % 11) / 11 - 0.5 for i in range(count * 4)]
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{count * 4}f", *values)


def write(folder, size):
    """Writes files about `size` prompts with three responses each."""
    for name, lines in records(size).items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / "vectors.npy").write_bytes(npy(size * len(MODELS)))
    (folder / "models.yaml").write_text('models:\n  ember: {url: "http://127.0.0.1:9/v1", model: ember-3b}\n')
    (folder / "loop.yaml").write_text(
        "version: 1\nname: small\nmethod: drts\njudge: scores:overall\nencoder: made\nseed: 7\nouter-batch: 3\n"
        "heads: 3\nhidden: 4\nbatch: 4\nsteps: 2\nallow-partial: true\n")


def answered(sheet):
    """A sheet of pairs with an answer to each."""
    return sheet.replace('"choice":null', '"choice":"first"')


def results(questions):
    """Results of a batch of questions to a chat model."""
    body = {"choices": [{"message": {"content": "an answer"}, "finish_reason": "stop"}]}
    ids = re.findall(r'"custom_id":"([0-9a-f]+)"', questions)
    return "".join(
        json.dumps({"custom_id": id, "response": {"status_code": 200, "body": body}, "error": None}) + "\n"
        for id in ids)
