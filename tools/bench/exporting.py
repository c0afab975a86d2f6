"""Exports against compressing, or copying, the same bytes; their memory; and that threads don't change a byte."""

import filecmp
import json
import os
import shutil
import subprocess
import sys

from measurement import Side, alternate, measure
from rows import MEGABYTE, compared, row
from workload import remove_store

FORMATS = ["rm", "kto", "strings", "nemo", "ultrafeedback-binarized", "completions"]
UNPACK = {".zst": ["zstd", "-dcq"], ".gz": ["gzip", "-dc"], ".jsonl": ["cat"]}


def export(work, runs):
    """aufdb export dpo against zstd over the same lines: one thread and two; then other formats and compressions."""
    lines, packed = work.scratch / "lines.jsonl", work.scratch / "lines.packed"
    two = Side("zstd -3 -T2", ["zstd", "-3", "-T2", "-qf", lines, "-o", packed])
    one = Side("zstd -3", ["zstd", "-3", "-qf", lines, "-o", packed])
    yield from against(work, runs, "dpo", [], {"zstd -3": one, "zstd -3 -T2": two})
    for name in FORMATS:
        yield from against(work, min(runs, 3), name, ["--compression", "zstd"], {"zstd -3 -T2": two})
    gzip = Side("gzip -6", ["sh", "-c", f"gzip -6 -c '{lines}' >'{packed}'"])
    yield from against(work, min(runs, 2), "dpo", ["--compression", "gzip"], {"gzip -6": gzip})
    # A copy reads no store, writes no JSON, hashes nothing and waits for no disk: a figure, and no promise.
    copy = Side("cp", ["cp", lines, packed])
    yield from against(work, runs, "dpo", ["--compression", "none"], {"cp": copy}, target=None)
    yield from against(work, runs, "llama-factory", [], {"cp": copy}, target=None)


def against(work, runs, name, options, baselines, target=1.25):
    """The rows of one format; the baselines work on a file `lines.jsonl` with the very bytes that it exports."""
    folder, lines = work.scratch / "export", work.scratch / "lines.jsonl"
    command = [work.aufdb, "export", work.labelled_store, name, "--output", folder, *options]
    measure([str(part) for part in command])
    row_count = unpack(folder, lines)
    same_with_one_thread(work, command, folder)
    packed_bytes = sum(file.stat().st_size for file in (folder / "data").iterdir())
    ours = Side("aufdb", command, lambda: shutil.rmtree(folder))
    for side in baselines.values():
        side.costs.clear()
    alternate([ours, *baselines.values()], runs)
    sizes = f"{row_count:,} rows, {lines.stat().st_size / 1e6:.0f} MB to {packed_bytes / 1e6:.0f} MB"
    for baseline, side in baselines.items():
        yield compared(f"export {name} / {baseline}", ours, side, target=target, peak_target=128, note=sizes)
        sizes = ""
    shutil.rmtree(folder)
    for file in (lines, work.scratch / "lines.packed"):
        file.unlink()


def unpack(folder, lines):
    """Puts all rows of an export into one file, on the disk; returns how many there are."""
    files = [folder / entry["path"] for entry in json.loads((folder / "manifest.json").read_text())["files"]]
    with lines.open("wb") as file:
        for shard in files:
            subprocess.run([*UNPACK[shard.suffix], shard], stdout=file, check=True)
            file.flush()
        os.fsync(file.fileno())
    with lines.open("rb") as file:
        return sum(1 for _ in file)


def same_with_one_thread(work, command, folder):
    """Ends the program unless one thread writes the same bytes as two."""
    other = work.scratch / "export-one-thread"
    measure([str(other) if part is folder else str(part) for part in [*command, "--threads", "1"]])
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        if not filecmp.cmp(file, other / file.relative_to(folder), shallow=False):
            sys.exit(f"error: {file} differs between one thread and two")
    shutil.rmtree(other)


def export_million(work, runs):
    """The peak memory of an export of a million pairs of 3 kB, and of a tenth of them."""
    del runs  # memory hardly varies from run to run
    first_peak = None
    # Six pairs a prompt, of its four answers.
    for prompt_count in (int(work.prompt_count * share) for share in (0.278, 2.78)):
        store = store_of_pairs(work, prompt_count)
        folder = work.scratch / "export"
        cost = measure([str(part) for part in (work.aufdb, "export", store, "dpo", "--output", folder)])
        manifest = json.loads((folder / "manifest.json").read_text())
        content_bytes = sum(file["content_bytes"] for file in manifest["files"])
        first_peak = first_peak or cost.peak_bytes
        growth = cost.peak_bytes / first_peak
        yield row(
            f"export {manifest['rows']:,} pairs", f"{cost.peak_bytes / MEGABYTE:.0f} MB",
            f"{first_peak / MEGABYTE:.0f} MB", growth, None, "128 MB", cost.peak_bytes > 128 * MEGABYTE,
            cost.peak_bytes, f"{cost.wall_seconds:.1f} s, {content_bytes / 1e6:,.0f} MB of rows")
        shutil.rmtree(folder)
        remove_store(store)


def store_of_pairs(work, prompt_count):
    """A store in which each pair of a prompt's four answers has a label."""
    completions, _ = work.answers(prompt_count)
    store, labels = work.new_store("pairs.aufdb"), work.scratch / "pairs.jsonl"
    work.do("import", store, completions)
    with completions.open("rb") as source, labels.open("w") as file:
        for prompt in map(json.loads, source):
            models = [answer["model"] for answer in prompt["completions"]]
            file.writelines(
                f'{{"prompt_id":"{prompt["prompt_id"]}","chosen_model":"{models[one]}",'
                f'"rejected_model":"{models[other]}","judge":"made"}}\n'
                for one in range(4) for other in range(one + 1, 4))
    work.do("import", store, labels, "--as", "labels")
    labels.unlink()
    return store
