"""What a folder holds, to be compared: stores by every row of every table, all else by its bytes."""

import hashlib
import os
import pathlib
import sqlite3

# What SQLite and aufdb keep beside a store while somebody uses it.
SIDE_FILES = ("-wal", "-shm", "-journal", "-lock")
MAGIC = b"SQLite format 3\0"
SEARCH_INDEX = "-search"


def is_database(path):
    with open(path, "rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def is_side_file(name):
    return name.endswith(SIDE_FILES)


def file_digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tree_digest(folder):
    """Of the names and bytes of all files in a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        digest.update(str(path.relative_to(folder)).encode() + b"\0")
        if path.is_file():
            digest.update(file_digest(path).encode())
    return digest.hexdigest()


def connect(path):
    """Opens a store for reading, as any program would."""
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)


def table_digest(connection, table, columns):
    digest = hashlib.sha256()
    order = ", ".join(str(number + 1) for number in range(columns))
    for row in connection.execute(f'SELECT * FROM main."{table}" ORDER BY {order}'):
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def store_digest(path, without=()):
    """Of the schema and all rows of all tables; where they lie in the file doesn't count."""
    connection = connect(path)
    connection.text_factory = bytes
    try:
        connection.execute("BEGIN")
        digest = hashlib.sha256()
        schema = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
        digest.update(repr(schema).encode())
        for kind, name, _ in schema:
            name = name.decode()
            if kind == b"table" and name not in without and not name.startswith("sqlite_stat"):
                columns = len(connection.execute(f'PRAGMA table_info("{name}")').fetchall())
                digest.update(f"{name} {table_digest(connection, name, columns)}".encode())
        return digest.hexdigest()
    finally:
        connection.close()


def commits(path):
    """The ids of all commits in the order in which they came into the store, and where branches and tags are."""
    connection = connect(path)
    try:
        connection.execute("BEGIN")
        ids = [id.hex() for id, in connection.execute("SELECT id FROM commit_log ORDER BY seq")]
        refs = dict(connection.execute("SELECT name, id FROM ref JOIN commit_log ON seq = commit_seq"))
        return ids, {name: id.hex() for name, id in refs.items()}
    finally:
        connection.close()


def names(folder):
    return set(os.listdir(folder))


def stores(folder):
    """The stores in a folder, by name."""
    return sorted(path.name for path in pathlib.Path(folder).iterdir() if path.suffix == ".aufdb" and path.is_file())


def snapshot(folder, without=()):
    """A digest of each thing in a folder, by name. Side files aren't things, and neither is a search index, which is a
    cache: what it finds is compared instead.

    `without`: tables of stores that are left out.
    """
    things = {}
    for path in sorted(pathlib.Path(folder).iterdir()):
        if is_side_file(path.name) or path.name.endswith((SEARCH_INDEX, SEARCH_INDEX + "-new")):
            continue
        if path.is_dir():
            things[path.name] = tree_digest(path)
        elif path.suffix == ".aufdb" and is_database(path):
            things[path.name] = store_digest(path, without)
        else:
            things[path.name] = file_digest(path)
    return things
