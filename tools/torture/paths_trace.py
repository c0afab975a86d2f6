"""What a command does to files and to the network, by the system calls that strace sees.

A call counts where it succeeded: what is opened for writing or made, renamed, linked, removed, or given another mode or
owner, and every socket. Paths come out absolute, with the symbolic links in them followed.
"""

import dataclasses
import os
import re
import subprocess

# fchmodat2 is younger than some straces, and then left out.
CALLS = "%file,%network,fchmod,fchown,ftruncate,?fchmodat2"
# "PID  name(arguments) = result", with -f and -o.
LINE = re.compile(r"^\d+\s+(\w+)\((.*)\)\s+= (-?\d+)")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
# Calls that change the names or the metadata of files, and how many paths they take.
CHANGES = {"rename": 2, "renameat": 2, "renameat2": 2, "link": 2, "linkat": 2, "symlink": 2, "symlinkat": 2,
           "unlink": 1, "unlinkat": 1, "mkdir": 1, "mkdirat": 1, "rmdir": 1, "mknod": 1, "mknodat": 1, "truncate": 1,
           "chmod": 1, "fchmodat": 1, "fchmodat2": 1, "chown": 1, "lchown": 1, "fchownat": 1, "setxattr": 1, "utimensat": 1}
OPENS = {"open", "openat", "openat2", "creat"}
NETWORK = {"socket", "connect", "bind", "listen", "accept", "accept4"}


@dataclasses.dataclass(frozen=True)
class Touch:
    """One file that was written or changed: by which call, with which flags and mode."""

    path: str
    call: str
    flags: str = ""
    mode: int = 0

    @property
    def is_made(self):
        return "O_CREAT" in self.flags or self.call.startswith("mkdir")


@dataclasses.dataclass
class Trace:
    exit_code: int
    output: bytes
    complaint: str
    touches: list
    network: list


def text(quoted):
    """What strace shows of a string."""
    return quoted.encode("latin-1").decode("unicode_escape").encode("latin-1").decode(errors="surrogateescape")


def place(path, folder):
    """An absolute path without links, but for the last name, which may be gone already."""
    path = os.path.join(folder, path)
    parent, name = os.path.split(path.rstrip("/"))
    return os.path.join(os.path.realpath(parent), name)


def touches(lines, folder):
    """Every successful call that writes or changes something."""
    for line in lines:
        match = LINE.match(line)
        if not match or int(match[3]) < 0:
            continue
        call, arguments = match[1], match[2]
        paths = [text(name) for name in STRING.findall(arguments)]
        if call in OPENS:
            rest = arguments[arguments.rfind('"') + 1:]
            if call == "creat" or re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", rest):
                words = [word.strip() for word in rest.split(",") if word.strip()]
                mode = int(words[1], 8) if len(words) > 1 and words[1].isdigit() else 0
                yield Touch(place(paths[0], folder), call, words[0], mode)
        elif call in CHANGES:
            for path in paths[:CHANGES[call]]:
                if call not in ("symlink", "symlinkat") or path is paths[-1]:
                    yield Touch(place(path, folder), call)


def trace(command, folder, environment, log, strace=(), prefix=(), stdin=b"", umask=0o022, extra=()):
    """Runs a command under strace in a folder; returns what it did.

    `prefix` is what starts strace, `extra` further options of strace.
    """
    done = subprocess.run(
        [*prefix, "strace", "-f", "-qq", "-s", "4096", "-o", log, "-e", f"trace={CALLS}{''.join(strace)}", *extra,
         *command], cwd=folder, env=environment, input=stdin, capture_output=True, timeout=120, umask=umask)
    lines = open(log, encoding="latin-1").read().splitlines()
    network = [line.split(maxsplit=1)[1] for line in lines
               if (match := LINE.match(line)) and match[1] in NETWORK]
    return Trace(done.returncode, done.stdout, done.stderr.decode(errors="replace"),
                 list(touches(joined(lines), folder)), network)


def joined(lines):
    """Puts calls together that another thread's line came between."""
    begun = {}
    for line in lines:
        process, _, rest = line.partition(" ")
        if rest.rstrip().endswith("<unfinished ...>"):
            begun[process] = rest.rstrip().removesuffix("<unfinished ...>")
        elif "resumed>" in rest and process in begun:
            yield f"{process} {begun.pop(process)}{rest.split('resumed>', 1)[1]}"
        else:
            yield line
