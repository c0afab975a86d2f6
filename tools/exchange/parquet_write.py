"""An export of aufdb as a folder of Parquet files: one for each data file, compressed with Zstandard.

The columns' types are those of the card, never guessed. A row group ends when its lines have 32 MB, so that one of them
is all that lies in memory, and the same files give the same bytes with the same version of pyarrow. Files that no
configuration of the card names, such as a store's embeddings, are copied. The manifest is carried over, with the new
files' sizes and SHA-256, and with what they were made of and by. Everything is written aside, ".NAME.PID.tmp", and
renamed when it is whole.
"""

import gzip
import hashlib
import io
import json
import os
import pathlib
import re
import shutil

import pyarrow
import pyarrow.json
import pyarrow.parquet

from card import Card
from failure import BAD_DATA, NO_INPUT, NO_OUTPUT, REFUSED, Failure

ROW_GROUP_BYTES = 32 << 20
LEVEL = 3
ENDING = re.compile(r"\.jsonl?(\.zst|\.gz)?(?![\w.])")


def write(source, target):
    """Makes the folder `target` of the export `source`; returns what is said about it."""
    source, target = pathlib.Path(source), pathlib.Path(os.path.abspath(target))
    manifest, card = opened(source)
    if target.exists() or target.is_symlink():
        raise Failure(REFUSED, f"{target} exists already", "choose another name")
    aside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        (aside / "data").mkdir(parents=True)
    except OSError as problem:
        raise Failure(NO_OUTPUT, f"{target} can't be made: {problem.strerror}") from None
    try:
        files = [converted(source, aside, card, entry) for entry in manifest["files"]]
        extra = [renamed(source, aside, entry) for entry in manifest.get("extra_files", [])]
        put(aside / "manifest.json", new_manifest(manifest, files, extra))
        put(aside / "README.md", new_card(card))
        for folder in {(aside / file["path"]).parent for file in files} | {aside}:
            synchronize(folder)
        os.rename(aside, target)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    synchronize(target.parent)
    size = sum(file["bytes"] for file in files)
    return f"{target}: {sum(file['rows'] for file in files)} rows, {len(files)} files, {size} bytes"


def opened(source):
    """The manifest and the card of an export."""
    try:
        manifest = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
        text = (source / "README.md").read_text(encoding="utf-8")
    except OSError as problem:
        raise Failure(
            NO_INPUT, f"{problem.filename} can't be opened: {problem.strerror}", "give a folder that aufdb export made"
        ) from None
    except ValueError as problem:
        raise Failure(BAD_DATA, f"{source}: {problem}") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), list):
        raise Failure(BAD_DATA, f"{source / 'manifest.json'} lists no files")
    for entry in manifest["files"] + manifest.get("extra_files", []):
        path = pathlib.PurePosixPath(entry["path"])
        if path.is_absolute() or ".." in path.parts:
            raise Failure(BAD_DATA, f"the manifest lists {path}, which is outside the folder")
    return manifest, Card(text)


# --- one file -------------------------------------------------------------------------------------------------------


def converted(source, aside, card, entry):
    """Writes one data file as Parquet, and returns its entry in the new manifest."""
    check_digest(source / entry["path"], entry)
    (aside / entry["path"]).parent.mkdir(parents=True, exist_ok=True)
    if card.config_of(entry["path"]) is None:
        shutil.copyfile(source / entry["path"], aside / entry["path"])
        return entry
    path = ENDING.sub(".parquet", entry["path"])
    schema = card.schema(entry["path"])
    count = 0
    with open(aside / path, "wb") as file:
        with pyarrow.parquet.ParquetWriter(file, schema, compression="zstd", compression_level=LEVEL) as writer:
            for lines in groups(source / entry["path"]):
                writer.write_table(table(entry["path"], lines, schema, count), row_group_size=len(lines))
                count += len(lines)
        file.flush()
        os.fsync(file.fileno())
    if count != entry["rows"]:
        raise Failure(BAD_DATA, f"{entry['path']} has {count} rows, and the manifest says {entry['rows']}")
    return entry | {"path": path, "bytes": (aside / path).stat().st_size, "sha256": digest(aside / path)}


def renamed(source, aside, entry):
    """Copies a file that names data files, such as dataset_info.json, with the new names; returns its new entry."""
    check_digest(source / entry["path"], entry)
    put(aside / entry["path"], ENDING.sub(".parquet", (source / entry["path"]).read_text(encoding="utf-8")))
    return entry | {"bytes": (aside / entry["path"]).stat().st_size, "sha256": digest(aside / entry["path"])}


def check_digest(path, entry):
    try:
        found = digest(path)
    except OSError as problem:
        raise Failure(NO_INPUT, f"{path} can't be opened: {problem.strerror}") from None
    if found != entry["sha256"]:
        raise Failure(BAD_DATA, f"{path} is not the file that the manifest lists: its SHA-256 is {found}")


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else whole(file)


def whole(file):
    """What hashlib.file_digest does, for Python 3.10."""
    running = hashlib.sha256()
    while block := file.read(1 << 20):
        running.update(block)
    return running.hexdigest()


def groups(path):
    """The lines of a file, by row groups: 32 MB of them, and at least one."""
    lines, size = [], 0
    with content(path) as stream:
        for line in stream:
            if lines and size + len(line) > ROW_GROUP_BYTES:
                yield lines
                lines, size = [], 0
            lines.append(line)
            size += len(line)
    if lines:
        yield lines


def content(path):
    if path.suffix == ".zst":
        return io.BufferedReader(pyarrow.CompressedInputStream(pyarrow.OSFile(str(path)), "zstd"), 1 << 20)
    return gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb")


def table(path, lines, schema, before):
    try:
        return parsed(lines, schema)
    except pyarrow.ArrowException as problem:
        # Once more, line by line, to say which.
        for number, line in enumerate(lines, before + 1):
            try:
                parsed([line], schema)
            except pyarrow.ArrowException as reason:
                text = str(reason).splitlines()[0]
                raise Failure(BAD_DATA, f"{path}:{number} doesn't fit the card's features: {text}") from None
        raise Failure(BAD_DATA, f"{path}: {problem}") from None


def parsed(lines, schema):
    content = b"".join(lines)
    # One block, so that one row of any length fits, and one chunk comes out.
    return pyarrow.json.read_json(
        io.BytesIO(content), pyarrow.json.ReadOptions(use_threads=False, block_size=len(content) + 1),
        pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")).select(schema.names)


# --- what stands beside the data ------------------------------------------------------------------------------------


def new_manifest(manifest, files, extra):
    """The manifest with the new files; what they were made of, and by, stands under `parquet`."""
    parquet = {
        "codec": "zstd", "level": LEVEL, "pyarrow": pyarrow.__version__, "row_group_bytes": ROW_GROUP_BYTES,
        "source_compression": manifest.get("compression"), "source_files": manifest["files"]}
    changed = {key: value for key, value in manifest.items() if key != "compression"}
    changed |= {"files": files, "parquet": parquet} | ({"extra_files": extra} if "extra_files" in manifest else {})
    return json.dumps(changed, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def new_card(card):
    """The same card for the new files. Its features stay: they are where the files' types come from."""
    said = "The files are Parquet, made of JSON Lines by pyarrow: the same rows in the same order."
    page = re.sub(r"(## Load\n\n).*?(?=```)", rf"\1{said}\n\n", card.page, count=1, flags=re.DOTALL)
    return f"---\n{ENDING.sub('.parquet', card.block)}---\n{ENDING.sub('.parquet', page)}"


def put(path, text):
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def synchronize(folder):
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
