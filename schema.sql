-- The schema of an aufdb store, format version 6. aufdb embeds this very file and runs it when it makes a store.
--
-- WHAT YOU READ: the views at the end (prompts, responses, embeddings, scores, snapshots, estimates, selections,
-- labels, reward_heads, progress, queries, definitions, commits, branches, tags; and pairs, coverage, judge_agreement,
-- length_bias, which are made of these) show the head of the current branch to any SQLite tool. Read those. Nothing but
-- aufdb may write: an edit made by hand doesn't belong to a commit, and `aufdb verify` will say so.
--
-- HOW VERSIONS WORK: each kind of data is one relation, and a table X_all holds every version of its rows. A row
-- version is never changed: a modified row is the old version retired and a new one born. Versions are numbered; a
-- number (id) is never used twice. Where a row stands in the table (place) tells what became of it:
--   place > 0   live: the tip of at least one branch sees it (or did, when that branch was deleted). place is its id.
--   place < 0   past: no tip sees it any more. past_id is its id, and retired_by the commit that retired it last (0: it
--               was retired on other branches only; see retirement). Past rows stand in the order in which they came
--               here, from the lowest place upwards.
-- Each branch numbers its rows in a lane of its own (2^40 ids), so a commit takes a contiguous run of ids, and what a
-- branch added is one run however the commits of several branches took turns. Nothing in a row needs to name its
-- commit, and what a revision sees is
--   the rows whose id lies in a run of one of its ancestors (itself included),
--   less the rows that one of its ancestors retired (retired_by and, for branches that went apart, retirement).
-- While there is one branch, place > 0 is exactly its head, and the views are as fast as a plain table. An old revision
-- is one range of places, from the first row that came to the past after it, to the last id that it had.
--
-- IN `aufdb query` there are also, of each relation X,
--   X_history: every version that the revision ever saw of X's rows, with born_commit, born_by, born_at,
--     retired_commit, retired_by and retired_at. SELECT * FROM labels_history WHERE prompt_id = 'p1'
--   X_diff(FROM, TO): the rows that differ between two revisions, with change, the key, columns, and old_C and new_C of
--     each column C. SELECT * FROM labels_diff('main~1', 'main') WHERE change = 'modified'
-- and leaderboard: the models by each judge's labels. `aufdb schema` explains them all, with what stands in this file.
--
-- COLUMNS THAT MEAN THE SAME EVERYWHERE (another meaning stands beside the column, or above its table):
--   prompt_id  the prompt's id
--   model      whose response it is
--   sample     0 for the model's first answer to the prompt, 1 for its second ...
--   judge      who said so: a model with a rubric, a person, a program
--   encoder    what made the vector
--   snapshot   the name of what a reward model believed at one moment
--   method     the selection method
--
-- INVARIANTS (checked by `aufdb verify`):
--   every id lies in exactly one run of commit_change, and stands once;
--   a past row was retired by the commit that retired_by names;
--   at each branch's tip a natural key (the columns named "key" below) stands once;
--   commit_log.id is the SHA-256 that the content gives (the byte layout: Sources/Aufdb/Versioning/CommitBytes.swift).

PRAGMA page_size = 16384;            -- 15-19 points less overhead and 40 % faster scans than 4096 on 1.5 kB texts
PRAGMA application_id = 0x61756664;  -- "aufd": this SQLite file is an aufdb store
PRAGMA user_version = 6;             -- the format version

-- History ------------------------------------------------------------------------------------------------------------

-- One row a commit. Parents always have a smaller seq than their children.
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
  (1, 'prompts', -140737488355328, 0), (2, 'responses', -140737488355328, 0), (3, 'embeddings', -140737488355328, 0),
  (4, 'scores', -140737488355328, 0), (5, 'snapshots', -140737488355328, 0), (6, 'estimates', -140737488355328, 0),
  (7, 'selections', -140737488355328, 0), (8, 'labels', -140737488355328, 0),
  (9, 'reward_heads', -140737488355328, 0), (10, 'progress', -140737488355328, 0),
  (11, 'queries', -140737488355328, 0), (12, 'definitions', -140737488355328, 0);

