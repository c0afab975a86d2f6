"""Runs SQL in DuckDB and tells what it took: one JSON request a line on standard input, one answer a line.

    {"run": SQL}    {"wall", "cpu", "rows", "version"}: seconds, and the rows of the statement; or {"error"}

The process keeps running, so that DuckDB's start isn't in its figures. It uses as many threads as it likes.
"""

import json
import sys
import time

import duckdb


def main():
    database = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    for line in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            rows = database.execute(json.loads(line)["run"]).fetchall()
            answer = {
                "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "rows": rows,
                "version": duckdb.__version__}
        except duckdb.Error as failure:
            answer = {"error": " ".join(str(failure).split())[:300]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
