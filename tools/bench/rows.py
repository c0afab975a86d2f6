"""The rows of the table: what a comparison of sides comes to, and whether it keeps its promise."""

import statistics

from measurement import CommandFailed, ratio

MEGABYTE = 1 << 20


def row(name, ours, baseline, wall_ratio, cpu_ratio, target, is_over, peak_bytes, note=""):
    """One line of the table; also what --json writes."""
    return {
        "name": name, "ours": ours, "baseline": baseline, "wall_ratio": wall_ratio, "cpu_ratio": cpu_ratio,
        "target": target, "over": is_over, "peak_bytes": peak_bytes, "note": note}


def samples(*sides):
    return {
        side.name: [[cost.wall_seconds, cost.cpu_seconds, cost.peak_bytes] for cost in side.costs] for side in sides}


def compared(name, ours, baseline, target=None, peak_target=None, note=""):
    """The row of two sides that ran in turn; `target` is the largest ratio of wall time that is promised."""
    wall_ratio = ratio(ours, baseline)
    is_over = bool(target and wall_ratio > target) or bool(peak_target and ours.peak_bytes > peak_target * MEGABYTE)
    targets = [f"{target}x"] if target else []
    targets += [f"{peak_target} MB"] if peak_target else []
    return row(
        name, f"{ours.wall_seconds:.3f} s", f"{baseline.wall_seconds:.3f} s", wall_ratio,
        ratio(ours, baseline, "cpu_seconds"), ", ".join(targets) or "-", is_over, ours.peak_bytes, note) | {
            "samples": samples(ours, baseline)}


class Target:
    """What is promised of a row: so many times its baseline, so much wall time, or so much processor time."""

    def __init__(self, times=None, wall_milliseconds=None, cpu_milliseconds=None):
        self.times = times
        self.wall_milliseconds = wall_milliseconds
        self.cpu_milliseconds = cpu_milliseconds

    @property
    def text(self):
        parts = [f"{self.times}x"] if self.times else []
        parts += [f"{self.wall_milliseconds} ms"] if self.wall_milliseconds else []
        parts += [f"{self.cpu_milliseconds} ms CPU"] if self.cpu_milliseconds else []
        return ", ".join(parts) or "-"

    def is_missed(self, wall_ratio, wall_seconds, cpu_seconds):
        return (
            (self.times is not None and wall_ratio is not None and wall_ratio > self.times)
            or (self.wall_milliseconds is not None and wall_seconds * 1000 > self.wall_milliseconds)
            or (self.cpu_milliseconds is not None and cpu_seconds * 1000 > self.cpu_milliseconds))


def less_start_up(name, ours, idle, baseline=None, baseline_idle=None, target=Target(), note="", scale=1):
    """The row of work that is short beside the start of a process: the start-up is taken off, turn by turn.

    - idle, baseline_idle: sides of the same turns that start the same program and do nothing; None for a side that
      measures its work itself, inside a running process.
    - scale: how many times as much work ours does; the baseline's costs are multiplied by it.
    """
    wall, cpu = what_is_left(ours, idle)
    notes = [note] if note else []
    if baseline is not None and baseline.absence:
        notes.append(f"{baseline.name} {baseline.absence}")
        baseline = None
    wall_ratio = cpu_ratio = None
    base_text = "-"
    if baseline is not None:
        base_wall, base_cpu = what_is_left(baseline, baseline_idle)
        # Of the medians: in a single turn, what is left of a short run may be next to nothing.
        wall_ratio = wall / (scale * base_wall) if base_wall > 0 else None
        cpu_ratio = cpu / (scale * base_cpu) if base_cpu > 0 else None
        base_text = duration(base_wall)
    if baseline is None or target.cpu_milliseconds:
        notes.append(f"CPU {duration(cpu)}")
    if idle is not None:
        whole = f"with start-up {duration(ours.wall_seconds)}"
        notes.append(whole if baseline is None else f"{whole}, {ratio(ours, baseline) / scale:.2f}x")
    return row(
        name, duration(wall), base_text, wall_ratio, cpu_ratio, target.text, target.is_missed(wall_ratio, wall, cpu),
        0, "; ".join(notes)) | {
            "samples": samples(*(side for side in (ours, idle, baseline, baseline_idle) if side is not None))}


def what_is_left(side, idle):
    """The medians, over the turns, of a side's wall and processor time without those of the idle one."""
    if idle is None:
        return side.wall_seconds, side.cpu_seconds
    turns = list(zip(side.costs, idle.costs))
    return (
        statistics.median(cost.wall_seconds - nothing.wall_seconds for cost, nothing in turns),
        statistics.median(cost.cpu_seconds - nothing.cpu_seconds for cost, nothing in turns))


def duration(seconds):
    return f"{seconds * 1000:.2f} ms" if abs(seconds) < 0.01 else (
        f"{seconds * 1000:.1f} ms" if abs(seconds) < 0.1 else f"{seconds:.3f} s")


def attempted(name, make, work, runs):
    """The rows that `make` yields; where a command fails, a row that says so, and whatever comes next goes on."""
    try:
        yield from make(work, runs)
    except CommandFailed as failure:
        yield row(name, "-", "-", None, None, "-", False, 0, f"failed: {failure.summary}") | {"failed": True}


def as_cells(row):
    """The row as texts: name, ours, baseline, ratios, target, peak, whether it misses its target, note."""
    def times(value):
        return "-" if value is None else f"{value:.2f}x"

    peak = f"{row['peak_bytes'] / MEGABYTE:.0f} MB" if row["peak_bytes"] else "-"
    return [
        row["name"], row["ours"], row["baseline"], times(row["wall_ratio"]), times(row["cpu_ratio"]), row["target"],
        peak, "OVER" if row["over"] else "", row["note"]]


def as_markdown(rows):
    """The rows as a table for a page."""
    titles = ["row", "aufdb", "baseline", "wall", "CPU", "target", "peak", "note"]
    lines = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    for name, *figures, mark, note in map(as_cells, rows):
        figures[-2] += f" {mark}" if mark else ""
        lines.append(f"| {' | '.join([f'`{name}`', *figures, note])} |")
    return "\n".join(lines) + "\n"
