"""Datasette, serving stores on this machine while they change."""

import contextlib
import json
import re
import subprocess
import urllib.parse
import urllib.request

from datasette.utils import tilde_encode

from checks import require
from values import Table


class Datasette:
    """A server on a free port, ended with the block that it is made in."""

    def __init__(self, program, stores, options=()):
        self.process = subprocess.Popen(
            [program, "serve", *map(str, stores), *map(str, options), "--host", "127.0.0.1", "--port", "0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.address = None

    def __enter__(self):
        lines = []
        for line in self.process.stderr:
            lines.append(line)
            found = re.search(r"running on (http://127\.0\.0\.1:\d+)", line)
            if found:
                self.address = found[1]
                return self
        self.process.wait()
        raise AssertionError(f"Datasette ended with {self.process.returncode}: {''.join(lines)}")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stderr.close()

    def get(self, path):
        # No proxy of the environment's stands between a machine and itself.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.address + path, timeout=60) as answer:
            require(answer.status == 200, f"{path}: {answer.status}")
            return answer.read()

    def rows(self, path, **parameters):
        return json.loads(self.get(f"{path}?{urllib.parse.urlencode(parameters)}"))

    def database(self, store):
        """The path under which a store is served: its name, in Datasette's own escapes."""
        names = {entry["path"]: entry["route"] for entry in self.rows("/-/databases.json")}
        return "/" + tilde_encode(names[str(store)])

    @contextlib.contextmanager
    def opened(self, store):
        base = self.database(store)

        def read(view):
            page = self.rows(f"{base}/{view}.json", _size="max", _labels="off")
            columns, rows = page["columns"], page["rows"]
            while page.get("next_url"):
                page = json.loads(self.get(page["next_url"].removeprefix(self.address)))
                rows += page["rows"]
            return Table(columns, rows)

        yield read

    def check_use(self, store, expected):
        """The page of each view, and a query of one's own with a parameter.

        Datasette can't link to the blobs of a view, and fails at its page; as a query it shows them.
        """
        base = self.database(store)
        for view, table in expected.items():
            page = f"{base}?sql=select+*+from+{view}+limit+20" if table.has_blobs else f"{base}/{view}"
            require(view.encode() in self.get(page), f"the page of {view}")
        sql = "SELECT count(*) AS n FROM labels JOIN prompts USING (prompt_id) WHERE tie = :tie"
        labels = expected["labels"]
        tie = labels.columns.index("tie")
        counts = [self.rows(f"{base}.json", sql=sql, tie=value, _shape="array") for value in (0, 1)]
        wanted = [[{"n": sum(row[tie] == value for row in labels.rows)}] for value in (0, 1)]
        require(counts == wanted, f"a query: {counts}")
