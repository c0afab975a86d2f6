"""Runs formulas.py over columns and tells what it took: one JSON request a line on standard input, one answer a line.

    formulas-worker.py numpy|torch

    {"open": [NUMBERS.bin, NAMES.bin]}       loads the columns that generate.c has made: {"version"} of the library
    {"time": METHOD}                         {"wall", "cpu"}, seconds: picks a pair of each prompt
    {"compare": METHOD, "pairs": FILE}       {}: holds the formula's pairs against those of FILE, two 4-byte integers a
                                             prompt

An answer may also be {"error"}: no such library, or pairs that another formula must have picked.
"""

import json
import sys
import time

sys.dont_write_bytecode = True

from agreement import Agreement  # noqa: E402
from array_libraries import LIBRARIES  # noqa: E402
from formulas import Batch, pick  # noqa: E402


def read_columns(numpy, path):
    """The columns of NUMBERS.bin by name, and the ends of the prompts' responses."""
    data = numpy.fromfile(path, dtype=numpy.uint8)
    prompts, responses, heads, features = data[:32].view(numpy.int64)
    offset, columns = 32, {}
    for name, kind, shape in (
            ("ends", numpy.int64, (prompts,)), ("scores", numpy.float64, (responses,)),
            ("lengths", numpy.int64, (responses,)), ("rewards", numpy.float32, (responses,)),
            ("lower", numpy.float32, (responses,)), ("upper", numpy.float32, (responses,)),
            ("heads", numpy.float32, (responses, heads)), ("features", numpy.float32, (responses, features))):
        size = int(numpy.prod(shape)) * numpy.dtype(kind).itemsize
        columns[name] = data[offset:offset + size].view(kind).reshape(shape)
        offset += size
    del columns["heads"]
    return columns.pop("ends"), columns


class Worker:
    """One library, and prompts put together by the number of their responses."""

    def __init__(self, library):
        import numpy

        self.numpy = numpy
        self.library = library
        # For each number of responses: the prompts that have it, their columns in numpy, and a batch of the library.
        self.groups = []

    def open(self, numbers):
        numpy = self.numpy
        ends, columns = read_columns(numpy, numbers)
        counts = numpy.diff(ends, prepend=0)
        for count in numpy.unique(counts):
            prompts = numpy.flatnonzero(counts == count)
            responses = (ends[prompts] - count)[:, None] + numpy.arange(count)
            group = {name: column[responses] for name, column in columns.items()}
            batch = Batch(self.library, {name: self.library.array(column) for name, column in group.items()})
            self.groups.append((prompts, group, batch))

    def pick(self, method):
        return [pick(batch, method) for _, _, batch in self.groups]

    def time(self, method):
        wall, processor = time.perf_counter(), time.process_time()
        self.pick(method)
        return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - processor}

    def compare(self, method, path):
        numpy = self.numpy
        ours = numpy.fromfile(path, dtype="<i4").reshape(-1, 2)
        agreement = Agreement(numpy, method)
        for (prompts, group, _), pairs in zip(self.groups, self.pick(method)):
            theirs = numpy.stack([numpy.asarray(side) for side in pairs], axis=1)
            agreement.add(group, ours[prompts], theirs)
        complaint = agreement.complaint()
        return {"error": complaint} if complaint else {}


def answer(worker, request):
    if "open" in request:
        worker.open(request["open"][0])
        return {"version": worker.library.version}
    if "time" in request:
        return worker.time(request["time"])
    return worker.compare(request["compare"], request["pairs"])


def main():
    worker = None
    for line in sys.stdin:
        try:
            worker = worker or Worker(LIBRARIES[sys.argv[1]]())
            result = answer(worker, json.loads(line))
        except ImportError as error:
            result = {"error": f"is missing: {error}"}
        print(json.dumps(result), flush=True)


main()
