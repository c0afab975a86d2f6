"""Keys of models: sent to the endpoint that they are for, and found nowhere else: not in the store, an output, a
message, another file, or what other users see of the process. And verbs that ask connect to that endpoint alone."""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.request

import paths_scenes
import paths_trace

SERVER = paths_scenes.REPOSITORY / "Tests" / "AufdbTestSupport" / "FaultServer"
KEY = "sk-torture-1f0c9a7e5b3d"
# Verbs that ask, with the server's behaviour: answers, refusals, and a server that sends the key back.
VERBS = {
    "generate": ["generate", "store.aufdb", "--model", "asked"],
    "embed": ["embed", "store.aufdb", "--encoder", "vectors", "--where", "prompt_id = 'p4'"],
    "annotate": ["annotate", "store.aufdb", "--judge", "likes", "--all-responses"],
}
SCRIPTS = ("right", "keyed.another", "parrot", "echo.400", "nonsense", "hangup")


class Server:
    """The server with faults, on loopback; it ends with this process."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, "-B", SERVER / "server.py", SERVER / "loopback.pem"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline().split()[0])

    def get(self, path):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}/{path}", timeout=30) as response:
            return json.load(response)

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


def check(checks, aufdb, machine, folder, short):
    template = folder / "template"
    template.mkdir()
    paths_scenes.prepare(template, aufdb)
    server = Server()
    try:
        number = 0
        for where in ("env", "file"):
            for verb, arguments in VERBS.items():
                for script in SCRIPTS[:3] if short else SCRIPTS:
                    number += 1
                    place = folder / "place"
                    paths_scenes.copy(template, place)
                    checks.run(f"keys: {verb}, key in {where}, server: {script}", check_verb,
                               checks, aufdb, machine, place, server, arguments, where, f"k{number}", script)
                    shutil.rmtree(place)
        place = folder / "place"
        paths_scenes.copy(template, place)
        checks.run("keys: what other users see of a process that waits for its answer", check_process, aufdb, place,
                   server)
    finally:
        server.close()
    if not machine.has_strace:
        checks.leave("keys: what is written and connected to", "strace is missing, or may not trace")


def define(aufdb, place, server, where, name, script):
    key = "{env: TORTURE_KEY}" if where == "env" else f"{{file: {place}/key}}"
    if where == "file":
        (place / "key").write_text(KEY + "\n")
        (place / "key").chmod(0o600)
    url = f"'http://127.0.0.1:{server.port}/{name}/{script}/v1'"
    (place / "asked.yaml").write_text(f"""\
models:
  asked: {{url: {url}, key: {key}, limits: {{attempts: 1, timeout: 20}}}}
judges:
  likes: {{endpoint: asked, rubric: ultrafeedback}}
encoders:
  vectors: {{endpoint: asked, dimensions: 3, element: f32}}
""")
    aufdb(place, "model", "add", "store.aufdb", "asked.yaml")
    return {"TORTURE_KEY": KEY} if where == "env" else {}


def check_verb(checks, aufdb, machine, place, server, arguments, where, name, script):
    more = define(aufdb, place, server, where, name, script)
    command, environment = aufdb.command(*arguments), aufdb.environment(place) | more
    if machine.has_strace:
        log = place.parent / "log"
        trace = paths_trace.trace(command, place, environment, log, strace=(",write,pwrite64,writev,sendto,sendmsg",),
                                  extra=("-y", "-s", "100000"))
        texts = [trace.output.decode(errors="replace"), trace.complaint]
        require_calls(checks, log, server.port)
    else:
        done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=60)
        texts = [done.stdout, done.stderr]
    book = server.get(name)
    assert f"Bearer {KEY}" in book["headers"].values(), f"the key didn't arrive: {texts}"
    for text in texts:
        assert KEY not in text, f"in what it said: {text}"
    for path in place.rglob("*"):
        if path.is_file() and path.name != "key":
            assert KEY.encode() not in path.read_bytes(), f"in {path.name}"
            checks.count("files searched for a key")


def require_calls(checks, log, port):
    """The key goes into sockets only, and these lead to the endpoint."""
    for line in paths_trace.joined(log.read_text(encoding="latin-1").splitlines()):
        if match := re.search(r"\bconnect\(.*", line):
            assert f"htons({port})" in match[0] and '"127.0.0.1"' in match[0], f"connected elsewhere: {match[0][:200]}"
            checks.count("connections")
        if KEY in line:
            call = line.split(maxsplit=1)[1]
            # The environment that it begins with, and the file that it is told to read.
            if call.startswith(("execve(", "openat(", "read(")):
                continue
            assert re.match(r"(write|writev|sendto|sendmsg)\(\d+<(TCP|socket):", call), f"written: {call[:160]}"


def check_process(aufdb, place, server):
    """While the server holds its answer back, nothing has the key but the environment, which only its user may read."""
    more = define(aufdb, place, server, "env", "gate", "gate")
    process = subprocess.Popen(aufdb.command(*VERBS["generate"]), cwd=place, env=aufdb.environment(place) | more,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        server.get("gate/await.1")
        proc = pathlib.Path(f"/proc/{process.pid}")
        for task in [proc, *(proc / "task").iterdir()]:
            for name in ("cmdline", "comm", "status"):
                assert KEY.encode() not in (task / name).read_bytes(), f"in {task / name}"
        assert (proc / "environ").stat().st_mode & 0o077 == 0
        children = (proc / "task" / str(process.pid) / "children").read_text()
        assert not children.strip(), "it started another program"
    finally:
        server.get("gate/open")
        output, complaint = process.communicate(timeout=60)
    assert process.returncode == 0, complaint.decode()
    assert KEY.encode() not in output + complaint
