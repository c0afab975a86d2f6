"""Imports of every kind: whether their memory stays flat, and what embeddings cost beside bare BLOBs."""

import contextlib
import itertools
import json
import random
import sqlite3
import sys

from looping import write_halves
from measurement import Side, alternate, measure
from rows import MEGABYTE, compared, row
from workload import SEED, copy_store, remove_store

# Shares of the prompts: 100 MB and 1 GB of completions at full size.
SHARES = (0.26, 2.6)
FILLS_CACHE_BYTES = 64 * MEGABYTE
WIDTH = 384
ASPECTS = ("instruction_following", "honesty", "truthfulness", "helpfulness")


def import_kinds(work, runs):
    """The peak memory of an import of each kind as the file grows tenfold."""
    del runs  # memory hardly varies from run to run
    firsts = {}
    for share in SHARES:
        completions, _ = work.answers(int(work.prompt_count * share))
        base = work.new_store("base.aufdb")
        work.do("import", base, completions)
        for kind, (lines_of, options, needs_responses) in KINDS.items():
            lines = work.scratch / f"{kind}.jsonl"
            write_records(completions, lines_of, lines)
            store = copy_store(base, "kind.aufdb") if needs_responses else work.new_store("kind.aufdb")
            cost = measure([str(part) for part in (work.aufdb, "import", store, lines, "--as", kind, *options)])
            size = lines.stat().st_size
            lines.unlink()
            remove_store(store)
            first_size, first_peak = firsts.setdefault(kind, (size, cost.peak_bytes))
            growth = cost.peak_bytes / first_peak
            # A smaller file doesn't fill SQLite's page cache, so that memory still grows up to that.
            is_plateau = first_size > FILLS_CACHE_BYTES
            is_over = cost.peak_bytes > 128 * MEGABYTE or (is_plateau and growth > 1.1)
            yield row(
                f"import {kind} {size / 1e6:.0f} MB", f"{cost.peak_bytes / MEGABYTE:.0f} MB",
                f"{first_peak / MEGABYTE:.0f} MB", growth, None, "128 MB, flat" if is_plateau else "128 MB", is_over,
                cost.peak_bytes, f"{cost.wall_seconds:.1f} s")
        remove_store(base)


def write_records(completions, lines_of, lines):
    with completions.open("rb") as prompts, lines.open("w") as file:
        for prompt in map(json.loads, prompts):
            file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in lines_of(prompt))


def ultrafeedback(prompt):
    yield {
        "source": prompt["source"], "instruction": prompt["prompt"],
        "models": [answer["model"] for answer in prompt["completions"]],
        "completions": [
            {"model": answer["model"], "principle": "helpfulness", "custom_system_prompt": "Be helpful.",
             "response": answer["response_text"], "critique": "Fine.", "overall_score": answer["overall_score"],
             "fine-grained_score": 4.25,
             "annotations": {aspect: {"Rating": "4", "Rationale": "It is fine."} for aspect in ASPECTS}}
            for answer in prompt["completions"]],
        "correct_answers": ["None"], "incorrect_answers": ["None"]}


def responses(prompt):
    for answer in prompt["completions"]:
        yield {"prompt_id": prompt["prompt_id"], "prompt": prompt["prompt"], "model": answer["model"],
               "response": answer["response_text"]}


def scores(prompt):
    for answer in prompt["completions"]:
        yield {"prompt_id": prompt["prompt_id"], "model": answer["model"], "judge": "second", "score": 5.5}


def estimates(prompt):
    for answer in prompt["completions"]:
        yield {"prompt_id": prompt["prompt_id"], "model": answer["model"], "reward": 0.5, "lower": -0.25, "upper": 1.25}


def labels(prompt):
    for one, other in itertools.combinations(prompt["completions"], 2):
        yield {"prompt_id": prompt["prompt_id"], "chosen_model": one["model"], "rejected_model": other["model"],
               "judge": "second", "chosen_score": 8.5, "rejected_score": 2.5}


def preferences(prompt):
    question = {"role": "user", "content": prompt["prompt"]}
    one, other = (
        [question, {"role": "assistant", "content": answer["response_text"]}] for answer in prompt["completions"][:2])
    yield {"prompt": prompt["prompt"], "prompt_id": prompt["prompt_id"], "chosen": one, "rejected": other,
           "score_chosen": 8.5, "score_rejected": 2.5}


# What is imported: its lines, options of the import, and whether it speaks of responses that must be there.
KINDS = {
    "ultrafeedback": (ultrafeedback, [], False), "responses": (responses, [], False),
    "preferences": (preferences, ["--judge", "second"], False), "scores": (scores, [], True),
    "labels": (labels, [], True), "estimates": (estimates, ["--snapshot", "base"], True)}


def import_embeddings(work, runs):
    """aufdb import of a float16 matrix against bare INSERTs of its rows as BLOBs."""
    base, matrix, index, keys = embedding_files(work)
    ours_store, bare_store = (base.with_name(name) for name in ("ours.aufdb", "bare.aufdb"))
    command = [work.aufdb, "import", ours_store, matrix, "--index", index, "--encoder", "random"]
    ours = Side("aufdb", command, lambda: copy_store(base, ours_store.name))
    bare = Side(
        "C API", [work.tool("insert-blobs"), bare_store, matrix, keys], lambda: copy_store(base, bare_store.name))
    alternate([ours, bare], runs)
    row_count = compare_embeddings(ours_store, bare_store)
    note = f"{row_count:,} vectors of {WIDTH} float16, {matrix.stat().st_size / 1e6:.0f} MB"
    yield compared("import embeddings / BLOBs", ours, bare, target=1.3, peak_target=256, note=note)
    for store in (base, ours_store, bare_store):
        remove_store(store)
    for file in (matrix, index, keys):
        file.unlink()


def embedding_files(work):
    """A store with short answers; a matrix with a row for each, its index, and the same keys for a C program."""
    completions, _ = work.generated("short", work.prompt_count, [".jsonl", ".labels.jsonl"])
    base = work.new_store("base.aufdb")
    work.do("import", base, completions)
    matrix, index, keys = (work.scratch / f"vectors.{ending}" for ending in ("npy", "jsonl", "bin"))
    count = 0
    with completions.open("rb") as source, index.open("w") as lines, keys.open("wb") as file:
        for prompt in map(json.loads, source):
            for answer in prompt["completions"]:
                key = prompt["prompt_id"], answer["model"]
                lines.write(json.dumps({"row": count, "prompt_id": key[0], "model": key[1]}) + "\n")
                for text in key:
                    file.write(len(text.encode()).to_bytes(4, "little") + text.encode())
                count += 1
    write_halves(matrix, count, WIDTH, random.Random(SEED))
    return base, matrix, index, keys


def compare_embeddings(one, other):
    """Ends the program unless two stores hold the same vectors."""
    count = 0
    with contextlib.closing(sqlite3.connect(one)) as ours, contextlib.closing(sqlite3.connect(other)) as bare:
        cursors = [database.execute("SELECT * FROM embeddings_all ORDER BY place") for database in (ours, bare)]
        for our_row, bare_row in itertools.zip_longest(*cursors):
            count += 1
            if our_row != bare_row:
                sys.exit(f"error: row {count} of embeddings_all differs between aufdb and the baseline")
    return count
