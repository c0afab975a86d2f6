"""What a run's figures depend on: the machine, and the version of everything that took part."""

import os
import pathlib
import platform
import shutil
import subprocess

from measurement import output

HERE = pathlib.Path(__file__).resolve().parent
# What says its version when it is asked, in the first line.
PROGRAMS = {
    "sqlite3": ["sqlite3", "--version"], "zstd": ["zstd", "--version"], "gzip": ["gzip", "--version"],
    "cc": ["cc", "--version"], "swift": ["swift", "--version"], "perf": ["perf", "--version"],
    "valgrind": ["valgrind", "--version"]}
# What virtual environments are made of.
PINS = ("doltlite", "duckdb", "sqlite-utils", "torch")


def machine():
    """The processor, its cores, the memory, and the system."""
    memory_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "system": platform.platform(), "processor": processor(), "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": memory_bytes, "load": os.getloadavg()[0]}


def processor():
    """The model's name; of a virtual machine's, family and model tell more."""
    values = {}
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        values.setdefault(name.strip(), value.strip())
    return f"{values.get('model name', platform.machine())}, family {values.get('cpu family', '?')}, " \
        f"model {values.get('model', '?')}"


def versions(aufdb):
    """aufdb's version and commit, and those of what it is measured beside; None for what isn't there."""
    found = {"aufdb": output([aufdb, "--version"]).strip(), "commit": said(["git", "-C", HERE, "rev-parse", "HEAD"])}
    found |= {name: said(command) for name, command in PROGRAMS.items()}
    for name in PINS:
        lines = (HERE / f"{name}-requirements.txt").read_text().splitlines()
        found |= dict(line.split("==") for line in lines if "==" in line)
    # It has no option that tells its version, and comes with the shell.
    found["sqldiff"] = found["sqlite3"] if shutil.which("sqldiff") else None
    return found


def said(command):
    """The first line that a command writes."""
    try:
        result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    except OSError:
        return None
    lines = result.stdout.strip().splitlines()
    return lines[0] if result.returncode == 0 and lines else None
