// The schema of format version 1, as stores of it were made, without its comments: for the tests of upgrading.

public enum FormatOneSchema {
  /// Runs on an empty database.
  public static let sql = """
    PRAGMA page_size = 16384;
    PRAGMA application_id = 0x61756664;
    PRAGMA user_version = 1;
    CREATE TABLE commit_log (
      seq           INTEGER PRIMARY KEY,
      id            BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
      author        TEXT NOT NULL,
      time          INTEGER NOT NULL,
      message       TEXT NOT NULL,
      operation     TEXT NOT NULL,
      change_digest BLOB NOT NULL CHECK (length(change_digest) = 32)
    );
    CREATE TABLE commit_parent (
      commit_seq INTEGER NOT NULL,
      position   INTEGER NOT NULL,
      parent_seq INTEGER NOT NULL,
      PRIMARY KEY (commit_seq, position)
    ) WITHOUT ROWID;
    CREATE TABLE relation (
      code    INTEGER PRIMARY KEY,
      name    TEXT NOT NULL UNIQUE,
      next_id INTEGER NOT NULL,
      retired_apart INTEGER NOT NULL
    );
    INSERT INTO relation VALUES
      (1, 'prompts', 1, 0), (2, 'responses', 1, 0), (3, 'embeddings', 1, 0), (4, 'scores', 1, 0),
      (5, 'snapshots', 1, 0), (6, 'estimates', 1, 0), (7, 'selections', 1, 0), (8, 'labels', 1, 0);
    CREATE TABLE commit_change (
      commit_seq INTEGER NOT NULL,
      relation   INTEGER NOT NULL,
      first_id   INTEGER,
      last_id    INTEGER,
      added      INTEGER NOT NULL,
      retired    INTEGER NOT NULL,
      PRIMARY KEY (commit_seq, relation)
    ) WITHOUT ROWID;
    CREATE TABLE retirement (
      commit_seq INTEGER NOT NULL,
      relation   INTEGER NOT NULL,
      row_id     INTEGER NOT NULL,
      in_live    INTEGER NOT NULL,
      PRIMARY KEY (commit_seq, relation, row_id)
    ) WITHOUT ROWID;
    CREATE INDEX retirement_row ON retirement (relation, row_id);
    CREATE INDEX retirement_in_live ON retirement (relation, commit_seq) WHERE in_live = 1;
    CREATE TABLE ref (
      name       TEXT PRIMARY KEY,
      kind       TEXT NOT NULL CHECK (kind IN ('branch', 'tag')),
      commit_seq INTEGER NOT NULL,
      sees_past  INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE TABLE setting (
      name  TEXT PRIMARY KEY,
      value
    ) WITHOUT ROWID;
    INSERT INTO setting VALUES
      ('current_branch', 'main'),
      ('head_views', 'plain');
    CREATE TABLE prompts_live (
      id        INTEGER PRIMARY KEY,
      prompt_id TEXT NOT NULL,
      source    TEXT,
      prompt    TEXT NOT NULL,
      format    TEXT NOT NULL,
      metadata  TEXT
    );
    CREATE INDEX prompts_live_key ON prompts_live (prompt_id);
    CREATE TABLE prompts_past (
      id INTEGER PRIMARY KEY, prompt_id TEXT NOT NULL, source TEXT, prompt TEXT NOT NULL, format TEXT NOT NULL,
        metadata TEXT,
      retired_by INTEGER NOT NULL
    );
    CREATE INDEX prompts_past_key ON prompts_past (prompt_id);
    CREATE TABLE responses_live (
      id            INTEGER PRIMARY KEY,
      prompt_id     TEXT NOT NULL,
      model         TEXT NOT NULL,
      sample        INTEGER NOT NULL,
      response      TEXT NOT NULL,
      system_prompt TEXT,
      principle     TEXT,
      metadata      TEXT
    );
    CREATE INDEX responses_live_key ON responses_live (prompt_id, model, sample);
    CREATE TABLE responses_past (
      id INTEGER PRIMARY KEY, prompt_id TEXT NOT NULL, model TEXT NOT NULL, sample INTEGER NOT NULL, response
        TEXT NOT NULL,
      system_prompt TEXT, principle TEXT, metadata TEXT,
      retired_by INTEGER NOT NULL
    );
    CREATE INDEX responses_past_key ON responses_past (prompt_id, model, sample);
    CREATE TABLE embeddings_live (
      id        INTEGER PRIMARY KEY,
      encoder   TEXT NOT NULL,
      prompt_id TEXT NOT NULL,
      model     TEXT,
      sample    INTEGER NOT NULL,
      element   TEXT NOT NULL,
      vector    BLOB NOT NULL
    );
    CREATE INDEX embeddings_live_key ON embeddings_live (prompt_id, model, sample, encoder);
    CREATE TABLE embeddings_past (
      id INTEGER PRIMARY KEY, encoder TEXT NOT NULL, prompt_id TEXT NOT NULL, model TEXT, sample INTEGER NOT NULL,
      element TEXT NOT NULL, vector BLOB NOT NULL,
      retired_by INTEGER NOT NULL
    );
    CREATE INDEX embeddings_past_key ON embeddings_past (prompt_id, model, sample, encoder);
    CREATE TABLE scores_live (
      id        INTEGER PRIMARY KEY,
      prompt_id TEXT NOT NULL,
      model     TEXT NOT NULL,
      sample    INTEGER NOT NULL,
      judge     TEXT NOT NULL,
      score     REAL,
      aspects   TEXT,
      critique  TEXT
    );
    CREATE INDEX scores_live_key ON scores_live (prompt_id, model, sample, judge);
    CREATE TABLE scores_past (
      id INTEGER PRIMARY KEY, prompt_id TEXT NOT NULL, model TEXT NOT NULL, sample INTEGER NOT NULL, judge TEXT
        NOT NULL,
      score REAL, aspects TEXT, critique TEXT,
      retired_by INTEGER NOT NULL
    );
    CREATE INDEX scores_past_key ON scores_past (prompt_id, model, sample, judge);
    CREATE TABLE snapshots_live (
      id       INTEGER PRIMARY KEY,
      snapshot TEXT NOT NULL,
      origin   TEXT NOT NULL,
      details  TEXT
    );
    CREATE INDEX snapshots_live_key ON snapshots_live (snapshot);
    CREATE TABLE snapshots_past (
      id INTEGER PRIMARY KEY, snapshot TEXT NOT NULL, origin TEXT NOT NULL, details TEXT,
      retired_by INTEGER NOT NULL
    );
    CREATE INDEX snapshots_past_key ON snapshots_past (snapshot);
    CREATE TABLE estimates_live (
      id        INTEGER PRIMARY KEY,
      snapshot  TEXT NOT NULL,
      prompt_id TEXT NOT NULL,
      model     TEXT NOT NULL,
      sample    INTEGER NOT NULL,
      reward    REAL NOT NULL,
      lower     REAL NOT NULL,
      upper     REAL NOT NULL
    );
    CREATE INDEX estimates_live_key ON estimates_live (prompt_id, model, sample, snapshot);
    CREATE TABLE estimates_past (
      id INTEGER PRIMARY KEY, snapshot TEXT NOT NULL, prompt_id TEXT NOT NULL, model TEXT NOT NULL, sample
        INTEGER NOT NULL,
      reward REAL NOT NULL, lower REAL NOT NULL, upper REAL NOT NULL,
      retired_by INTEGER NOT NULL
    );
    CREATE INDEX estimates_past_key ON estimates_past (prompt_id, model, sample, snapshot);
    CREATE TABLE selections_live (
      id            INTEGER PRIMARY KEY,
      prompt_id     TEXT NOT NULL,
      first_model   TEXT NOT NULL,
      first_sample  INTEGER NOT NULL,
      second_model  TEXT NOT NULL,
      second_sample INTEGER NOT NULL,
      method        TEXT NOT NULL,
      batch         INTEGER NOT NULL,
      snapshot      TEXT,
      seed          INTEGER NOT NULL,
      parameters    TEXT NOT NULL
    );
    CREATE INDEX selections_live_key ON selections_live (prompt_id);
    CREATE TABLE selections_past (
      id INTEGER PRIMARY KEY, prompt_id TEXT NOT NULL, first_model TEXT NOT NULL, first_sample INTEGER NOT NULL,
      second_model TEXT NOT NULL, second_sample INTEGER NOT NULL, method TEXT NOT NULL, batch INTEGER NOT NULL,
      snapshot TEXT, seed INTEGER NOT NULL, parameters TEXT NOT NULL,
      retired_by INTEGER NOT NULL
    );
    CREATE INDEX selections_past_key ON selections_past (prompt_id);
    CREATE TABLE labels_live (
      id              INTEGER PRIMARY KEY,
      prompt_id       TEXT NOT NULL,
      chosen_model    TEXT NOT NULL,
      chosen_sample   INTEGER NOT NULL,
      rejected_model  TEXT NOT NULL,
      rejected_sample INTEGER NOT NULL,
      judge           TEXT NOT NULL,
      tie             INTEGER NOT NULL,
      chosen_score    REAL,
      rejected_score  REAL,
      method          TEXT,
      batch           INTEGER
    );
    CREATE INDEX labels_live_key ON labels_live (prompt_id);
    CREATE TABLE labels_past (
      id INTEGER PRIMARY KEY, prompt_id TEXT NOT NULL, chosen_model TEXT NOT NULL, chosen_sample INTEGER NOT NULL,
      rejected_model TEXT NOT NULL, rejected_sample INTEGER NOT NULL, judge TEXT NOT NULL, tie INTEGER NOT NULL,
      chosen_score REAL, rejected_score REAL, method TEXT, batch INTEGER,
      retired_by INTEGER NOT NULL
    );
    CREATE INDEX labels_past_key ON labels_past (prompt_id);
    CREATE TABLE head_run (
      relation INTEGER NOT NULL,
      first_id INTEGER NOT NULL,
      last_id  INTEGER NOT NULL
    );
    CREATE TABLE head_commit (
      seq INTEGER PRIMARY KEY
    );
    CREATE VIEW prompts AS SELECT prompt_id, source, prompt, format, metadata FROM prompts_live;
    CREATE VIEW responses AS
      SELECT prompt_id, model, sample, response, system_prompt, principle, metadata FROM responses_live;
    CREATE VIEW embeddings AS SELECT encoder, prompt_id, model, sample, element, vector FROM embeddings_live;
    CREATE VIEW scores AS SELECT prompt_id, model, sample, judge, score, aspects, critique FROM scores_live;
    CREATE VIEW snapshots AS SELECT snapshot, origin, details FROM snapshots_live;
    CREATE VIEW estimates AS SELECT snapshot, prompt_id, model, sample, reward, lower, upper FROM estimates_live;
    CREATE VIEW selections AS
      SELECT prompt_id, first_model, first_sample, second_model, second_sample, method, batch, snapshot, seed,
        parameters
      FROM selections_live;
    CREATE VIEW labels AS
      SELECT prompt_id, chosen_model, chosen_sample, rejected_model, rejected_sample, judge, tie, chosen_score,
        rejected_score, method, batch
      FROM labels_live;
    CREATE VIEW commits AS
      SELECT lower(hex(c.id)) AS id,
        ifnull((SELECT group_concat(lower(hex(p.id)), ' ')
         FROM (SELECT parent_seq FROM commit_parent WHERE commit_seq = c.seq ORDER BY position) AS e
         CROSS JOIN commit_log AS p ON p.seq = e.parent_seq), '') AS parents,
        c.author,
        strftime('%Y-%m-%dT%H:%M:%fZ', c.time / 1000.0, 'unixepoch') AS time,
        c.message, c.operation
      FROM commit_log AS c;
    CREATE VIEW branches AS
      SELECT r.name AS branch, lower(hex(c.id)) AS "commit",
        r.name = (SELECT value FROM setting WHERE name = 'current_branch') AS current
      FROM ref AS r JOIN commit_log AS c ON c.seq = r.commit_seq WHERE r.kind = 'branch';
    CREATE VIEW tags AS
      SELECT r.name AS tag, lower(hex(c.id)) AS "commit"
      FROM ref AS r JOIN commit_log AS c ON c.seq = r.commit_seq WHERE r.kind = 'tag';
    """
}