-- The next free id of each relation in each lane that has any: kept apart from max(id), so that an id is never used
-- twice. Lane n has the ids from n * 2^40 + 1 to (n + 1) * 2^40.
CREATE TABLE lane (
  relation INTEGER NOT NULL,          -- relation.code
  lane     INTEGER NOT NULL,          -- 0 for the first branch
  next_id  INTEGER NOT NULL,
  PRIMARY KEY (relation, lane)
) WITHOUT ROWID;

-- What a commit did to a relation.
CREATE TABLE commit_change (
  commit_seq INTEGER NOT NULL,
  relation   INTEGER NOT NULL,        -- relation.code
  first_id   INTEGER,                 -- first_id..last_id: the row versions that it bore (NULL: none)
  last_id    INTEGER,
  added      INTEGER NOT NULL,        -- row versions born
  first_past INTEGER,                 -- first_past..last_past: the places of the rows that it made past (NULL: none)
  last_past  INTEGER,
  retired    INTEGER NOT NULL,        -- row versions retired
  kept_digest BLOB,                   -- born(R) of CommitBytes.swift over the rows that are left, once some were pruned
  retired_digest BLOB,                -- retired(R), once some of the rows that it retired were pruned
  PRIMARY KEY (commit_seq, relation)
) WITHOUT ROWID;

CREATE INDEX commit_change_born ON commit_change (relation, first_id) WHERE first_id IS NOT NULL;

-- Which commit retired which row version, where the row itself doesn't tell: another branch's tip still saw it, or it
-- was past already. Several branches may each retire the same one.
CREATE TABLE retirement (
  commit_seq INTEGER NOT NULL,
  relation   INTEGER NOT NULL,        -- relation.code
  row_id     INTEGER NOT NULL,
  in_live    INTEGER NOT NULL,        -- 1 while another branch's tip keeps the row version live
  PRIMARY KEY (commit_seq, relation, row_id)
) WITHOUT ROWID;
CREATE INDEX retirement_row ON retirement (relation, row_id);
CREATE INDEX retirement_in_live ON retirement (relation, commit_seq) WHERE in_live = 1;

-- Branches move, tags stay. One name is one or the other.
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

-- Data ---------------------------------------------------------------------------------------------------------------
-- place, past_id and retired_by are explained at the top. They come first, because what follows a long text is slow to
-- get at. A late column is one that the table didn't have from the beginning. It comes last and may be NULL, and a row
-- where it is NULL is digested as if there were no such column: so commits keep the ids that they had before it came.

-- What a user asks. key: prompt_id
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

-- One model's answer to one prompt. key: prompt_id, model, sample
--   system_prompt  what the model was told to be, where that is known
--   principle      what the answer was to follow: helpfulness, honesty ...
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

-- An encoder's vector. key: encoder, prompt_id, model, sample
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

-- A judge's rating of one response on its own. key: prompt_id, model, sample, judge
--   critique  what the judge wrote about the response
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

-- What a reward model believed at one moment. key: snapshot
--   origin  'import': its estimates came from a file; 'score': from a stored reward head; 'run': from the head of a run
--           in training. details say which
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

-- A snapshot's belief about one response. key: snapshot, prompt_id, model, sample
--   reward  how good the response is, believes the reward model
--   lower   the lower bound of the reward
--   upper   the upper bound of the reward
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
  heads      BLOB                     -- late: the rewards of the ensemble's single heads, float32, little-endian, one
                                      -- after the other; NULL where they are unknown
);
CREATE INDEX estimates_key ON estimates_all (prompt_id, model, sample, snapshot);
CREATE INDEX estimates_past ON estimates_all (past_id) WHERE past_id IS NOT NULL;

-- A pair picked for annotation, with all that is needed to pick it again.
-- key: prompt_id, the two responses in either order, method, batch
--   first_sample   which of that model's answers
--   second_model   whose response is the other one of the pair
--   second_sample  which of that model's answers
--   method         the selection method that picked it
--   seed           of the method's random draws
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

