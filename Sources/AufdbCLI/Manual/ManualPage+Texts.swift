// What the manual page says beyond the help of the verbs.

extension ManualPage {
  /// When what is said here was last looked over: pages have a date.
  static let date = "2026-11-26"

  static let description = [
    """
    aufdb keeps prompts, responses, a reward model's estimates with their uncertainty, judges' scores and preference \
    labels in one SQLite file under version control, picks the pairs that are worth annotating, and writes training \
    sets.
    """,
    """
    The store comes first, after the verb. A verb that changes data makes exactly one commit, or changes nothing. A \
    revision is a branch, a tag, a commit's id or its beginning, one of these with ~N, or a branch as it was at a \
    time: main@{2026-11-01}. The file - is standard input or output. Data goes to standard output, all else to standard \
    error.
    """,
  ]

  /// As ErrorRendering gives them.
  static let exitCodes = [
    ("0", "All is done."),
    ("1", "Refused or not found: a conflict, an unknown revision."),
    ("64", "Wrong usage."),
    ("65", "Bad data: an input file, or a damaged store."),
    ("66", "An input can't be opened."),
    ("70", "A defect of aufdb."),
    ("73", "An output can't be made."),
    ("74", "Reading or writing failed: a full disk."),
    ("75", "Somebody else writes to the store: try again."),
  ]

  static let environment = [
    ("AUFDB_AUTHOR", "Who makes commits; otherwise the login name."),
    ("SOURCE_DATE_EPOCH", "The time of commits, in seconds since 1970-01-01 UTC, for results that can be made again."),
    ("NO_COLOR", "No colours, if it is not empty."),
    ("TERM", "The terminal; dumb: no colours."),
    ("XDG_STATE_HOME", "The folder for the shell's history; otherwise ~/.local/state."),
    ("HOME", "Where ~ is."),
  ]

  static let files = [
    ("STORE", "The store: a SQLite database that other tools can read, too."),
    ("STORE-wal, STORE-shm", "SQLite's, while the store is open."),
    ("STORE-search", "The index of aufdb search: a cache, safe to delete."),
    ("~/.local/state/aufdb/history", "What was typed in aufdb shell."),
    ("~/.editrc", "Keys of aufdb shell; see editrc(5)."),
  ]
}
