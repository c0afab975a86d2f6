"""Virtual environments for the Python libraries that aufdb is measured beside, each with its own pinned versions."""

from measurement import output
from workload import HERE


def environment(work, name):
    """The Python of an environment that has what NAME-requirements.txt pins; made once for a data folder."""
    venv = work.data / f"{name}-venv"
    output([HERE.parent / "python-environment", venv, HERE / f"{name}-requirements.txt"])
    return venv / "bin" / "python"