-- A preference. key: prompt_id, the two responses in either order, judge
--   chosen_model     whose response is the better one
--   chosen_sample    which of that model's answers
--   rejected_model   whose response is the worse one
--   rejected_sample  which of that model's answers
--   chosen_score     the judge's score of the chosen response, where it gave one with the label
--   rejected_score   the judge's score of the rejected response
--   batch            the batch of that selection
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
  batch           INTEGER,
  details         TEXT                -- late: JSON object: what the judge said in each order of the two; NULL where
                                      -- that is unknown
);
CREATE INDEX labels_key ON labels_all (prompt_id);
CREATE INDEX labels_past ON labels_all (past_id) WHERE past_id IS NOT NULL;

-- A trained reward head. key: head
CREATE TABLE reward_heads_all (
  place         INTEGER PRIMARY KEY,
  past_id       INTEGER,
  retired_by    INTEGER,
  head          TEXT NOT NULL,        -- its name
  kind          TEXT NOT NULL,        -- 'ensemble', 'linear', 'pairwise-prior' or 'pointwise-prior'
  encoder       TEXT NOT NULL,        -- whose embeddings it sees
  configuration TEXT NOT NULL,        -- JSON object: all that it was made with: features, settings, seed, judge, labels
  state         BLOB NOT NULL         -- a .safetensors file: its weights, the scaling of its inputs, and what training
                                      -- needs to go on
);
CREATE INDEX reward_heads_key ON reward_heads_all (head);
CREATE INDEX reward_heads_past ON reward_heads_all (past_id) WHERE past_id IS NOT NULL;

-- What one iteration of a run did and saw. key: run, iteration
-- Its indicators are NULL where they are unknown. Nothing that it names must still be there.
--   prompt_count          prompts in the run so far, this iteration included
--   label_count           labels in the run so far
--   tie_count             ties among these
--   mean_reward           the mean reward of all responses of its prompts
--   mean_uncertainty      their mean uncertainty; a response's is (upper - lower) / 2
--   chosen_reward         the mean reward of the chosen responses of its labelled pairs
--   chosen_uncertainty    their mean uncertainty
--   rejected_reward       the mean reward of the rejected ones
--   rejected_uncertainty  their mean uncertainty
--   reward_gap            the mean of the chosen response's reward less the rejected one's
--   chosen_score          the mean of the judge's scores of the chosen responses
--   rejected_score        the mean of its scores of the rejected ones
--   score_gap             the mean of the chosen response's score less the rejected one's
--   step_count            steps of training in this iteration
--   loss                  the mean loss over these steps, all of it
--   loss_base             the part that comes from the labels
--   loss_regularisation   the part that keeps the heads near where they began
--   loss_centre           the part that keeps rewards around 0
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

-- A query that was saved: `aufdb query STORE @NAME` runs it. key: name
--   name  its name, without the @
CREATE TABLE queries_all (
  place       INTEGER PRIMARY KEY,
  past_id     INTEGER,
  retired_by  INTEGER,
  name        TEXT NOT NULL,
  sql         TEXT NOT NULL,          -- one statement or several
  description TEXT                    -- what it is for
);
CREATE INDEX queries_key ON queries_all (name);
CREATE INDEX queries_past ON queries_all (past_id) WHERE past_id IS NOT NULL;

-- What is asked to generate, judge or embed: `aufdb model` defines it. key: kind, name, version
--   name  its name; responses have a model's, scores and labels a judge's, and embeddings an encoder's, as NAME@VERSION
CREATE TABLE definitions_all (
  place      INTEGER PRIMARY KEY,
  past_id    INTEGER,
  retired_by INTEGER,
  kind       TEXT NOT NULL,           -- 'model', 'judge' or 'encoder'
  name       TEXT NOT NULL,
  version    INTEGER NOT NULL,        -- counted from 1; another definition is another version, and old ones stay
  definition TEXT NOT NULL,           -- JSON object: all that decides what the answers are
  access     TEXT NOT NULL            -- JSON object: how the server is reached: URL, where the key is, limits, prices
);
CREATE INDEX definitions_key ON definitions_all (kind, name, version);
CREATE INDEX definitions_past ON definitions_all (past_id) WHERE past_id IS NOT NULL;

