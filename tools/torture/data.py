"""Input files for stores, made from tools/sample by a seed: which prompts, in what order, how long."""

import json
import pathlib
import random
import shutil
import struct

SAMPLE = pathlib.Path(__file__).resolve().parents[1] / "sample"
JUDGES = ("overall", "other")
# More than SQLite's page cache in aufdb's import (64 MB), so that rows reach the disk before their commit does.
LARGE_BYTES = 80_000_000


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def write_lines(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_inputs(folder, seed):
    """Writes the files that stores.py and cases.py name."""
    choice = random.Random(f"{seed}/data")
    prompts = read_lines(SAMPLE / "completions.jsonl")
    choice.shuffle(prompts)
    first = prompts[:choice.randint(24, 40)]
    ids = {prompt["prompt_id"] for prompt in first}
    write_lines(folder / "completions.jsonl", first)
    write_lines(folder / "more.jsonl", prompts[len(first):])
    estimates = [row for row in read_lines(SAMPLE / "estimates.jsonl") if row["prompt_id"] in ids]
    write_lines(folder / "estimates.jsonl", estimates)
    write_embeddings(folder, ids)
    shutil.copy(SAMPLE / "loop.yaml", folder)
    write_lines(folder / "large.jsonl", large(choice))


def write_embeddings(folder, ids):
    """The matrix of the sample (.npy 1.0: float16, a row for each response) with the rows of these prompts only."""
    matrix = (SAMPLE / "embeddings.npy").read_bytes()
    begin = 10 + struct.unpack_from("<H", matrix, 8)[0]
    index = read_lines(SAMPLE / "embeddings.index.jsonl")
    row_bytes = (len(matrix) - begin) // len(index)
    chosen = [row for row in index if row["prompt_id"] in ids]
    header = f"{{'descr': '<f2', 'fortran_order': False, 'shape': ({len(chosen)}, {row_bytes // 2}), }}"
    header += " " * (-(10 + len(header) + 1) % 64) + "\n"
    rows = (matrix[begin + row["row"] * row_bytes:][:row_bytes] for row in chosen)
    (folder / "embeddings.npy").write_bytes(matrix[:8] + struct.pack("<H", len(header)) + header.encode()
                                            + b"".join(rows))
    write_lines(folder / "embeddings.index.jsonl", ({**row, "row": number} for number, row in enumerate(chosen)))


def large(choice):
    """Few responses of many letters each."""
    letters = "".join(choice.choices("abcdefghijklmnop qrstuvwxyz\n", k=100_000))
    for number in range(LARGE_BYTES // 200_000):
        start = choice.randrange(50_000)
        yield {"prompt_id": f"large-{number}", "prompt": f"Prompt {number}", "completions": [
            {"model": model, "response_text": f"{model} {number} " + letters[start:] + letters[:start]}
            for model in ("a", "b")]}


def write_definitions(path, server):
    """Models that the server answers for, few requests at once, so that a kill finds some answered and some not."""
    limits = "{concurrency: 4}"
    path.write_text(
        "models:\n"
        f"  ember: {{url: '{server.url('generate')}', limits: {limits}}}\n"
        f"  flint: {{url: '{server.url('generate')}', limits: {limits}}}\n"
        f"  large: {{url: '{server.url('judge')}', limits: {limits}}}\n"
        f"  small: {{url: '{server.url('embed')}', limits: {limits}}}\n"
        "judges:\n  helpful: {endpoint: large, mode: pairwise, rubric: preference}\n"
        "encoders:\n  tiny: {endpoint: small, dimensions: 3, batch: 8}\n", encoding="utf-8")


def flipped(labels):
    """The same labels with the other response chosen."""
    swapped = {"chosen_model": "rejected_model", "chosen_sample": "rejected_sample", "chosen_score": "rejected_score"}
    swapped |= {new: old for old, new in swapped.items()}
    for label in labels:
        yield {swapped.get(key, key): value for key, value in label.items()}
