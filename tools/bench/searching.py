"""Searching prompts and responses, beside a bare FTS5 table of the same texts and the sqlite3 shell."""

import contextlib
import sqlite3
import sys

from measurement import Side, alternate, output
from rows import Target, less_start_up
from workload import remove_store, say

TOKENIZER = "unicode61 remove_diacritics 2"
# The texts, numbered as aufdb numbers them, so that both have the same work and the same answers.
TEXTS = """
  SELECT id << 1 AS number, prompt AS prompt, NULL AS response FROM prompts
  UNION ALL SELECT id << 1 | 1, NULL, response FROM responses
"""


class BareIndex:
    """A contentless FTS5 table, made by the sqlite3 shell with its defaults."""

    def __init__(self, work):
        self.path = work.scratch / "bare-fts5.db"
        self.make = [
            "sqlite3", str(self.path),
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; ATTACH '{work.plain_database}' AS plain;"
            f"CREATE VIRTUAL TABLE word USING fts5(prompt, response, content = '', tokenize = '{TOKENIZER}');"
            f"INSERT INTO word (rowid, prompt, response) {TEXTS};"]

    def remove(self):
        remove_store(self.path)

    def search(self, question, limit=20):
        quoted = question.replace("'", "''")
        return ["sqlite3", "-readonly", str(self.path),
                f"SELECT rowid FROM word WHERE word MATCH '{quoted}' ORDER BY rank LIMIT {limit}"]

    def questions(self):
        """What is asked, from rare to common, and the number of texts that each is in."""
        with contextlib.closing(sqlite3.connect(self.path)) as database:
            database.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, word, row)")
            counts = database.execute("SELECT term, doc FROM temp.vocabulary ORDER BY doc DESC, term").fetchall()
            total = database.execute("SELECT count(*) FROM word_docsize").fetchone()[0]

            def nearest(share):
                return min(counts, key=lambda pair: (abs(pair[1] - share * total), pair[0]))[0]

            rare, usual, frequent, common = (nearest(share) for share in (0.0001, 0.01, 0.05, 1))
            phrase = f'"{self.neighbours(database, usual)}"'
            questions = {
                "rare word": rare, "word": usual, "frequent word": frequent, "two words": f"{usual} AND {frequent}",
                "phrase": phrase, "common word": common}
            return {
                name: (question, database.execute(
                    "SELECT count(*) FROM word WHERE word MATCH ?", [question]).fetchone()[0])
                for name, question in questions.items()}

    @staticmethod
    def neighbours(database, word):
        """A word and the one that follows it in the first text that has it, of those in few texts."""
        database.execute("CREATE VIRTUAL TABLE temp.place USING fts5vocab(main, word, instance)")
        document, column, offset = database.execute(
            "SELECT doc, col, offset FROM temp.place WHERE term = ? LIMIT 1", [word]).fetchone()
        follower = database.execute(
            "SELECT term FROM temp.place WHERE doc = ? AND col = ? AND offset = ?", [document, column, offset + 1]
        ).fetchone()
        return f"{word} {follower[0]}" if follower else word


def search(work, runs):
    """Making the index, adding to it, and questions from rare to common."""
    store = work.scratch / "searched.aufdb"
    remove_store(store)
    work.do("import", work.new_store(store.name), work.answers()[0])
    bare = BareIndex(work)
    index = store.with_name(store.name + "-search")
    build = Side("aufdb", [work.aufdb, "search", store, "--build"], lambda: index.unlink(missing_ok=True))
    bare_build = Side("FTS5", bare.make, bare.remove)
    alternate([build, bare_build], max(1, runs // 3))
    text_bytes = count_bytes(work.plain_database)
    index_bytes, bare_bytes = index.stat().st_size, bare.path.stat().st_size
    yield less_start_up(
        "search build / FTS5", build, None, bare_build, None, note=(
            f"{text_bytes / 1e6 / build.wall_seconds:.0f} MB/s; it has {index_bytes / text_bytes:.0%} of the texts "
            f"(FTS5: {bare_bytes / text_bytes:.0%}); peak {build.peak_bytes / 1e6:.0f} MB"))
    yield from adding(work, store, runs)
    idle = Side("aufdb", [work.aufdb, "query", store, "SELECT 1"])
    shell_idle = Side("sqlite3", ["sqlite3", "-readonly", bare.path, "SELECT 1"])
    for name, (question, count) in bare.questions().items():
        compare_hits(work, store, question, count)
        ours = Side("aufdb", [work.aufdb, "search", store, question])
        theirs = Side("sqlite3", bare.search(question))
        alternate([ours, theirs, idle, shell_idle], 3 * runs)
        yield less_start_up(
            f"search {name} / FTS5", ours, idle, theirs, shell_idle,
            target=Target() if name == "common word" else Target(wall_milliseconds=20), note=f"{count:,} texts match")
    remove_store(store)
    bare.remove()


def count_bytes(database):
    return int(output([
        "sqlite3", "-readonly", database,
        "SELECT (SELECT sum(length(CAST(prompt AS BLOB))) FROM prompts)"
        " + (SELECT sum(length(CAST(response AS BLOB))) FROM responses)"]))


def adding(work, store, runs):
    """A commit of one text more, and the search that adds it: what that takes more than one that adds nothing."""
    number = iter(range(1_000_000))

    def commit_one():
        line = work.scratch / "one.jsonl"
        line.write_text(f'{{"prompt_id": "more-{next(number)}", "prompt": "one more", "completions": []}}\n')
        work.do("import", store, line)

    say("adding texts to the search index")
    adding_side = Side("aufdb, adding", [work.aufdb, "search", store, "--build"], commit_one)
    nothing = Side("aufdb, adding nothing", [work.aufdb, "search", store, "--build"])
    alternate([adding_side, nothing], runs)
    yield less_start_up(
        "search add one text", adding_side, nothing, target=Target(wall_milliseconds=20),
        note="beside bringing up to date what is")


def compare_hits(work, store, question, count):
    """Ends the program unless aufdb finds as many texts as the bare table: one that finds less would prove nothing."""
    command = [work.aufdb, "search", store, question, "--limit", str(count + 1), "--format", "tsv"]
    found = len(output(command).splitlines()) - 1
    if found != count:
        sys.exit(f"error: {question} is in {count} texts, and aufdb found {found}")
