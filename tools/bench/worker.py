"""A program that measures its own work inside one process that keeps running, and is asked line by line."""

import contextlib
import json
import os
import subprocess

from measurement import CommandFailed

# One thread for the libraries' matrix products, too.
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


class Worker:
    """A process that answers one line with one line of JSON, and ends with the benchmark."""

    def __init__(self, name, command, cleanups):
        self.name = name
        command = [str(argument) for argument in command]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | ONE_THREAD)
        cleanups.callback(self.close)

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()

    def line(self):
        return self.process.stdout.readline().rstrip("\n")

    def ask(self, request):
        try:
            self.process.stdin.write(request + "\n")
            self.process.stdin.flush()
            answer = json.loads(self.line() or '{"error": "the process ended"}')
        except BrokenPipeError:
            answer = {"error": "the process ended"}
        if "error" in answer:
            raise CommandFailed([self.name], 1, f"error: {answer['error']}")
        return answer
