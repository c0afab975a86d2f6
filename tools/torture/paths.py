#!/usr/bin/env python3
"""Shows that aufdb writes nothing but what it was told to, keeps secrets, and reads where it may not write.

    tools/torture/paths.py --aufdb PROGRAM [--short]

A line a check, with its part's name before it: "writes" (every verb under strace and without a network), "stopped"
(signals and errors at system calls), "modes", "keys", "read-only" and "links". What can't be checked here, for want of
privileges or programs, is said and counted, and passes for nothing. Exit code 1 when a check failed, 69 when no part
could be checked at all.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

import paths_keys
import paths_links
import paths_modes
import paths_readonly
import paths_stopped
import paths_writes

PARTS = {"writes": paths_writes, "stopped": paths_stopped, "modes": paths_modes, "keys": paths_keys,
         "read-only": paths_readonly, "links": paths_links}


class Checks:
    """Runs checks, prints a line for each, and counts them."""

    def __init__(self):
        self.passed, self.failed, self.unchecked = 0, 0, 0
        # How many single things the checks looked at, by what they are.
        self.counts = {}

    def run(self, name, body, *arguments):
        try:
            body(*arguments)
        except Exception as problem:  # Whatever goes wrong in a check is a failure of it, and the others are still run.
            self.failed += 1
            print(f"FAIL  {name}: {type(problem).__name__}: {' '.join(str(problem).split())[:600]}", flush=True)
        else:
            self.passed += 1
            print(f"ok    {name}", flush=True)

    def leave(self, name, reason):
        self.unchecked += 1
        print(f"----  {name}: not checked: {reason}", flush=True)

    def count(self, what, number=1):
        self.counts[what] = self.counts.get(what, 0) + number


class Aufdb:
    """The program, in surroundings of which nothing is the user's."""

    def __init__(self, program):
        self.program = str(pathlib.Path(program).resolve())

    def environment(self, folder):
        return {"PATH": os.environ["PATH"], "HOME": f"{folder}/home", "TMPDIR": f"{folder}/tmp", "LC_ALL": "C",
                "AUFDB_AUTHOR": "ada", "SOURCE_DATE_EPOCH": "1767225600"}

    def command(self, *arguments):
        return [self.program, *map(str, arguments)]

    def __call__(self, folder, *arguments, prefix=(), more={}, umask=0o022, stdin=""):
        """Runs a verb that must succeed; returns what it wrote."""
        done = self.attempt(folder, *arguments, prefix=prefix, more=more, umask=umask, stdin=stdin)
        if done.returncode != 0:
            raise AssertionError(f"aufdb {' '.join(map(str, arguments))}: {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def attempt(self, folder, *arguments, prefix=(), more={}, umask=0o022, stdin=""):
        return subprocess.run([*prefix, *self.command(*arguments)], cwd=folder, env=self.environment(folder) | more,
                              input=stdin, capture_output=True, text=True, errors="replace", timeout=120,
                              umask=umask)


def works(*command):
    """Whether a command can be run here."""
    try:
        return subprocess.run(command, capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


class Machine:
    """What this machine lets us do."""

    def __init__(self):
        self.has_strace = works("strace", "-f", "-qq", "-o", "/dev/null", "true")
        root = ["unshare"] if os.geteuid() == 0 else ["unshare", "-r"]
        # The prefix of a command that is to have no network but a loopback that is down; None where that can't be.
        self.without_network = [*root, "-n"] if works(*root, "-n", "true") else None
        self.with_mounts = [*root, "-m"] if works(*root, "-m", "true") else None
        # Another user, who owns nothing.
        anybody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        self.as_anybody = anybody if os.geteuid() == 0 and works(*anybody, "true") else None


def run(program, short, parts=tuple(PARTS)):
    """Runs the parts, and returns how many checks passed, failed, and couldn't be made."""
    checks, aufdb, machine = Checks(), Aufdb(program), Machine()
    for name in parts:
        # Not in /tmp's own permissions: other users must come through.
        with tempfile.TemporaryDirectory(prefix="aufdb-paths-") as folder:
            os.chmod(folder, 0o755)
            PARTS[name].check(checks, aufdb, machine, pathlib.Path(folder), short)
    looked = ", ".join(f"{number} {what}" for what, number in checks.counts.items())
    print(f"looked at {looked}")
    print(f"{checks.passed} passed, {checks.failed} failed, {checks.unchecked} not checked", flush=True)
    return checks.passed, checks.failed, checks.unchecked


def main():
    parser = argparse.ArgumentParser(prog="tools/torture/paths.py", description=__doc__.split("\n")[0])
    parser.add_argument("--aufdb", required=True, metavar="PROGRAM")
    parser.add_argument("--short", action="store_true", help="what continuous integration runs: under a minute")
    parser.add_argument("--part", choices=list(PARTS), action="append", help="only this part; may be repeated")
    options = parser.parse_args()
    passed, failed, _ = run(options.aufdb, options.short, options.part or tuple(PARTS))
    sys.exit(1 if failed else 0 if passed else 69)


if __name__ == "__main__":
    main()
