"""Pipes an RDD of prompts through `aufdb select -`, and compares with one process; `select-spark` beside it runs this.

    python select_spark.py AUFDB FOLDER        with FOLDER/prompts.jsonl
"""

import pathlib
import shlex
import subprocess
import sys

from pyspark import SparkConf, SparkContext

SELECTIONS = [
    "--method drts --seed 7",
    "--method deltaucb",
    "--method ultrafeedback --by scores --seed 7",
    "--method drts --seed 7 --judged 4 --explain",
]
PARTITION_COUNTS = [1, 3, 8]


def spark_context(folder):
    settings = SparkConf().setMaster("local[2]").setAppName("aufdb select")
    settings.set("spark.ui.enabled", "false").set("spark.ui.showConsoleProgress", "false")
    settings.set("spark.local.dir", str(folder / "spark")).set("spark.driver.bindAddress", "127.0.0.1")
    return SparkContext(conf=settings)


def select(prompts, command):
    """The recipe itself: a process for each partition, and a job that fails when one of them does."""
    return prompts.pipe(command, checkCode=True)


def expect_same(pairs, expected, what):
    if pairs != expected:
        differing = next((number for number, both in enumerate(zip(pairs, expected), 1) if both[0] != both[1]), None)
        sys.exit(f"error: other pairs than one process gives: {what}; first in line {differing}")
    print(f"  the same {len(pairs)} lines: {what}")


def compare(context, prompts, command):
    """Runs the recipe over more and more partitions, and over shuffled ones."""
    with prompts.open("rb") as file:
        single = subprocess.run(shlex.split(command), stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if single.returncode != 0:
        sys.exit(f"error: one process failed: {single.stderr.decode()}")
    # Not splitlines, which takes other characters for line ends, too.
    expected = single.stdout.decode().removesuffix("\n").split("\n")
    for count in PARTITION_COUNTS:
        lines = context.textFile(str(prompts), minPartitions=count)
        pairs = select(lines, command).collect()
        expect_same(pairs, expected, f"{lines.getNumPartitions()} partitions")
    shuffled = context.textFile(str(prompts)).repartition(5)
    expect_same(sorted(select(shuffled, command).collect()), sorted(expected), "5 partitions, shuffled; sorted here")


def expect_failure(context, command):
    """A bad line fails the job, so that nobody takes half of the pairs for the whole."""
    try:
        select(context.parallelize(['{"prompt_id":"good","rewards":[]}', "{"], 2), command).collect()
    except Exception:  # Spark's own kinds, which differ between its versions.
        print("A bad line in one partition fails the job")
    else:
        sys.exit("error: a bad line in one partition did not fail the job")


def main():
    aufdb, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    prompts = folder / "prompts.jsonl"
    context = spark_context(folder)
    print(f"{sum(1 for _ in prompts.open('rb'))} prompts, {prompts.stat().st_size} bytes; Spark {context.version}")
    for arguments in SELECTIONS:
        print(f"aufdb select - {arguments}")
        compare(context, prompts, f"{shlex.quote(aufdb)} select - {arguments}")
    expect_failure(context, f"{shlex.quote(aufdb)} select - --method random")
    context.stop()


if __name__ == "__main__":
    main()
