"""The aufdb that is checked, as a command."""

import json
import subprocess

from values import Table, hexadecimal


class Aufdb:
    """Runs verbs on one store."""

    def __init__(self, program, store):
        self.program = program
        self.store = store

    def command(self, verb, *arguments):
        return [str(self.program), *verb.split(), str(self.store), *map(str, arguments)]

    def run(self, verb, *arguments, prefix=()):
        """Runs a verb that has to succeed; returns what it writes."""
        result = subprocess.run(
            [*prefix, *self.command(verb, *arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if result.returncode != 0:
            raise AssertionError(f"aufdb {verb} ended with {result.returncode}: {result.stderr.strip()}")
        return result.stdout

    def table(self, view, columns, prefix=()):
        """What `aufdb query` gives of a view; blobs as hexadecimal digits, so that each byte is compared."""
        sql = f"SELECT {hexadecimal(columns)} FROM {view}"
        lines = self.run("query", sql, "--format", "jsonl", prefix=prefix).split("\n")[:-1]
        return Table(columns, ([json.loads(line)[name] for name in columns] for line in lines))
