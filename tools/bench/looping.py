"""`aufdb run` as prompts grow, and the parts of a run of 60,000 prompts x 30 responses x 2,560 numbers."""

import json
import random

from measurement import Side, alternate, measure
from rows import row
from workload import SEED, copy_store, remove_store, say

# ActiveUltraFeedback's own settings, but for the regularisation, which costs the same whatever it is.
PAPER = {
    "hidden": 128, "learning-rate": 0.00005, "batch": 64, "steps": 100, "repeat": "false", "replay": 6400,
    "outer-batch": 64, "regularisation-base": 0.9, "regularisation-scaler": 4308}
PAPER_PROMPTS, PAPER_RESPONSES, PAPER_WIDTH = 60_000, 30, 2560
# The high byte of a random float16: either sign, and magnitudes from 2^-7 to 1.
HIGH_BYTES = bytes((byte & 0x83) | (0x20 + (byte & 0x18)) for byte in range(256))


def embedded_store(work, name, prompt_count, response_count, width):
    """A store with short answers, random scores of them, and random vectors."""
    say(f"making the store of {prompt_count:,} prompts with {response_count} vectors of {width} each")
    draws = random.Random(SEED)
    lines, index = work.scratch / "embedded.jsonl", work.scratch / "embedded.index.jsonl"
    with lines.open("w") as file, index.open("w") as rows:
        for prompt in range(prompt_count):
            completions = []
            for response in range(response_count):
                model = f"model-{response:02}"
                completions.append(
                    {"model": model, "response_text": "words " * draws.randint(1, 20), "overall_score": draws.random()})
                place = prompt * response_count + response
                rows.write(f'{{"row":{place},"prompt_id":"prompt-{prompt:06}","model":"{model}"}}\n')
            file.write(json.dumps({
                "prompt_id": f"prompt-{prompt:06}", "prompt": f"question {prompt}", "completions": completions}) + "\n")
    matrix = work.scratch / "embedded.npy"
    write_halves(matrix, prompt_count * response_count, width, draws)
    store = work.new_store(name)
    work.do("import", store, lines)
    work.do("import", store, matrix, "--index", index, "--encoder", "random")
    for file in (lines, index, matrix):
        file.unlink()
    return store


def write_halves(path, row_count, width, draws):
    """A .npy file of random float16 numbers."""
    header = repr({"descr": "<f2", "fortran_order": False, "shape": (row_count, width)}).encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    with path.open("wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
        rows_left = row_count
        while rows_left:
            count = min(rows_left, 4096)
            block = bytearray(draws.randbytes(count * width * 2))
            block[1::2] = block[1::2].translate(HIGH_BYTES)
            file.write(block)
            rows_left -= count


def running(work, store, *settings, threads):
    arguments = [item for setting in settings for item in ("--set", setting)]
    return [work.aufdb, "run", store, "--judge", "scores:overall", "--threads", str(threads), *arguments]


def loop(work, runs):
    """Linear growth with prompts; the time and the memory of a large run from its parts."""
    counts = (2_000, 20_000) if work.prompt_count >= 60_000 else (200, 2_000)
    stores = [embedded_store(work, f"embedded-{count}.aufdb", count, 6, 384) for count in counts]
    sides = []
    for count, store in zip(counts, stores):
        copy = f"run-{count}.aufdb"
        sides.append(Side(
            f"{count:,} prompts", running(work, store.with_name(copy), threads=1),
            lambda store=store, copy=copy: copy_store(store, copy)))
    alternate(sides, min(runs, 3))
    few, many = sides
    growth = many.wall_seconds / few.wall_seconds / (counts[1] / counts[0])
    yield row(
        "run, ten times the prompts", f"{many.wall_seconds:.2f} s", f"{few.wall_seconds:.2f} s", growth, None, "1.25x",
        growth > 1.25, many.peak_bytes, f"{counts[1]:,} prompts beside {counts[0]:,}, per prompt")
    for file in [*stores, *(store.with_name(f"run-{count}.aufdb") for store, count in zip(stores, counts))]:
        remove_store(file)
    yield from paper_sized(work)


def paper_sized(work):
    """A run of the paper's size. Its iterations grow until the replay buffer is full, after 100 of them; from there on
    each costs the same. So it is the sum of a ramp and of that cost, both measured on fewer prompts and fewer steps."""
    outer, full = PAPER["outer-batch"], PAPER["replay"] // PAPER["outer-batch"]
    prompts = outer * 14
    store = embedded_store(work, "paper.aufdb", prompts, PAPER_RESPONSES, PAPER_WIDTH)
    seconds = {}
    peak = 0
    for steps in (1, 11):
        for count in (4, 14):
            copy = copy_store(store, "paper-run.aufdb")
            # Batches of as many pairs; with repeats every iteration has as many steps.
            settings = PAPER | {"steps": steps, "repeat": "true", "prompts": count * outer, "checkpoint-every": 1000}
            cost = measure([str(part) for part in running(
                work, copy, *(f"{key}={value}" for key, value in settings.items()), threads=2)])
            seconds[steps, count] = cost.wall_seconds
            peak = max(peak, cost.peak_bytes)
            remove_store(copy)
    iteration = {steps: (seconds[steps, 14] - seconds[steps, 4]) / 10 for steps in (1, 11)}
    step = (iteration[11] - iteration[1]) / 10
    rest = iteration[1] - step
    count = -(-PAPER_PROMPTS // outer)
    steps = full * (full + 1) // 2 + (count - full) * full
    total = count * rest + steps * step
    # What the small run doesn't hold: the replay buffer when it is full.
    memory = peak + (PAPER["replay"] - prompts) * 2 * PAPER_WIDTH * 4
    yield row(
        "run, the paper's size, 2 threads", f"{total / 60:.0f} min", "-", None, None, "60 min", total > 3600, memory,
        f"{steps:,} steps of {step * 1000:.0f} ms, {count} iterations of {rest * 1000:.0f} ms besides; extrapolated")
    remove_store(store)
