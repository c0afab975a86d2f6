"""Parquet to JSON Lines, and an export of aufdb to Parquet; run it through tools/parquet, which makes its environment.

Both directions stream: memory depends on the largest row group or row, not on the size of a file. Reading never
guesses and never rounds: what JSON can't hold (NaN, binary, decimals, durations) is refused by file, column and row.
"""

import argparse
import os
import signal
import sys

import parquet_read
import parquet_write
from failure import Failure


class Parser(argparse.ArgumentParser):
    """Wrong usage ends with 64, as it does in aufdb."""

    def error(self, message):
        self.print_usage(sys.stderr)
        print(f"error: {message}", file=sys.stderr)
        sys.exit(64)


def parse_arguments():
    parser = Parser(prog="tools/parquet", description="Parquet to JSON Lines, and exports of aufdb to Parquet.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="read|write")
    read = verbs.add_parser("read", help="write the rows of Parquet files as JSON Lines")
    read.add_argument("files", nargs="+", metavar="FILE", help="a Parquet file, or a pattern with * in quotes")
    read.add_argument(
        "--columns", type=lambda names: names.split(","), metavar="NAME,...", help="only these columns, in this order")
    write = verbs.add_parser("write", help="write an export of aufdb as a folder of Parquet files")
    write.add_argument("source", metavar="EXPORT_FOLDER")
    write.add_argument("target", metavar="OUTPUT_FOLDER", help="must not exist yet")
    return parser.parse_args()


def main():
    # `tools/parquet read FILE | head` ends quietly, as other tools do.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    options = parse_arguments()
    try:
        if options.verb == "read":
            parquet_read.read(options.files, options.columns, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            print(parquet_write.write(options.source, options.target), file=sys.stderr)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return failure.code
    except KeyboardInterrupt:
        return 130
    except OSError as problem:
        print(f"error: {problem.filename or 'reading or writing'}: {problem.strerror or problem}", file=sys.stderr)
        # What is still buffered can't be written either; the interpreter would complain about it once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 74
    return 0


if __name__ == "__main__":
    sys.exit(main())
