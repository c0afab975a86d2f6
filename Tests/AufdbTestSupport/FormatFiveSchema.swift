// The schema of format version 5, as stores of it were made: for the tests of upgrading. It is that of version 4 with
// one more relation, the derived relations, and another text of the view `commits`.

public enum FormatFiveSchema {
  /// Runs on an empty database.
  public static let sql = FormatFourSchema.sql + added

  private static let added = """

    PRAGMA user_version = 5;
    INSERT INTO relation VALUES (11, 'queries', -140737488355328, 0);
    DROP VIEW commits;
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
    CREATE VIEW queries AS
      SELECT name, sql, description
      FROM queries_all WHERE likelihood(place > 0, 0.99);
    CREATE VIEW commits AS
      SELECT lower(hex(c.id)) AS id,
        ifnull((SELECT group_concat(lower(hex(p.id)), ' ')
         FROM (SELECT parent_seq FROM commit_parent WHERE commit_seq = c.seq ORDER BY position) AS e
         CROSS JOIN commit_log AS p WHERE p.seq = e.parent_seq), '') AS parents,
        c.author,
        strftime('%Y-%m-%dT%H:%M:%fZ', c.time / 1000.0, 'unixepoch') AS time,
        c.message, c.operation
      FROM commit_log AS c;
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
            AND s.model = l.chosen_model AND s.sample = l.chosen_sample AND s.judge = l.judge)) AS DOUBLE) AS \
    chosen_score,
          CAST(ifnull(l.rejected_score, (SELECT s.score FROM scores AS s WHERE s.prompt_id = l.prompt_id
            AND s.model = l.rejected_model AND s.sample = l.rejected_sample AND s.judge = l.judge)) AS DOUBLE)
            AS rejected_score,
          l.method, l.batch
        FROM labels AS l) AS x;
    CREATE VIEW coverage AS
      SELECT p.prompt_id, p.source,
        CAST((SELECT count(r.prompt_id) FROM responses AS r WHERE r.prompt_id = p.prompt_id) AS BIGINT) AS \
    response_count,
        CAST((SELECT count(r.prompt_id) FROM responses AS r WHERE r.prompt_id = p.prompt_id
          AND EXISTS (SELECT 1 FROM scores AS s
            WHERE s.prompt_id = r.prompt_id AND s.model = r.model AND s.sample = r.sample)) AS BIGINT) AS scored_count,
        CAST((SELECT count(r.prompt_id) FROM responses AS r WHERE r.prompt_id = p.prompt_id
          AND EXISTS (SELECT 1 FROM embeddings AS e
            WHERE e.prompt_id = r.prompt_id AND e.model = r.model AND e.sample = r.sample)) AS BIGINT) AS \
    embedded_count,
        CAST((SELECT count(r.prompt_id) FROM responses AS r WHERE r.prompt_id = p.prompt_id
          AND EXISTS (SELECT 1 FROM estimates AS e
            WHERE e.prompt_id = r.prompt_id AND e.model = r.model AND e.sample = r.sample)) AS BIGINT) AS \
    estimated_count,
        CAST((SELECT count(s.prompt_id) FROM selections AS s WHERE s.prompt_id = p.prompt_id) AS BIGINT) AS \
    selection_count,
        CAST((SELECT count(s.prompt_id) FROM selections AS s WHERE s.prompt_id = p.prompt_id AND NOT EXISTS (SELECT 1
          FROM labels AS l WHERE l.prompt_id = s.prompt_id AND (
            (l.chosen_model, l.chosen_sample, l.rejected_model, l.rejected_sample)
              = (s.first_model, s.first_sample, s.second_model, s.second_sample)
            OR (l.chosen_model, l.chosen_sample, l.rejected_model, l.rejected_sample)
              = (s.second_model, s.second_sample, s.first_model, s.first_sample)))) AS BIGINT) AS pending_count,
        CAST((SELECT count(l.prompt_id) FROM labels AS l WHERE l.prompt_id = p.prompt_id) AS BIGINT) AS label_count,
        CAST((SELECT count(DISTINCT l.judge) FROM labels AS l WHERE l.prompt_id = p.prompt_id) AS BIGINT) AS judge_count
      FROM prompts AS p;
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
            + CAST(sum(CASE WHEN c.f = 2 THEN 1 ELSE 0 END) AS DOUBLE) * sum(CASE WHEN c.s = 2 THEN 1 ELSE 0 END) \
    AS chance
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
    """
}
