// A modelled store laid out as format 1 had it: two tables a relation, one sequence of ids, every retirement noted.

import AufdbTestSupport
import Testing

@testable import Aufdb

extension ModelledStore {
  /// Writes the history once more, as a store of format 1 beside this one; returns its path. It has no late columns.
  func formatOne(_ name: String = "format1.aufdb") throws -> String {
    close()
    let old = try folder.file(name, [])
    let database = try RawDatabase(old, isWritable: true)
    try database.run(FormatOneSchema.sql)
    try database.rows("ATTACH ? AS new", [.text(path)])
    // Ids in the order of the commits, whatever lane they are in now.
    try database.run(
      """
      CREATE TEMP TABLE run AS SELECT relation, commit_seq, first_id, last_id, sum(added) OVER
        (PARTITION BY relation ORDER BY commit_seq) - added + 1 - first_id AS shift
        FROM new.commit_change WHERE first_id IS NOT NULL;
      INSERT INTO commit_log SELECT seq, id, author, time, message, operation, change_digest FROM new.commit_log;
      INSERT INTO commit_parent SELECT * FROM new.commit_parent;
      INSERT INTO commit_change
        SELECT c.commit_seq, c.relation, c.first_id + r.shift, c.last_id + r.shift, c.added, c.retired
        FROM new.commit_change AS c LEFT JOIN run AS r USING (relation, commit_seq);
      INSERT INTO retirement SELECT t.commit_seq, t.relation, t.row_id + r.shift, t.in_live
        FROM new.retirement AS t JOIN run AS r
        ON r.relation = t.relation AND t.row_id BETWEEN r.first_id AND r.last_id;
      INSERT INTO ref SELECT name, kind, commit_seq, sees_past FROM new.ref;
      DELETE FROM setting;
      INSERT INTO setting SELECT * FROM new.setting WHERE name <> 'next_lane';
      """)
    for relation in AddedObjects.relations(ofFormat: 1) { try copy(relation, in: database) }
    // The writers of format 1 left stores in this mode.
    try database.run("DETACH new; PRAGMA journal_mode = WAL")
    return old
  }

  private func copy(_ relation: Relation, in database: RawDatabase) throws {
    let (columns, code) = (relation.firstColumnList, relation.rawValue)
    func rows(_ id: String) -> String {
      "new.\(relation.table) AS t JOIN run AS r ON r.relation = \(code) AND t.\(id) BETWEEN r.first_id AND r.last_id"
    }
    try database.run(
      """
      INSERT INTO \(relation.name)_live SELECT t.place + r.shift, \(columns) FROM \(rows("place"));
      INSERT INTO \(relation.name)_past SELECT t.past_id + r.shift, \(columns), retired_by FROM \(rows("past_id"));
      INSERT INTO retirement SELECT t.retired_by, \(code), t.past_id + r.shift, 0 FROM \(rows("past_id"));
      UPDATE relation SET
        next_id = 1 + (SELECT ifnull(sum(added), 0) FROM commit_change WHERE relation = \(code)),
        retired_apart = (SELECT retired_apart FROM new.relation WHERE code = \(code))
      WHERE code = \(code);
      """)
  }
}
