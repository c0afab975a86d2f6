"""The search for the nearest vectors beside the bare reading of all vectors."""

from importing import WIDTH, embedding_files
from measurement import Side, alternate, output, ratio
from rows import compared
from workload import remove_store

SOME_RESPONSE = "SELECT prompt_id, model FROM embeddings ORDER BY 1, 2 LIMIT 1 OFFSET 1000"
# The same answer by a function of two vectors and an order.
BY_COSINE = """
SELECT row_number() OVER () AS rank, cosine, prompt_id, model FROM (
  SELECT cosine(element, vector, (SELECT vector FROM embeddings WHERE (prompt_id, model) = ({key}))) AS cosine,
    prompt_id, model
  FROM embeddings WHERE (prompt_id, model) <> ({key}) ORDER BY 1 DESC, 2, 3 LIMIT 10)
"""


def nearest(work, runs):
    """The ten nearest of a response among all, against a C program that reads every vector and adds up its bytes."""
    base, matrix, index, keys = embedding_files(work)
    work.do("import", base, matrix, "--index", index, "--encoder", "random")
    for file in (matrix, index, keys):
        file.unlink()

    def aufdb(sql):
        return Side("aufdb", [work.aufdb, "query", base, sql, "--format", "csv"])

    prompt, model = output(aufdb(SOME_RESPONSE).command).splitlines()[1].split(",")
    by_table = aufdb(f"SELECT rank, cosine, prompt_id, model FROM nearest('{prompt} {model}', 10)")
    by_cosine = aufdb(BY_COSINE.format(key=f"'{prompt}', '{model}'"))
    idle = aufdb("SELECT 1")
    read = Side("C API", [work.tool("scan-vectors"), base])
    read_idle = Side("C API", [work.tool("scan-vectors"), base, "nothing"])
    answers = [output(side.command) for side in (by_table, by_cosine)]
    if answers[0] != answers[1]:
        raise SystemExit(f"error: nearest and cosine differ:\n{answers[0]}\n{answers[1]}")
    alternate([by_table, by_cosine, idle, read, read_idle], 3 * runs)
    vectors = f"{4 * work.prompt_count:,} x {WIDTH} float16"
    for name, side, target in (("nearest / read", by_table, 2), ("cosine ORDER BY / read", by_cosine, None)):
        less = [idle, read_idle]
        wall, cpu = ratio(side, read, less=less), ratio(side, read, "cpu_seconds", less)
        note = f"{vectors}; less start-up: wall {wall:.2f}x, CPU {cpu:.2f}x"
        yield compared(name, side, read, target=target, note=note)
    remove_store(base)