-- Answers of models, kept as they arrive, so that none is asked for twice, on whichever branch: a cache without
-- versions. No commit depends on it, no other store gets it, and any of its rows may be deleted.
CREATE TABLE answer (
  question BLOB PRIMARY KEY,          -- SHA-256 of what was asked of whom
  answer   BLOB NOT NULL              -- Sources/Aufdb/Models/Protocol/KeptAnswer.swift has the byte layout
) WITHOUT ROWID;

-- Views: the head of the current branch ------------------------------------------------------------------------------
-- These are the views of a store with one branch, whose head is all that is live. While the current branch's head is
-- less than that, or more, aufdb rewrites a relation's view: as runs of ids, less retirements. The likelihood tells
-- SQLite that nearly every row is meant, so that it reads an index instead of the table where one is enough.

-- The runs of a relation whose view has many, and the commits that the head descends from, where a view asks for them.
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
  SELECT prompt_id, first_model, first_sample, second_model, second_sample, method, batch, snapshot, seed, parameters,
    explanation
  FROM selections_all WHERE likelihood(place > 0, 0.99);
CREATE VIEW labels AS
  SELECT prompt_id, chosen_model, chosen_sample, rejected_model, rejected_sample, judge, tie, chosen_score,
    rejected_score, method, batch, details
  FROM labels_all WHERE likelihood(place > 0, 0.99);
CREATE VIEW reward_heads AS
  SELECT head, kind, encoder, configuration, state
  FROM reward_heads_all WHERE likelihood(place > 0, 0.99);
CREATE VIEW progress AS
  SELECT run, iteration, method, batch, snapshot, head, prompt_count, label_count, tie_count, mean_reward,
    mean_uncertainty, chosen_reward, chosen_uncertainty, rejected_reward, rejected_uncertainty, reward_gap,
    chosen_score, rejected_score, score_gap, step_count, loss, loss_base, loss_regularisation, loss_centre, win_rate,
    margin, regularisation, heldout_count, heldout_accuracy
  FROM progress_all WHERE likelihood(place > 0, 0.99);
CREATE VIEW queries AS
  SELECT name, sql, description
  FROM queries_all WHERE likelihood(place > 0, 0.99);
CREATE VIEW definitions AS
  SELECT kind, name, version, definition, access
  FROM definitions_all WHERE likelihood(place > 0, 0.99);

-- Every commit in the store, whichever branch it is on.
--   id         its SHA-256, in hexadecimal
--   parents    the ids of its parents, with a blank between them; empty for the first commit
--   author     who made it
--   time       when, in UTC, as 2026-01-31T12:00:00.000Z
--   message    what was done, in words
--   operation  JSON object: the verb and all its parameters
CREATE VIEW commits AS
  SELECT lower(hex(c.id)) AS id,
    ifnull((SELECT group_concat(lower(hex(p.id)), ' ')
     FROM (SELECT parent_seq FROM commit_parent WHERE commit_seq = c.seq ORDER BY position) AS e
     CROSS JOIN commit_log AS p WHERE p.seq = e.parent_seq), '') AS parents,
    c.author,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.time / 1000.0, 'unixepoch') AS time,
    c.message, c.operation
  FROM commit_log AS c;

-- The branches, which move as commits are made.
--   branch   its name
--   commit   the id of the commit that it is at
--   current  1 for the branch that commits go to, and whose head other tools see
CREATE VIEW branches AS
  SELECT r.name AS branch, lower(hex(c.id)) AS "commit",
    r.name = (SELECT value FROM setting WHERE name = 'current_branch') AS current
  FROM ref AS r JOIN commit_log AS c ON c.seq = r.commit_seq WHERE r.kind = 'branch';

-- The tags, which stay.
--   tag     its name
--   commit  the id of the commit that it is at
CREATE VIEW tags AS
  SELECT r.name AS tag, lower(hex(c.id)) AS "commit"
  FROM ref AS r JOIN commit_log AS c ON c.seq = r.commit_seq WHERE r.kind = 'tag';

-- Derived relations ------------------------------------------------------------------------------------------------
-- What people ask of the relations again and again, as views of the views above: also at the head of the current branch
-- here, and at any revision in `aufdb query`, which has one more: leaderboard. What is computed from other rows is a
-- scalar subquery, because SQLite leaves one out that nobody asks for, where it would go through a join all the same;
-- and a CAST tells other tools the column's type. They are SQL that DuckDB can read, too: no total(), no count(*).

