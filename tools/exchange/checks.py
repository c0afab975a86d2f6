"""Checks that print a line each and are counted: what the scripts of this folder have in common."""

import time


def require(condition, reason):
    """Raises AssertionError even under -O, which a plain `assert` would not."""
    if not condition:
        raise AssertionError(reason)


def require_failure(body, *arguments, kind=Exception, **more):
    """Requires that `body` raises, and returns what: a check of what must not work."""
    try:
        body(*arguments, **more)
    except kind as problem:
        return problem
    raise AssertionError("it went through")


def shorten(value):
    text = repr(value)
    return text if len(text) <= 160 else text[:157] + "..."


class Checks:
    """Runs checks, prints a line for each, and counts them."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def run(self, name, body, *arguments):
        """Runs `body(*arguments)`: returns (True, its result), or (False, None) when it raised."""
        began = time.monotonic()
        try:
            result = body(*arguments)
        except Exception as problem:  # whatever a consumer raises is a failed check, not a crash of this script
            self.failed += 1
            reason = " ".join(str(problem).split())[:400]
            print(f"FAIL  {name}: {type(problem).__name__}: {reason}", flush=True)
            return False, None
        self.passed += 1
        print(f"ok    {name} ({time.monotonic() - began:.1f} s)", flush=True)
        return True, result
