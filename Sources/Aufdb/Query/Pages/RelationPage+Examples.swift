// Queries to begin with, for each relation; a test runs them all.

extension RelationPage {
  static let examples: [String: [String]] = [
    "prompts": ["SELECT source, count(*) FROM prompts GROUP BY source ORDER BY 2 DESC"],
    "responses": ["SELECT model, count(*), avg(length(response)) AS length FROM responses GROUP BY model"],
    "embeddings": [
      "SELECT encoder, element, length(vector) AS bytes, count(*) FROM embeddings GROUP BY encoder, element, bytes"
    ],
    "scores": ["SELECT model, judge, count(*), avg(score) FROM scores GROUP BY model, judge ORDER BY 4 DESC"],
    "snapshots": ["SELECT snapshot, origin, count(*) FROM snapshots JOIN estimates USING (snapshot) GROUP BY snapshot"],
    "estimates": [
      "SELECT prompt_id, model, reward, (upper - lower) / 2 AS uncertainty FROM estimates ORDER BY 4 DESC LIMIT 10"
    ],
    "selections": ["SELECT method, batch, count(*) FROM selections GROUP BY method, batch"],
    "labels": ["SELECT judge, count(*), sum(tie) AS ties FROM labels GROUP BY judge"],
    "reward_heads": ["SELECT head, kind, encoder, length(state) AS bytes FROM reward_heads"],
    "progress": [
      "SELECT run, iteration, label_count, mean_uncertainty, win_rate, heldout_accuracy FROM progress ORDER BY 1, 2",
      "SELECT iteration, label_count, loss, born_at, substr(born_commit, 1, 10) AS id FROM progress_history "
        + "WHERE retired_commit IS NULL ORDER BY run, iteration",
    ],
    "queries": ["SELECT name, description FROM queries ORDER BY name"],
    "definitions": [
      "SELECT kind, name, max(version) AS version, definition FROM definitions GROUP BY kind, name",
      "SELECT kind, name, version, born_by, born_at FROM definitions_history ORDER BY born_at",
    ],
    "pairs": [
      "SELECT chosen_model, rejected_model, score_gap, chosen FROM pairs WHERE tie = 0 ORDER BY score_gap DESC LIMIT 5",
      "SELECT method, count(*), avg(chosen_length > rejected_length) AS longer_share FROM pairs WHERE tie = 0 "
        + "GROUP BY method",
    ],
    "coverage": [
      "SELECT prompt_id, source FROM coverage WHERE label_count = 0",
      "SELECT prompt_id FROM coverage WHERE estimated_count < response_count",
      "SELECT prompt_id FROM coverage WHERE response_count = 1",
      "SELECT source, count(*), avg(label_count > 0) AS labelled FROM coverage GROUP BY source",
    ],
    "judge_agreement": ["SELECT * FROM judge_agreement ORDER BY kappa"],
    "length_bias": ["SELECT judge, longer_share, mean_length_gap, score_slope FROM length_bias"],
    "leaderboard": ["SELECT judge, model, label_count, win_rate, strength, lower, upper FROM leaderboard"],
    "commits": ["SELECT substr(id, 1, 10) AS id, time, author, message FROM commits ORDER BY time DESC LIMIT 10"],
    "branches": [
      "SELECT b.branch, b.current, c.time, c.message FROM branches AS b JOIN commits AS c ON c.id = b.\"commit\""
    ],
    "tags": ["SELECT t.tag, c.time, c.message FROM tags AS t JOIN commits AS c ON c.id = t.\"commit\""],
  ]
}