-- Each label with what it is about: both texts, their scores and their lengths.
--   prompt_id        the prompt's id
--   judge            who said so
--   tie              1: neither is better, and which one is called chosen means nothing
--   chosen_model     whose response is the better one
--   chosen_sample    which of that model's answers
--   rejected_model   whose response is the worse one
--   rejected_sample  which of that model's answers
--   chosen_score     the label's own score of the chosen response, or the one that its judge gave in scores
--   rejected_score   the same of the rejected response
--   score_gap        chosen_score - rejected_score; NULL where one of them is unknown
--   method           the selection that asked for the label; NULL when none did
--   batch            the batch of that selection
--   source           where the prompt was taken from
--   format           the prompt's: 'text' or 'messages'
--   prompt           the prompt's text, or its messages in JSON
--   chosen           the text of the chosen response; NULL where there is no such response
--   rejected         the text of the rejected response
--   chosen_length    how many characters the chosen response has
--   rejected_length  how many characters the rejected response has
CREATE VIEW pairs AS
  SELECT x.prompt_id, x.judge, x.tie, x.chosen_model, x.chosen_sample, x.rejected_model, x.rejected_sample,
    x.chosen_score, x.rejected_score, CAST(x.chosen_score - x.rejected_score AS DOUBLE) AS score_gap,
    x.method, x.batch,
    (SELECT p.source FROM prompts AS p WHERE p.prompt_id = x.prompt_id) AS source,
    (SELECT p.format FROM prompts AS p WHERE p.prompt_id = x.prompt_id) AS format,
    (SELECT p.prompt FROM prompts AS p WHERE p.prompt_id = x.prompt_id) AS prompt,
    (SELECT r.response FROM responses AS r
      WHERE r.prompt_id = x.prompt_id AND r.model = x.chosen_model AND r.sample = x.chosen_sample) AS chosen,
    (SELECT r.response FROM responses AS r
      WHERE r.prompt_id = x.prompt_id AND r.model = x.rejected_model AND r.sample = x.rejected_sample) AS rejected,
    CAST((SELECT length(r.response) FROM responses AS r
      WHERE r.prompt_id = x.prompt_id AND r.model = x.chosen_model AND r.sample = x.chosen_sample) AS BIGINT)
      AS chosen_length,
    CAST((SELECT length(r.response) FROM responses AS r
      WHERE r.prompt_id = x.prompt_id AND r.model = x.rejected_model AND r.sample = x.rejected_sample) AS BIGINT)
      AS rejected_length
  FROM (
    SELECT l.prompt_id, l.judge, l.tie, l.chosen_model, l.chosen_sample, l.rejected_model, l.rejected_sample,
      CAST(ifnull(l.chosen_score, (SELECT s.score FROM scores AS s WHERE s.prompt_id = l.prompt_id
        AND s.model = l.chosen_model AND s.sample = l.chosen_sample AND s.judge = l.judge)) AS DOUBLE) AS chosen_score,
      CAST(ifnull(l.rejected_score, (SELECT s.score FROM scores AS s WHERE s.prompt_id = l.prompt_id
        AND s.model = l.rejected_model AND s.sample = l.rejected_sample AND s.judge = l.judge)) AS DOUBLE)
        AS rejected_score,
      l.method, l.batch
    FROM labels AS l) AS x;

