"""Tests of tools/parquet, with what it is for: datasets, DuckDB and pyarrow read what it writes.

tools/check-parquet runs them. Everything is made up here; the folders look like exports of aufdb.
"""

import contextlib
import datetime
import decimal
import gzip
import hashlib
import io
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import datasets
import duckdb
import pyarrow
import pyarrow.parquet
import zstandard

import parquet_read
import parquet_write
from failure import Failure

SCRIPT = pathlib.Path(__file__).resolve().with_name("parquet.py")
FEATURES = """\
  - name: prompt_id
    dtype: string
  - name: prompt
    list:
    - name: role
      dtype: string
    - name: content
      dtype: string
  - name: answer
    dtype: string
  - name: score
    dtype: float64
  - name: count
    dtype: int64
  - name: seen
    dtype: bool
  - name: tags
    list: string
  - name: about
    struct:
    - name: name
      dtype: string
    - name: weight
      dtype: float64
"""
COMPRESSORS = {".zst": zstandard.ZstdCompressor().compress, ".gz": lambda data: gzip.compress(data, mtime=0), "": bytes}


def row(number, **changes):
    """A row with every kind of value; what is usual in it, unless `changes` say otherwise."""
    return {
        "prompt_id": f"p{number}", "prompt": [{"role": "user", "content": f"Question {number}?"}],
        "answer": f"Answer {number}.", "score": number / 8, "count": number, "seen": number % 2 == 0,
        "tags": ["a", "b"][: number % 3], "about": {"name": "n", "weight": 0.5}} | changes


def unusual_rows():
    return [
        row(0, score=-0.0, count=2**63 - 1, tags=[]),
        row(1, score=None, count=-(2**63), tags=None, about=None, seen=None, answer=None, prompt=[]),
        row(2, answer="😀 \u2028 \u0000 \x1b \"quoted\" \\ é ́", about={"name": None, "weight": None}),
        row(3, answer="2026-01-01", prompt_id="2026-01-01T00:00:00Z", tags=[None, "", "null"]),
        row(4, score=5e-324, prompt=[{"role": "user", "content": ""}, {"role": None, "content": None}]),
        row(5, score=1.7976931348623157e308, answer="x" * 10_000_000),
        row(6, score=0.1 + 0.2), row(7, score=1e22)]


def make_export(folder, shards, ending=".zst", configs=None):
    """Writes rows as an export: {"data/train-00000-of-00001": rows}. Paths end as the compression has it."""
    folder.mkdir()
    files = []
    for path, rows in shards.items():
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        data = COMPRESSORS[ending](content)
        file = folder / f"{path}.jsonl{ending}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        split = file.name.split("-")[0]
        files.append({
            "path": str(file.relative_to(folder)), "split": split, "rows": len(rows), "bytes": len(data),
            "content_bytes": len(content), "sha256": hashlib.sha256(data).hexdigest()})
    manifest = {
        "aufdb": "0", "compression": {"codec": "zstd"}, "files": files, "format": "made-up",
        "rows": sum(file["rows"] for file in files)}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2))
    splits = sorted({file["split"] for file in files})
    if configs is None:
        paths = "".join(f"  - split: {split}\n    path: data/{split}-*.jsonl{ending}\n" for split in splits)
        block = f"configs:\n- config_name: default\n  data_files:\n{paths}dataset_info:\n  features:\n{FEATURES}"
    else:
        block = "configs:\n" + "".join(
            f"- config_name: {name}\n  data_files:\n  - split: train\n    path: data/{name}/train-*.jsonl{ending}\n"
            for name in configs) + "dataset_info:\n" + "".join(
            f"- config_name: {name}\n  features:\n{features}" for name, features in configs.items())
    (folder / "README.md").write_text(
        f"---\n{block}---\n\n# Made up\n\n## Load\n\nThe files are data/*.jsonl{ending}.\n\n```python\n```\n")


