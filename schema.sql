-- The schema of an aufdb store, format version 1. aufdb embeds this very file and runs it when it makes a store.
--
-- WHAT YOU READ: the views at the end (prompts, responses, embeddings, scores, snapshots, estimates, selections,
-- labels, commits, branches, tags) show the head of the current branch to any SQLite tool. Read those. Nothing but
-- aufdb may write: an edit made by hand doesn't belong to a commit, and `aufdb verify` will say so.
--
-- HOW VERSIONS WORK: each kind of data is one relation, kept in two tables of equal columns.
--   X_live  the row versions that the tip of at least one branch sees (and, once a branch was deleted, its own)
--   X_past  those that no tip sees any more; retired_by is the commit with which the last tip lost sight of them
-- A row version is never changed. A modified row is the old version retired and a new one born. `id` numbers the
-- row versions of a relation in the order of their birth and is never used twice. A commit takes a contiguous run of
-- ids (commit_change), so nothing in a row needs to name its commit, and what a revision sees is
--   the rows whose id lies in a run of one of its ancestors (itself included),
--   less the rows that one of its ancestors retired (retirement).
-- While there is one branch, X_live is exactly its head, and the views are as fast as a plain table.
--
-- INVARIANTS (checked by `aufdb verify`):
--   every id of X_live and X_past lies in exactly one run of commit_change;
--   no id stands in both; a row version in X_past was retired by the commit that retired_by names;
--   at each branch's tip a natural key (the columns named "key" below) stands once;
--   commit_log.id is the SHA-256 that the content gives (the byte layout: Sources/Aufdb/Versioning/CommitBytes.swift).

PRAGMA page_size = 16384;            -- 15-19 points less overhead and 40 % faster scans than 4096 on 1.5 kB texts
PRAGMA application_id = 0x61756664;  -- "aufd": this SQLite file is an aufdb store
PRAGMA user_version = 1;             -- the format version

-- History ------------------------------------------------------------------------------------------------------------

-- One row a commit. Parents always have a smaller seq than their children.
CREATE TABLE commit_log (
  seq           INTEGER PRIMARY KEY,  -- the order of arrival in this file; means nothing elsewhere
  id            BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
  author        TEXT NOT NULL,
  time          INTEGER NOT NULL,     -- milliseconds since 1970-01-01 UTC
  message       TEXT NOT NULL,
  operation     TEXT NOT NULL,        -- JSON: the verb and all its parameters
  change_digest BLOB NOT NULL CHECK (length(change_digest) = 32)
);

CREATE TABLE commit_parent (
  commit_seq INTEGER NOT NULL,
  position   INTEGER NOT NULL,        -- 0 for the first parent
  parent_seq INTEGER NOT NULL,
  PRIMARY KEY (commit_seq, position)
) WITHOUT ROWID;

-- The relations, with the next free id of each: kept apart from max(id), so that an id is never used twice.
CREATE TABLE relation (
  code    INTEGER PRIMARY KEY,        -- stands for the relation in the two tables below
  name    TEXT NOT NULL UNIQUE,       -- the name of its view
  next_id INTEGER NOT NULL,
  retired_apart INTEGER NOT NULL      -- 1 once a branch retired a row version that another one kept
);
INSERT INTO relation VALUES
  (1, 'prompts', 1, 0), (2, 'responses', 1, 0), (3, 'embeddings', 1, 0), (4, 'scores', 1, 0),
  (5, 'snapshots', 1, 0), (6, 'estimates', 1, 0), (7, 'selections', 1, 0), (8, 'labels', 1, 0);

-- What a commit did to a relation. first_id..last_id is the run of row versions that it bore (both NULL: none).
CREATE TABLE commit_change (
  commit_seq INTEGER NOT NULL,
  relation   INTEGER NOT NULL,        -- relation.code
  first_id   INTEGER,
  last_id    INTEGER,
  added      INTEGER NOT NULL,        -- row versions born
  retired    INTEGER NOT NULL,        -- row versions retired
  PRIMARY KEY (commit_seq, relation)
) WITHOUT ROWID;

-- Which commit retired which row version. Two branches may each retire the same one.
CREATE TABLE retirement (
  commit_seq INTEGER NOT NULL,
  relation   INTEGER NOT NULL,        -- relation.code
  row_id     INTEGER NOT NULL,
  in_live    INTEGER NOT NULL,        -- 1 while another branch's tip keeps the row version in X_live
  PRIMARY KEY (commit_seq, relation, row_id)
) WITHOUT ROWID;
CREATE INDEX retirement_row ON retirement (relation, row_id);
CREATE INDEX retirement_in_live ON retirement (relation, commit_seq) WHERE in_live = 1;