-- Each prompt with how much of everything there is of it, so that what is missing is one condition.
--   prompt_id        the prompt's id
--   source           where it was taken from
--   response_count   how many responses it has
--   scored_count     how many of these some judge scored
--   embedded_count   how many of these have an embedding, by any encoder
--   estimated_count  how many of these have an estimate, of any snapshot
--   selection_count  how many pairs of its responses were selected, by any method
--   pending_count    how many of these selections are of a pair that nobody labelled
--   label_count      how many labels its pairs have
--   judge_count      by how many judges
CREATE VIEW coverage AS
  SELECT p.prompt_id, p.source,
    CAST((SELECT count(r.prompt_id) FROM responses AS r WHERE r.prompt_id = p.prompt_id) AS BIGINT) AS response_count,
    CAST((SELECT count(r.prompt_id) FROM responses AS r WHERE r.prompt_id = p.prompt_id
      AND EXISTS (SELECT 1 FROM scores AS s
        WHERE s.prompt_id = r.prompt_id AND s.model = r.model AND s.sample = r.sample)) AS BIGINT) AS scored_count,
    CAST((SELECT count(r.prompt_id) FROM responses AS r WHERE r.prompt_id = p.prompt_id
      AND EXISTS (SELECT 1 FROM embeddings AS e
        WHERE e.prompt_id = r.prompt_id AND e.model = r.model AND e.sample = r.sample)) AS BIGINT) AS embedded_count,
    CAST((SELECT count(r.prompt_id) FROM responses AS r WHERE r.prompt_id = p.prompt_id
      AND EXISTS (SELECT 1 FROM estimates AS e
        WHERE e.prompt_id = r.prompt_id AND e.model = r.model AND e.sample = r.sample)) AS BIGINT) AS estimated_count,
    CAST((SELECT count(s.prompt_id) FROM selections AS s WHERE s.prompt_id = p.prompt_id) AS BIGINT) AS selection_count,
    CAST((SELECT count(s.prompt_id) FROM selections AS s WHERE s.prompt_id = p.prompt_id AND NOT EXISTS (SELECT 1
      FROM labels AS l WHERE l.prompt_id = s.prompt_id AND (
        (l.chosen_model, l.chosen_sample, l.rejected_model, l.rejected_sample)
          = (s.first_model, s.first_sample, s.second_model, s.second_sample)
        OR (l.chosen_model, l.chosen_sample, l.rejected_model, l.rejected_sample)
          = (s.second_model, s.second_sample, s.first_model, s.first_sample)))) AS BIGINT) AS pending_count,
    CAST((SELECT count(l.prompt_id) FROM labels AS l WHERE l.prompt_id = p.prompt_id) AS BIGINT) AS label_count,
    CAST((SELECT count(DISTINCT l.judge) FROM labels AS l WHERE l.prompt_id = p.prompt_id) AS BIGINT) AS judge_count
  FROM prompts AS p;

-- How far two judges agree on the pairs that both labelled, as `aufdb export` reports it: a label says that the one
-- response is better, or the other, or neither.
--   first_judge   the one whose name comes first
--   second_judge  the other one
--   pair_count    how many pairs both labelled
--   agreed_count  on how many of these they say the same: the same response, or both a tie
--   agreement     agreed_count / pair_count
--   kappa         Cohen's kappa: the agreement beyond chance, from 1 downwards; 0 is what chance would give. NULL where
--                 both say the same of every pair, so that chance can't be told from agreement
CREATE VIEW judge_agreement AS
  SELECT n.first_judge, n.second_judge, CAST(n.pair_count AS BIGINT) AS pair_count,
    CAST(n.agreed_count AS BIGINT) AS agreed_count, CAST(n.agreed_count / n.pair_count AS DOUBLE) AS agreement,
    CAST(CASE WHEN n.chance < n.pair_count * n.pair_count THEN
      (n.agreed_count * n.pair_count - n.chance) / (n.pair_count * n.pair_count - n.chance) END AS DOUBLE) AS kappa
  FROM (
    SELECT c.first_judge, c.second_judge, CAST(count(c.f) AS DOUBLE) AS pair_count,
      CAST(sum(CASE WHEN c.f = c.s THEN 1 ELSE 0 END) AS DOUBLE) AS agreed_count,
      CAST(sum(CASE WHEN c.f = 0 THEN 1 ELSE 0 END) AS DOUBLE) * sum(CASE WHEN c.s = 0 THEN 1 ELSE 0 END)
        + CAST(sum(CASE WHEN c.f = 1 THEN 1 ELSE 0 END) AS DOUBLE) * sum(CASE WHEN c.s = 1 THEN 1 ELSE 0 END)
        + CAST(sum(CASE WHEN c.f = 2 THEN 1 ELSE 0 END) AS DOUBLE) * sum(CASE WHEN c.s = 2 THEN 1 ELSE 0 END) AS chance
    FROM (
      -- Which response a label says is better: 0 and 1 are those of the pair in sorted order, and 2 is a tie.
      SELECT f.judge AS first_judge, s.judge AS second_judge,
        CASE WHEN f.tie <> 0 THEN 2
          WHEN (f.chosen_model, f.chosen_sample) > (f.rejected_model, f.rejected_sample) THEN 1 ELSE 0 END AS f,
        CASE WHEN s.tie <> 0 THEN 2
          WHEN (s.chosen_model, s.chosen_sample) > (s.rejected_model, s.rejected_sample) THEN 1 ELSE 0 END AS s
      FROM labels AS f JOIN labels AS s ON s.prompt_id = f.prompt_id AND s.judge > f.judge AND (
        (s.chosen_model, s.chosen_sample, s.rejected_model, s.rejected_sample)
          = (f.chosen_model, f.chosen_sample, f.rejected_model, f.rejected_sample)
        OR (s.chosen_model, s.chosen_sample, s.rejected_model, s.rejected_sample)
          = (f.rejected_model, f.rejected_sample, f.chosen_model, f.chosen_sample))) AS c
    GROUP BY c.first_judge, c.second_judge) AS n;