def same(one, other):
    """Equality that tells 1 from 1.0 and 0.0 from -0.0."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


class InFolder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def loaded(self, folder, *arguments, **more):
        return datasets.load_dataset(str(folder), *arguments, cache_dir=str(self.folder / "cache"), **more)

    def enterContext(self, context):  # new in Python 3.11
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        return stack.enter_context(context)

    def rows_of(self, *patterns, columns=None):
        output = io.BytesIO()
        parquet_read.read([str(pattern) for pattern in patterns], columns, output)
        return [json.loads(line) for line in output.getvalue().split(b"\n")[:-1]]

    def table(self, name="t.parquet", **columns):
        file = self.folder / name
        pyarrow.parquet.write_table(pyarrow.table(columns), file)
        return file

    def refusal(self, code, body, *arguments):
        with self.assertRaises(Failure) as caught:
            body(*arguments)
        self.assertEqual(caught.exception.code, code, caught.exception)
        return str(caught.exception)


class Writing(InFolder):
    def written(self, shards, **more):
        make_export(self.folder / "export", shards, **more)
        parquet_write.write(self.folder / "export", self.folder / "out")
        return self.folder / "out"

    def test_round_trip_value_by_value(self):
        rows = unusual_rows()
        for ending in COMPRESSORS:
            with self.subTest(ending=ending), tempfile.TemporaryDirectory(dir=self.folder) as inner:
                inner = pathlib.Path(inner)
                make_export(inner / "export", {"data/train-00000-of-00001": rows}, ending)
                parquet_write.write(inner / "export", inner / "out")
                found = self.rows_of(inner / "out/data/train-00000-of-00001.parquet")
                self.assertEqual(len(found), len(rows))
                for expected, got in zip(rows, found):
                    self.assertTrue(same(got, expected), f"{expected['prompt_id']}: {str(got)[:300]}")

    def test_row_groups_shards_and_what_the_readers_count(self):
        rows = [row(number) for number in range(3000)]
        shards = {
            "data/train-00000-of-00002": rows[:1400], "data/train-00001-of-00002": rows[1400:2800],
            "data/test-00000-of-00001": rows[2800:]}
        with mock.patch.object(parquet_write, "ROW_GROUP_BYTES", 20_000):
            out = self.written(shards)
        paths = sorted(str(path.relative_to(out)) for path in out.rglob("*.parquet"))
        self.assertEqual(paths, sorted(f"{path}.parquet" for path in shards))
        for path, members in shards.items():
            parquet = pyarrow.parquet.ParquetFile(out / f"{path}.parquet")
            self.assertGreater(parquet.num_row_groups, 1)
            self.assertEqual(parquet.metadata.row_group(0).column(0).compression, "ZSTD")
            self.assertEqual(parquet.read().to_pylist(), members)
        total = sum(member["score"] for member in rows)
        answer = duckdb.sql(f"SELECT count(*), sum(score), sum(count), count(DISTINCT prompt_id), sum(len(prompt)) "
                            f"FROM '{out}/data/*.parquet'").fetchall()
        self.assertEqual(answer, [(3000, total, sum(range(3000)), 3000, 3000)])
        loaded = self.loaded(out)
        self.assertEqual({split: data.num_rows for split, data in loaded.items()}, {"train": 2800, "test": 200})
        self.assertEqual(loaded["train"].to_list() + loaded["test"].to_list(), rows)

    def test_types_come_from_the_card_even_where_all_is_null(self):
        nothing = {name: None for name in row(0)}
        out = self.written({"data/train-00000-of-00002": [nothing], "data/train-00001-of-00002": [row(1)]})
        schemas = [pyarrow.parquet.read_schema(file) for file in sorted((out / "data").iterdir())]
        self.assertEqual(schemas[0], schemas[1])
        self.assertEqual(schemas[0].field("score").type, pyarrow.float64())
        self.assertEqual(self.loaded(out, split="train").to_list(), [nothing, row(1)])

    def test_several_configurations(self):
        names = {"one": FEATURES, "two": "  - name: prompt_id\n    dtype: string\n  - name: n\n    dtype: float64\n"}
        rows = {"one": [row(1)], "two": [{"prompt_id": "p", "n": 0.5}]}
        out = self.written({f"data/{name}/train-00000-of-00001": rows[name] for name in names}, configs=names)
        for name in names:
            self.assertEqual(self.loaded(out, name, split="train").to_list(), rows[name])

    def test_files_that_no_configuration_names(self):
        make_export(self.folder / "export", {"data/train-00000-of-00001": [row(1)]}, "")
        manifest = json.loads((self.folder / "export/manifest.json").read_text())
        matrix, info = b"\x93NUMPY", b'{"train": {"file_name": "data/train-00000-of-00001.jsonl"}}\n'
        for path, data, key in (("embeddings/e.npy", matrix, "files"), ("dataset_info.json", info, "extra_files")):
            (self.folder / "export" / path).parent.mkdir(exist_ok=True)
            (self.folder / "export" / path).write_bytes(data)
            entry = {"path": path, "rows": 1, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            manifest.setdefault(key, []).append(entry)
        (self.folder / "export/manifest.json").write_text(json.dumps(manifest))
        parquet_write.write(self.folder / "export", self.folder / "out")
        self.assertEqual((self.folder / "out/embeddings/e.npy").read_bytes(), matrix)
        renamed = info.replace(b".jsonl", b".parquet")
        self.assertEqual((self.folder / "out/dataset_info.json").read_bytes(), renamed)
        changed = json.loads((self.folder / "out/manifest.json").read_text())
        self.assertEqual(changed["files"][1], manifest["files"][1])
        self.assertEqual(changed["extra_files"][0]["sha256"], hashlib.sha256(renamed).hexdigest())

    def test_manifest_and_card(self):
        out = self.written({"data/train-00000-of-00001": [row(1)]})
        manifest = json.loads((out / "manifest.json").read_text())
        old = json.loads((self.folder / "export/manifest.json").read_text())
        (entry,) = manifest["files"]
        data = (out / entry["path"]).read_bytes()
        self.assertEqual((entry["sha256"], entry["bytes"]), (hashlib.sha256(data).hexdigest(), len(data)))
        self.assertEqual(manifest["parquet"]["pyarrow"], pyarrow.__version__)
        self.assertEqual(manifest["parquet"]["source_files"], old["files"])
        self.assertEqual((manifest["format"], manifest["rows"]), (old["format"], old["rows"]))
        card = (out / "README.md").read_text()
        self.assertNotIn("jsonl", card)
        self.assertIn("path: data/train-*.parquet", card)

    def test_same_bytes_again(self):
        make_export(self.folder / "export", {"data/train-00000-of-00001": unusual_rows()})
        for name in ("one", "two"):
            parquet_write.write(self.folder / "export", self.folder / name)
        for file in (self.folder / "one").rglob("*.*"):
            other = self.folder / "two" / file.relative_to(self.folder / "one")
            self.assertEqual(file.read_bytes(), other.read_bytes(), file.name)

    def test_refusals_leave_nothing(self):
        def attempt(code, change, *texts):
            with tempfile.TemporaryDirectory(dir=self.folder) as inner:
                inner = pathlib.Path(inner)
                make_export(inner / "export", {"data/train-00000-of-00001": [row(1), row(2)]}, "")
                change(inner)
                before = sorted(inner.rglob("*"))
                said = self.refusal(code, parquet_write.write, inner / "export", inner / "out")
                for text in texts:
                    self.assertIn(text, said)
                self.assertEqual(sorted(inner.rglob("*")), before)

        def rewrite(inner, lines, rows=2):
            data = "".join(json.dumps(line) + "\n" for line in lines).encode()
            (inner / "export/data/train-00000-of-00001.jsonl").write_bytes(data)
            manifest = json.loads((inner / "export/manifest.json").read_text())
            manifest["files"][0] |= {"sha256": hashlib.sha256(data).hexdigest(), "rows": rows}
            (inner / "export/manifest.json").write_text(json.dumps(manifest))

        def rename(inner, path):
            manifest = json.loads((inner / "export/manifest.json").read_text())
            manifest["files"][0]["path"] = path
            (inner / "export/manifest.json").write_text(json.dumps(manifest))

        def retype(inner):
            card = inner / "export/README.md"
            card.write_text(card.read_text().replace("dtype: float64", "dtype: json"))

        attempt(65, retype, "isn't known", "json")
        attempt(1, lambda inner: (inner / "out").mkdir(), "exists already")
        attempt(66, lambda inner: (inner / "export/manifest.json").unlink(), "manifest.json")
        attempt(66, lambda inner: (inner / "export/data/train-00000-of-00001.jsonl").unlink(), "can't be opened")
        attempt(65, lambda inner: (inner / "export/README.md").write_text("# No block\n"), "no YAML block")
        attempt(65, lambda inner: (inner / "export/README.md").write_text("---\na: [\n---\n"), "YAML")
        attempt(65, lambda inner: (inner / "export/README.md").write_text("---\na: 1\n---\n"), "configs")
        attempt(65, lambda inner: (inner / "export/data/train-00000-of-00001.jsonl").write_text("{}\n"), "SHA-256")
        attempt(65, lambda inner: rewrite(inner, [row(1), row(2, more=1)]), ":2 ", "unexpected field")
        attempt(65, lambda inner: rewrite(inner, [row(1), row(2, score="high")]), ":2 ", "score")
        attempt(65, lambda inner: rewrite(inner, [row(1), row(2, count=2**63)]), ":2 ", str(2**63))
        attempt(65, lambda inner: rewrite(inner, [row(1)]), "1 rows", "says 2")
        attempt(65, lambda inner: rename(inner, "../train-00000.jsonl"), "outside")
        attempt(65, lambda inner: rename(inner, "/etc/hosts"), "outside")


class Reading(InFolder):
    def test_types_that_json_has(self):
        file = self.table(
            i=pyarrow.array([1, None, -3], pyarrow.int8()), u=pyarrow.array([2**64 - 1, 0, None], pyarrow.uint64()),
            f=pyarrow.array([1.0, -0.0, None]), f32=pyarrow.array([0.5, 1e10, None], pyarrow.float32()),
            b=[True, None, False], s=["", None, "é😀"], large=pyarrow.array(["a", "b", None], pyarrow.large_string()),
            d=pyarrow.array(["x", "y", "x"]).dictionary_encode(), n=pyarrow.nulls(3),
            l=[[{"a": [1]}, None], [], None], st=[{"x": 1.5, "y": None}, None, {"x": None, "y": "z"}])
        self.assertTrue(same(self.rows_of(file), [
            {"i": 1, "u": 2**64 - 1, "f": 1.0, "f32": 0.5, "b": True, "s": "", "large": "a", "d": "x", "n": None,
             "l": [{"a": [1]}, None], "st": {"x": 1.5, "y": None}},
            {"i": None, "u": 0, "f": -0.0, "f32": 1e10, "b": None, "s": None, "large": "b", "d": "y", "n": None,
             "l": [], "st": None},
            {"i": -3, "u": None, "f": None, "f32": None, "b": False, "s": "é😀", "large": None, "d": "x", "n": None,
             "l": None, "st": {"x": None, "y": "z"}}]))

    def test_times_become_texts(self):
        instant = datetime.datetime(1969, 12, 31, 23, 59, 58, 500_000)
        file = self.table(
            ms=pyarrow.array([instant, None], pyarrow.timestamp("ms")),
            zone=pyarrow.array([instant, None], pyarrow.timestamp("us", "Europe/Paris")),
            ns=pyarrow.array([1, None], pyarrow.timestamp("ns")),
            day=pyarrow.array([datetime.date(2026, 1, 1), None]),
            time=pyarrow.array([datetime.time(1, 2, 3), None], pyarrow.time32("ms")),
            inner=pyarrow.array(
                [[{"at": instant}], None], pyarrow.list_(pyarrow.struct([("at", pyarrow.timestamp("ms"))]))))
        self.assertEqual(self.rows_of(file), [
            {"ms": "1969-12-31T23:59:58.500", "zone": "1969-12-31T23:59:58.500000Z",
             "ns": "1970-01-01T00:00:00.000000001", "day": "2026-01-01", "time": "01:02:03.000",
             "inner": [{"at": "1969-12-31T23:59:58.500"}]},
            {"ms": None, "zone": None, "ns": None, "day": None, "time": None, "inner": None}])

    def test_what_json_lacks_is_refused_by_column(self):
        for kind, values in {
            "binary": [b"x"], "decimal128": [decimal.Decimal("1.5")], "duration": [datetime.timedelta(1)],
            "map": pyarrow.array([[("a", 1)]], pyarrow.map_(pyarrow.string(), pyarrow.int64())),
        }.items():
            file = self.table(good=[1], outer=pyarrow.StructArray.from_arrays([pyarrow.array(values)], ["inner"]))
            output = io.BytesIO()
            said = self.refusal(65, parquet_read.read, [str(file)], None, output)
            self.assertIn("'outer.inner'", said)
            self.assertIn(kind, said)
            self.assertEqual(output.getvalue(), b"")
            self.assertEqual(self.rows_of(file, columns=["good"]), [{"good": 1}])

    def test_no_number(self):
        for value in (math.nan, math.inf, -math.inf):
            file = self.table(a=[1.0, 2.0], score=[[0.5], [0.5, value]])
            said = self.refusal(65, self.rows_of, file)
            self.assertIn("row 2: column 'score'", said)

    def test_files_and_patterns(self):
        for number in range(3):
            self.table(f"part-{number}.parquet", n=[number])
        parts = self.folder / "part-*.parquet"
        self.assertEqual(self.rows_of(parts, self.folder / "part-1.parquet"), [{"n": n} for n in (0, 1, 2, 1)])
        self.refusal(66, self.rows_of, self.folder / "other-*.parquet")
        self.refusal(66, self.rows_of, self.folder / "missing.parquet")
        (self.folder / "bad.parquet").write_bytes(b"PAR1 and nothing more PAR1")
        self.refusal(65, self.rows_of, parts, self.folder / "bad.parquet")
        self.assertIn("it has n", self.refusal(65, lambda: self.rows_of(parts, columns=["m"])))

    def test_a_damaged_page(self):
        file = self.table(text=[f"{number} text" for number in range(50_000)])
        data = bytearray(file.read_bytes())
        data[1000:2000] = bytes(1000)
        file.write_bytes(data)
        self.assertIn("row group 0", self.refusal(65, self.rows_of, file))

    def test_the_command(self):
        file = self.table(n=[1], raw=[b"x"])

        def run(*arguments):
            command = [sys.executable, SCRIPT, *arguments]
            result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
            return result.returncode, result.stdout, result.stderr

        self.assertEqual(run("read", "--columns", "n", file), (0, '{"n":1}\n', ""))
        code, said, complaint = run("read", file)
        self.assertEqual((code, said), (65, ""))
        self.assertRegex(complaint, r"^error: .*'raw' is binary.*\nhint: .*--columns\n$")
        self.assertEqual(run()[0], 64)
        self.assertEqual(run("write", self.folder)[0], 64)
        self.assertEqual(run("write", self.folder, self.folder / "out")[0], 66)


if __name__ == "__main__":
    datasets.disable_progress_bars()
    unittest.main()
