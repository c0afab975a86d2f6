"""Virtual environments for the Python libraries that aufdb is measured beside, each with its own pinned versions."""

import shutil
import sys

from measurement import output
from workload import HERE, say


def environment(work, name):
    """The Python of an environment that has what NAME-requirements.txt pins; made once for a data folder."""
    venv, pins = work.data / f"{name}-venv", HERE / f"{name}-requirements.txt"
    stamp = venv / "installed-pins"
    if not (stamp.exists() and stamp.read_bytes() == pins.read_bytes()):
        say(f"installing what is measured beside: {name}")
        shutil.rmtree(venv, ignore_errors=True)
        output([sys.executable, "-m", "venv", venv])
        output([
            venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "60",
            "--disable-pip-version-check", "--requirement", pins])
        shutil.copyfile(pins, stamp)
    return venv / "bin" / "python"
