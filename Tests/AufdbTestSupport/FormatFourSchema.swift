// The schema of format version 4, as stores of it were made: for the tests of upgrading. It is that of version 3 with two
// more relations. SQLite keeps the comments inside a statement with it, so they belong to the format and stand here, too.

public enum FormatFourSchema {
  /// Runs on an empty database.
  public static let sql = FormatThreeSchema.sql + added

  private static let added = """

    PRAGMA user_version = 4;
    INSERT INTO relation VALUES
      (9, 'reward_heads', -140737488355328, 0), (10, 'progress', -140737488355328, 0);
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
    """
}
