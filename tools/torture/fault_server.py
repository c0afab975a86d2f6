"""The server of OpenAI's protocol that the tests use, run beside the torture."""

import json
import pathlib
import subprocess
import sys
import urllib.request

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "AufdbTestSupport" / "FaultServer"


class FaultServer:
    """A server on loopback; it ends when this process does, however that happens."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-B", FOLDER / "server.py", FOLDER / "loopback.pem"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline().split()[0])

    def url(self, name, script="right"):
        return f"http://127.0.0.1:{self.port}/{name}/{script}/v1"

    def request_count(self, name):
        # Not through a proxy that the environment names.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}/{name}", timeout=30) as response:
            return json.load(response)["requests"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
