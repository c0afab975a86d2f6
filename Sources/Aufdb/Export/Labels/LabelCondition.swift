// `--where`: which labels are meant, in SQL over the columns of labels and of their prompts. It is somebody's SQL, so it
// is compiled and run under guard, before anything else is read; what it is true of is kept as one bit a label.

/// The labels of a revision that a condition is true of.
struct LabelCondition {
  private var words: [UInt64]

  private static let head = "SELECT labels.id FROM labels JOIN prompts USING (prompt_id) WHERE (\n"
  private static let hint =
    "it is an SQL condition on the columns of labels and prompts, such as \"source = 'evol_instruct'\""

  /// - Parameter connection: shows the revision, with the rows' ids.
  /// - Throws: `.refused` for SQL that can't be run, or may not.
  init(_ condition: String, _ order: BirthOrder, in connection: Connection) throws {
    words = Array(repeating: 0, count: (order.count + 63) / 64)
    try QueryFunctions.register(mentionedIn: QueryWords(condition), in: connection)
    try QueryGuard.run(on: connection) { guardian in
      do throws(AufdbError) {
        // On lines of its own, because it may end in a comment.
        let statement = try connection.statement("\(Self.head)\(condition)\n)")
        while try statement.step() { insert(order.position(of: statement.integer(0))) }
      } catch {
        throw guardian.refusal
          ?? ConditionFailure.explained(
            error, option: "--where", condition, after: Self.head, hint: Self.hint, in: connection)
      }
    }
  }

  private mutating func insert(_ position: Int) { words[position / 64] |= 1 << UInt64(position % 64) }

  /// Whether the condition is true of a label.
  func contains(_ position: Int) -> Bool { words[position / 64] & 1 << UInt64(position % 64) != 0 }
}
