// The schema of format version 4, as stores of it were made: for the tests of upgrading. SQLite keeps the comments
// inside a statement with it, so they belong to the format and stand here, too; the others are left out.

public enum FormatFourSchema {
  /// Runs on an empty database.
  public static let sql = """
    PRAGMA page_size = 16384;
    PRAGMA application_id = 0x61756664;
    PRAGMA user_version = 4;
    CREATE TABLE commit_log (
      seq           INTEGER PRIMARY KEY,  -- the order of arrival in this file; means nothing elsewhere
      id            BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
      author        TEXT NOT NULL,
      time          INTEGER NOT NULL,     -- milliseconds since 1970-01-01 UTC
      message       TEXT NOT NULL,
      operation     TEXT NOT NULL,        -- JSON: the verb and all its parameters
      change_digest BLOB NOT NULL CHECK (length(change_digest) = 32),
      pruned        INTEGER NOT NULL DEFAULT 0  -- 1: `aufdb prune` dropped rows that it saw
    );
    CREATE TABLE commit_parent (
      commit_seq INTEGER NOT NULL,
      position   INTEGER NOT NULL,        -- 0 for the first parent
      parent_seq INTEGER NOT NULL,
      PRIMARY KEY (commit_seq, position)
    ) WITHOUT ROWID;
    CREATE TABLE relation (
      code          INTEGER PRIMARY KEY,  -- stands for the relation in the tables below
      name          TEXT NOT NULL UNIQUE, -- the name of its view
      next_past     INTEGER NOT NULL,     -- the place that the next past row takes; from -2^47 upwards
      retired_apart INTEGER NOT NULL      -- 1 once a branch retired a row version that another one kept
    );
    INSERT INTO relation VALUES
      (1, 'prompts', -140737488355328, 0), (2, 'responses', -140737488355328, 0), (3, 'embeddings', -140737488355328, \
    0),
      (4, 'scores', -140737488355328, 0), (5, 'snapshots', -140737488355328, 0), (6, 'estimates', -140737488355328, 0),
      (7, 'selections', -140737488355328, 0), (8, 'labels', -140737488355328, 0),
      (9, 'reward_heads', -140737488355328, 0), (10, 'progress', -140737488355328, 0);
    CREATE TABLE lane (
      relation INTEGER NOT NULL,          -- relation.code
      lane     INTEGER NOT NULL,          -- 0 for the first branch
      next_id  INTEGER NOT NULL,
      PRIMARY KEY (relation, lane)
    ) WITHOUT ROWID;
    CREATE TABLE commit_change (
      commit_seq INTEGER NOT NULL,
      relation   INTEGER NOT NULL,        -- relation.code
      first_id   INTEGER,                 -- first_id..last_id: the row versions that it bore (NULL: none)
      last_id    INTEGER,
      added      INTEGER NOT NULL,        -- row versions born
      first_past INTEGER,                 -- first_past..last_past: the places of the rows that it made past (NULL: \
    none)
      last_past  INTEGER,
      retired    INTEGER NOT NULL,        -- row versions retired
      kept_digest BLOB,                   -- born(R) of CommitBytes.swift over the rows that are left, once some were \
    pruned
      retired_digest BLOB,                -- retired(R), once some of the rows that it retired were pruned
      PRIMARY KEY (commit_seq, relation)
    ) WITHOUT ROWID;
    CREATE INDEX commit_change_born ON commit_change (relation, first_id) WHERE first_id IS NOT NULL;
    CREATE TABLE retirement (
      commit_seq INTEGER NOT NULL,
      relation   INTEGER NOT NULL,        -- relation.code
      row_id     INTEGER NOT NULL,
      in_live    INTEGER NOT NULL,        -- 1 while another branch's tip keeps the row version live
      PRIMARY KEY (commit_seq, relation, row_id)
    ) WITHOUT ROWID;
    CREATE INDEX retirement_row ON retirement (relation, row_id);
    CREATE INDEX retirement_in_live ON retirement (relation, commit_seq) WHERE in_live = 1;
    CREATE TABLE ref (
      name       TEXT PRIMARY KEY,
      kind       TEXT NOT NULL CHECK (kind IN ('branch', 'tag')),
      commit_seq INTEGER NOT NULL,
      sees_past  INTEGER NOT NULL DEFAULT 0,  -- 1 when the branch began at an old commit, whose rows may be past
      lane       INTEGER UNIQUE               -- a branch's; NULL for a tag
    ) WITHOUT ROWID;
    CREATE TABLE setting (
      name  TEXT PRIMARY KEY,
      value
    ) WITHOUT ROWID;
    INSERT INTO setting VALUES
      ('current_branch', 'main'),
      ('head_views', 'plain'),             -- 'plain': the views are those at the end of this file; otherwise 'written'
      ('next_lane', 0);                    -- for the next new branch; no lane is used twice
    CREATE TABLE prompts_all (
      place      INTEGER PRIMARY KEY,
      past_id    INTEGER,
      retired_by INTEGER,
      prompt_id  TEXT NOT NULL,
      source     TEXT,                    -- where the prompt was taken from
      prompt     TEXT NOT NULL,           -- the text, or a JSON list of {"role", "content"}: format tells
      format     TEXT NOT NULL,           -- 'text' or 'messages'
      metadata   TEXT                     -- JSON object of imported fields that have no column here
    );
    CREATE INDEX prompts_key ON prompts_all (prompt_id);
    CREATE INDEX prompts_past ON prompts_all (past_id) WHERE past_id IS NOT NULL;
    CREATE TABLE responses_all (
      place         INTEGER PRIMARY KEY,
      past_id       INTEGER,
      retired_by    INTEGER,
      prompt_id     TEXT NOT NULL,
      model         TEXT NOT NULL,
      sample        INTEGER NOT NULL,     -- 0 for the model's first answer, 1 for its second ...
      response      TEXT NOT NULL,        -- may be empty; an empty response is kept but never exported
      system_prompt TEXT,
      principle     TEXT,
      metadata      TEXT                  -- JSON object of imported fields that have no column here
    );
    CREATE INDEX responses_key ON responses_all (prompt_id, model, sample);
    CREATE INDEX responses_past ON responses_all (past_id) WHERE past_id IS NOT NULL;
    CREATE TABLE embeddings_all (
      place      INTEGER PRIMARY KEY,
      past_id    INTEGER,
      retired_by INTEGER,
      encoder    TEXT NOT NULL,
      prompt_id  TEXT NOT NULL,
      model      TEXT,                    -- NULL: the vector of the prompt itself
      sample     INTEGER NOT NULL,
      element    TEXT NOT NULL,           -- 'f16' or 'f32'
      vector     BLOB NOT NULL            -- little-endian elements, one after the other
    );
    CREATE INDEX embeddings_key ON embeddings_all (prompt_id, model, sample, encoder);
    CREATE INDEX embeddings_past ON embeddings_all (past_id) WHERE past_id IS NOT NULL;
    CREATE TABLE scores_all (
      place      INTEGER PRIMARY KEY,
      past_id    INTEGER,
      retired_by INTEGER,
      prompt_id  TEXT NOT NULL,
      model      TEXT NOT NULL,
      sample     INTEGER NOT NULL,
      judge      TEXT NOT NULL,
      score      REAL,                    -- overall; NULL when the judge rated aspects only
      aspects    TEXT,                    -- JSON: aspect -> rating and rationale, as imported
      critique   TEXT
    );
    CREATE INDEX scores_key ON scores_all (prompt_id, model, sample, judge);
    CREATE INDEX scores_past ON scores_all (past_id) WHERE past_id IS NOT NULL;
    CREATE TABLE snapshots_all (
      place      INTEGER PRIMARY KEY,
      past_id    INTEGER,
      retired_by INTEGER,
      snapshot   TEXT NOT NULL,           -- its name
      origin     TEXT NOT NULL,           -- 'import': estimates that came from a file
      details    TEXT                     -- JSON object: what is known of how it was made
    );
    CREATE INDEX snapshots_key ON snapshots_all (snapshot);
    CREATE INDEX snapshots_past ON snapshots_all (past_id) WHERE past_id IS NOT NULL;
    CREATE TABLE estimates_all (
      place      INTEGER PRIMARY KEY,
      past_id    INTEGER,
      retired_by INTEGER,
      snapshot   TEXT NOT NULL,
      prompt_id  TEXT NOT NULL,
      model      TEXT NOT NULL,
      sample     INTEGER NOT NULL,
      reward     REAL NOT NULL,
      lower      REAL NOT NULL,           -- lower and upper bound of the reward
      upper      REAL NOT NULL,
      heads      BLOB                     -- late: the rewards of the ensemble's single heads, float32, \
    little-endian, one
                                          -- after the other; NULL where they are unknown
    );
    CREATE INDEX estimates_key ON estimates_all (prompt_id, model, sample, snapshot);
    CREATE INDEX estimates_past ON estimates_all (past_id) WHERE past_id IS NOT NULL;
    CREATE TABLE selections_all (
      place         INTEGER PRIMARY KEY,
      past_id       INTEGER,
      retired_by    INTEGER,
      prompt_id     TEXT NOT NULL,
      first_model   TEXT NOT NULL,        -- the method's guess of the better response
      first_sample  INTEGER NOT NULL,
      second_model  TEXT NOT NULL,
      second_sample INTEGER NOT NULL,
      method        TEXT NOT NULL,
      batch         INTEGER NOT NULL,     -- one `aufdb select` is one batch, counted from 1 on its branch
      snapshot      TEXT,                 -- whose estimates the method saw; NULL when it saw none
      seed          INTEGER NOT NULL,
      parameters    TEXT NOT NULL,        -- JSON object: the method's parameters
      explanation   TEXT                  -- late: JSON object: why this pair; NULL where nobody asked for it
    );
    CREATE INDEX selections_key ON selections_all (prompt_id);
    CREATE INDEX selections_past ON selections_all (past_id) WHERE past_id IS NOT NULL;
    CREATE TABLE labels_all (
      place           INTEGER PRIMARY KEY,
      past_id         INTEGER,
      retired_by      INTEGER,
      prompt_id       TEXT NOT NULL,
      chosen_model    TEXT NOT NULL,
      chosen_sample   INTEGER NOT NULL,
      rejected_model  TEXT NOT NULL,
      rejected_sample INTEGER NOT NULL,
      judge           TEXT NOT NULL,      -- who said so
      tie             INTEGER NOT NULL,   -- 1: neither is better, and which one is called chosen means nothing
      chosen_score    REAL,               -- the judge's scores of the two, where it gives any
      rejected_score  REAL,
      method          TEXT,               -- the selection that asked for this label; NULL when none did
      batch           INTEGER
    );
    CREATE INDEX labels_key ON labels_all (prompt_id);
    CREATE INDEX labels_past ON labels_all (past_id) WHERE past_id IS NOT NULL;
    CREATE TABLE reward_heads_all (
      place         INTEGER PRIMARY KEY,
      past_id       INTEGER,
      retired_by    INTEGER,
      head          TEXT NOT NULL,        -- its name
      kind          TEXT NOT NULL,        -- 'ensemble', 'linear', 'pairwise-prior' or 'pointwise-prior'
      encoder       TEXT NOT NULL,        -- whose embeddings it sees
      configuration TEXT NOT NULL,        -- JSON object: all that it was made with: features, settings, seed, judge, \
    labels
      state         BLOB NOT NULL         -- a .safetensors file: its weights, the scaling of its inputs, and what \
    training
                                          -- needs to go on
    );
    CREATE INDEX reward_heads_key ON reward_heads_all (head);
    CREATE INDEX reward_heads_past ON reward_heads_all (past_id) WHERE past_id IS NOT NULL;
    CREATE TABLE progress_all (
      place                INTEGER PRIMARY KEY,
      past_id              INTEGER,
      retired_by           INTEGER,
      run                  TEXT NOT NULL,     -- the run's name
      iteration            INTEGER NOT NULL,  -- counted from 1; 0: the labels held out before the first
      method               TEXT NOT NULL,     -- which picked the pairs
      batch                INTEGER NOT NULL,  -- of its selections
      snapshot             TEXT,              -- its estimates; NULL when the method saw none
      head                 TEXT,              -- the run's reward head; NULL when it trains none
      prompt_count         INTEGER NOT NULL,  -- these three: in the run so far, this iteration included
      label_count          INTEGER NOT NULL,
      tie_count            INTEGER NOT NULL,
      mean_reward          REAL,              -- means over all responses of its prompts; an estimate's uncertainty is
      mean_uncertainty     REAL,              -- (upper - lower) / 2
      chosen_reward        REAL,              -- from here on means over its labelled pairs
      chosen_uncertainty   REAL,
      rejected_reward      REAL,
      rejected_uncertainty REAL,
      reward_gap           REAL,              -- the chosen response's reward less the rejected one's
      chosen_score         REAL,              -- the judge's
      rejected_score       REAL,
      score_gap            REAL,              -- the chosen response's score less the rejected one's
      step_count           INTEGER,           -- training: steps in this iteration
      loss                 REAL,              -- means over these steps: the whole loss, and its parts
      loss_base            REAL,
      loss_regularisation  REAL,
      loss_centre          REAL,
      win_rate             REAL,              -- the share of pairs whose chosen response got the higher reward
      margin               REAL,              -- the chosen response's reward less the rejected one's
      regularisation       REAL,              -- lambda: the weight of that part of the loss
      heldout_count        INTEGER,           -- labelled pairs that training never sees
      heldout_accuracy     REAL               -- the share of them that the head ranks as the judge did
    );
    CREATE INDEX progress_key ON progress_all (run, iteration);
    CREATE INDEX progress_past ON progress_all (past_id) WHERE past_id IS NOT NULL;
    CREATE TABLE head_run (
      relation INTEGER NOT NULL,          -- relation.code
      first_id INTEGER NOT NULL,
      last_id  INTEGER NOT NULL
    );
    CREATE TABLE head_commit (
      seq INTEGER PRIMARY KEY
    );
    CREATE VIEW prompts AS
      SELECT prompt_id, source, prompt, format, metadata
      FROM prompts_all WHERE likelihood(place > 0, 0.99);
    CREATE VIEW responses AS
      SELECT prompt_id, model, sample, response, system_prompt, principle, metadata
      FROM responses_all WHERE likelihood(place > 0, 0.99);
    CREATE VIEW embeddings AS
      SELECT encoder, prompt_id, model, sample, element, vector
      FROM embeddings_all WHERE likelihood(place > 0, 0.99);
    CREATE VIEW scores AS
      SELECT prompt_id, model, sample, judge, score, aspects, critique
      FROM scores_all WHERE likelihood(place > 0, 0.99);
    CREATE VIEW snapshots AS
      SELECT snapshot, origin, details
      FROM snapshots_all WHERE likelihood(place > 0, 0.99);
    CREATE VIEW estimates AS
      SELECT snapshot, prompt_id, model, sample, reward, lower, upper, heads
      FROM estimates_all WHERE likelihood(place > 0, 0.99);
    CREATE VIEW selections AS
      SELECT prompt_id, first_model, first_sample, second_model, second_sample, method, batch, snapshot, seed, \
    parameters,
        explanation
      FROM selections_all WHERE likelihood(place > 0, 0.99);
    CREATE VIEW labels AS
      SELECT prompt_id, chosen_model, chosen_sample, rejected_model, rejected_sample, judge, tie, chosen_score,
        rejected_score, method, batch
      FROM labels_all WHERE likelihood(place > 0, 0.99);
    CREATE VIEW reward_heads AS
      SELECT head, kind, encoder, configuration, state
      FROM reward_heads_all WHERE likelihood(place > 0, 0.99);
    CREATE VIEW progress AS
      SELECT run, iteration, method, batch, snapshot, head, prompt_count, label_count, tie_count, mean_reward,
        mean_uncertainty, chosen_reward, chosen_uncertainty, rejected_reward, rejected_uncertainty, reward_gap,
        chosen_score, rejected_score, score_gap, step_count, loss, loss_base, loss_regularisation, loss_centre, \
    win_rate,
        margin, regularisation, heldout_count, heldout_accuracy
      FROM progress_all WHERE likelihood(place > 0, 0.99);
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