-- Branches move, tags stay. One name is one or the other.
CREATE TABLE ref (
  name       TEXT PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('branch', 'tag')),
  commit_seq INTEGER NOT NULL,
  sees_past  INTEGER NOT NULL DEFAULT 0  -- 1 when the branch began at an old commit, whose rows may lie in X_past
) WITHOUT ROWID;

CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value
) WITHOUT ROWID;
INSERT INTO setting VALUES
  ('current_branch', 'main'),
  ('head_views', 'plain');            -- 'plain': the views are those at the end of this file; otherwise 'written'

-- Data ---------------------------------------------------------------------------------------------------------------

-- What a user asks. key: prompt_id
CREATE TABLE prompts_live (
  id        INTEGER PRIMARY KEY,
  prompt_id TEXT NOT NULL,
  source    TEXT,                     -- where the prompt was taken from
  prompt    TEXT NOT NULL,            -- the text, or a JSON list of {"role", "content"}: format tells
  format    TEXT NOT NULL,            -- 'text' or 'messages'
  metadata  TEXT                      -- JSON object of imported fields that have no column here
);
CREATE INDEX prompts_live_key ON prompts_live (prompt_id);
CREATE TABLE prompts_past (
  id INTEGER PRIMARY KEY, prompt_id TEXT NOT NULL, source TEXT, prompt TEXT NOT NULL, format TEXT NOT NULL, metadata TEXT,
  retired_by INTEGER NOT NULL
);
CREATE INDEX prompts_past_key ON prompts_past (prompt_id);

-- One model's answer to one prompt. key: prompt_id, model, sample
CREATE TABLE responses_live (
  id            INTEGER PRIMARY KEY,
  prompt_id     TEXT NOT NULL,
  model         TEXT NOT NULL,
  sample        INTEGER NOT NULL,     -- 0 for the model's first answer, 1 for its second ...
  response      TEXT NOT NULL,        -- may be empty; an empty response is kept but never exported
  system_prompt TEXT,
  principle     TEXT,
  metadata      TEXT                  -- JSON object of imported fields that have no column here
);
CREATE INDEX responses_live_key ON responses_live (prompt_id, model, sample);
CREATE TABLE responses_past (
  id INTEGER PRIMARY KEY, prompt_id TEXT NOT NULL, model TEXT NOT NULL, sample INTEGER NOT NULL, response TEXT NOT NULL,
  system_prompt TEXT, principle TEXT, metadata TEXT,
  retired_by INTEGER NOT NULL
);
CREATE INDEX responses_past_key ON responses_past (prompt_id, model, sample);

-- An encoder's vector. key: encoder, prompt_id, model, sample
CREATE TABLE embeddings_live (
  id        INTEGER PRIMARY KEY,
  encoder   TEXT NOT NULL,
  prompt_id TEXT NOT NULL,
  model     TEXT,                     -- NULL: the vector of the prompt itself
  sample    INTEGER NOT NULL,
  element   TEXT NOT NULL,            -- 'f16' or 'f32'
  vector    BLOB NOT NULL             -- little-endian elements, one after the other
);
CREATE INDEX embeddings_live_key ON embeddings_live (prompt_id, model, sample, encoder);
CREATE TABLE embeddings_past (
  id INTEGER PRIMARY KEY, encoder TEXT NOT NULL, prompt_id TEXT NOT NULL, model TEXT, sample INTEGER NOT NULL,
  element TEXT NOT NULL, vector BLOB NOT NULL,
  retired_by INTEGER NOT NULL
);
CREATE INDEX embeddings_past_key ON embeddings_past (prompt_id, model, sample, encoder);

-- A judge's rating of one response on its own. key: prompt_id, model, sample, judge
CREATE TABLE scores_live (
  id        INTEGER PRIMARY KEY,
  prompt_id TEXT NOT NULL,
  model     TEXT NOT NULL,
  sample    INTEGER NOT NULL,
  judge     TEXT NOT NULL,
  score     REAL,                     -- overall; NULL when the judge rated aspects only
  aspects   TEXT,                     -- JSON: aspect -> rating and rationale, as imported
  critique  TEXT
);
CREATE INDEX scores_live_key ON scores_live (prompt_id, model, sample, judge);
CREATE TABLE scores_past (
  id INTEGER PRIMARY KEY, prompt_id TEXT NOT NULL, model TEXT NOT NULL, sample INTEGER NOT NULL, judge TEXT NOT NULL,
  score REAL, aspects TEXT, critique TEXT,
  retired_by INTEGER NOT NULL
);
CREATE INDEX scores_past_key ON scores_past (prompt_id, model, sample, judge);