-- Whether a judge prefers long responses. A length is a number of characters, and a pair's length gap that of the
-- chosen response less that of the rejected one. Ties, and labels whose responses are missing, count in label_count and
-- tie_count only.
--   judge            whose labels these are
--   label_count      how many labels the judge has
--   tie_count        how many of these are ties
--   longer_count     how often it chose the longer response
--   shorter_count    how often it chose the shorter one
--   longer_share     longer_count / (longer_count + shorter_count); 0.5 is no preference
--   mean_length_gap  the mean length gap
--   score_slope      by how much the score gap grows with 1,000 characters of length gap: least squares through the
--                    origin, for which it doesn't matter which response is called chosen; NULL without scores
--   score_r2         the share of the score gaps' squares that this explains, from 0 to 1
CREATE VIEW length_bias AS
  SELECT n.judge, CAST(n.label_count AS BIGINT) AS label_count, CAST(n.tie_count AS BIGINT) AS tie_count,
    CAST(n.longer_count AS BIGINT) AS longer_count, CAST(n.shorter_count AS BIGINT) AS shorter_count,
    CAST(n.longer_count / nullif(n.longer_count + n.shorter_count, 0) AS DOUBLE) AS longer_share,
    CAST(n.mean_length_gap AS DOUBLE) AS mean_length_gap,
    CAST(1000 * n.products / nullif(n.lengths, 0) AS DOUBLE) AS score_slope,
    CAST(n.products * n.products / nullif(n.lengths, 0) / nullif(n.scores, 0) AS DOUBLE) AS score_r2
  FROM (
    SELECT g.judge, count(g.judge) AS label_count, sum(CASE WHEN g.tie <> 0 THEN 1 ELSE 0 END) AS tie_count,
      CAST(sum(CASE WHEN g.length_gap > 0 THEN 1 ELSE 0 END) AS DOUBLE) AS longer_count,
      CAST(sum(CASE WHEN g.length_gap < 0 THEN 1 ELSE 0 END) AS DOUBLE) AS shorter_count,
      avg(g.length_gap) AS mean_length_gap, sum(g.score_gap * g.length_gap) AS products,
      sum(CASE WHEN g.score_gap IS NOT NULL THEN g.length_gap * g.length_gap END) AS lengths,
      sum(CASE WHEN g.length_gap IS NOT NULL THEN g.score_gap * g.score_gap END) AS scores
    FROM (
      -- The limit makes SQLite compute a row's gaps once, and not wherever they are mentioned above.
      SELECT p.judge, p.tie,
        CASE WHEN p.tie = 0 THEN CAST(p.chosen_length - p.rejected_length AS DOUBLE) END AS length_gap,
        CASE WHEN p.tie = 0 THEN p.score_gap END AS score_gap
      FROM pairs AS p LIMIT 9223372036854775807) AS g
    GROUP BY g.judge) AS n;
