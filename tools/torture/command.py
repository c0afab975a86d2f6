"""Running aufdb so that a run can be repeated: the same author, the same time, nothing of the user's surroundings."""

import os
import re
import subprocess

TIMEOUT_SECONDS = 120
# "[main 0123456789ab] What was done": how a verb reports a commit.
REPORTED = re.compile(rb"^\[(\S+) ([0-9a-f]{12})\]", re.MULTILINE)


class CommandFailed(Exception):
    """A command that had to succeed and didn't."""


class Outcome:
    """How one run of a command ended."""

    def __init__(self, code, output, complaint):
        self.code = code
        self.output = output
        self.complaint = complaint

    @property
    def reported_commits(self):
        """The beginnings of the ids of the commits that were reported as done."""
        return [commit.decode() for _, commit in REPORTED.findall(self.complaint)]


class Aufdb:
    """The program under test."""

    def __init__(self, path):
        self.path = os.fspath(path)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C", "AUFDB_AUTHOR": "ada",
            "SOURCE_DATE_EPOCH": "1767225600"}

    def run(self, folder, *arguments, prefix=(), stdin=subprocess.DEVNULL):
        """Runs it in a folder; `prefix` is the program that starts it, with that one's arguments."""
        command = [*map(str, prefix), self.path, *map(str, arguments)]
        done = subprocess.run(
            command, cwd=folder, env=self.environment, stdin=stdin, capture_output=True, timeout=TIMEOUT_SECONDS)
        return Outcome(done.returncode, done.stdout, done.stderr)

    def must(self, folder, *arguments):
        """Runs it, and returns what it printed."""
        outcome = self.run(folder, *arguments)
        if outcome.code != 0:
            raise CommandFailed(f"aufdb {' '.join(map(str, arguments))}: exit code {outcome.code}: "
                                f"{(outcome.complaint or outcome.output).decode(errors='replace').strip()}")
        return outcome.output