-- What a reward model believed at one moment. key: snapshot
CREATE TABLE snapshots_live (
  id       INTEGER PRIMARY KEY,
  snapshot TEXT NOT NULL,             -- its name
  origin   TEXT NOT NULL,             -- 'import': estimates that came from a file
  details  TEXT                       -- JSON object: what is known of how it was made
);
CREATE INDEX snapshots_live_key ON snapshots_live (snapshot);
CREATE TABLE snapshots_past (
  id INTEGER PRIMARY KEY, snapshot TEXT NOT NULL, origin TEXT NOT NULL, details TEXT,
  retired_by INTEGER NOT NULL
);
CREATE INDEX snapshots_past_key ON snapshots_past (snapshot);

-- A snapshot's belief about one response. key: snapshot, prompt_id, model, sample
CREATE TABLE estimates_live (
  id        INTEGER PRIMARY KEY,
  snapshot  TEXT NOT NULL,
  prompt_id TEXT NOT NULL,
  model     TEXT NOT NULL,
  sample    INTEGER NOT NULL,
  reward    REAL NOT NULL,
  lower     REAL NOT NULL,            -- lower and upper bound of the reward
  upper     REAL NOT NULL
);
CREATE INDEX estimates_live_key ON estimates_live (prompt_id, model, sample, snapshot);
CREATE TABLE estimates_past (
  id INTEGER PRIMARY KEY, snapshot TEXT NOT NULL, prompt_id TEXT NOT NULL, model TEXT NOT NULL, sample INTEGER NOT NULL,
  reward REAL NOT NULL, lower REAL NOT NULL, upper REAL NOT NULL,
  retired_by INTEGER NOT NULL
);
CREATE INDEX estimates_past_key ON estimates_past (prompt_id, model, sample, snapshot);

-- A pair picked for annotation, with all that is needed to pick it again.
-- key: prompt_id, the two responses in either order, method, batch
CREATE TABLE selections_live (
  id            INTEGER PRIMARY KEY,
  prompt_id     TEXT NOT NULL,
  first_model   TEXT NOT NULL,        -- the method's guess of the better response
  first_sample  INTEGER NOT NULL,
  second_model  TEXT NOT NULL,
  second_sample INTEGER NOT NULL,
  method        TEXT NOT NULL,
  batch         INTEGER NOT NULL,     -- one `aufdb select` is one batch, counted from 1 on its branch
  snapshot      TEXT,                 -- whose estimates the method saw; NULL when it saw none
  seed          INTEGER NOT NULL,
  parameters    TEXT NOT NULL         -- JSON object: the method's parameters
);
CREATE INDEX selections_live_key ON selections_live (prompt_id);
CREATE TABLE selections_past (
  id INTEGER PRIMARY KEY, prompt_id TEXT NOT NULL, first_model TEXT NOT NULL, first_sample INTEGER NOT NULL,
  second_model TEXT NOT NULL, second_sample INTEGER NOT NULL, method TEXT NOT NULL, batch INTEGER NOT NULL,
  snapshot TEXT, seed INTEGER NOT NULL, parameters TEXT NOT NULL,
  retired_by INTEGER NOT NULL
);
CREATE INDEX selections_past_key ON selections_past (prompt_id);

-- A preference. key: prompt_id, the two responses in either order, judge
CREATE TABLE labels_live (
  id              INTEGER PRIMARY KEY,
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
CREATE INDEX labels_live_key ON labels_live (prompt_id);
CREATE TABLE labels_past (
  id INTEGER PRIMARY KEY, prompt_id TEXT NOT NULL, chosen_model TEXT NOT NULL, chosen_sample INTEGER NOT NULL,
  rejected_model TEXT NOT NULL, rejected_sample INTEGER NOT NULL, judge TEXT NOT NULL, tie INTEGER NOT NULL,
  chosen_score REAL, rejected_score REAL, method TEXT, batch INTEGER,
  retired_by INTEGER NOT NULL
);
CREATE INDEX labels_past_key ON labels_past (prompt_id);

-- Views: the head of the current branch ------------------------------------------------------------------------------
-- These are the views of a store with one branch, whose head is all of X_live. While the current branch's head is less
-- than that, or more, aufdb rewrites a relation's view: as id runs, less retirements.

-- The runs of a relation whose view has many, and the commits that the head descends from, where a view asks for them.
CREATE TABLE head_run (
  relation INTEGER NOT NULL,          -- relation.code
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
  SELECT prompt_id, first_model, first_sample, second_model, second_sample, method, batch, snapshot, seed, parameters
  FROM selections_live;
CREATE VIEW labels AS
  SELECT prompt_id, chosen_model, chosen_sample, rejected_model, rejected_sample, judge, tie, chosen_score,
    rejected_score, method, batch
  FROM labels_live;

-- Every commit in the store; parents are ids with a blank between them.
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
