// `--where`: which prompts are meant, in SQL over the columns of prompts. It is somebody's SQL, so it is compiled and run
// under guard.

enum PromptCondition {
  /// The ids of the prompts that a condition is true of.
  ///
  /// - Parameters:
  ///   - option: what the condition was given with, for messages.
  ///   - prefix: of the views to read.
  /// - Throws: `.refused` for SQL that can't be run, or may not.
  static func promptIDs(
    _ condition: String, option: String = "--where", prefix: String, in connection: Connection
  ) throws -> [String] {
    // Under guard nothing can be written, not even a temporary table: so they are held.
    var promptIDs: [String] = []
    let head = "SELECT prompt_id FROM \(prefix)prompts AS prompts WHERE (\n"
    try QueryFunctions.register(mentionedIn: QueryWords(condition), in: connection)
    try QueryGuard.run(on: connection) { guardian in
      do throws(AufdbError) {
        // On lines of its own, because it may end in a comment.
        promptIDs = try connection.all("\(head)\(condition)\n)") { $0.string(0) }
      } catch {
        throw guardian.refusal
          ?? ConditionFailure.explained(error, option: option, condition, after: head, hint: hint, in: connection)
      }
    }
    return promptIDs
  }

  private static let hint =
    "it is an SQL condition on the columns of prompts, such as \"source = 'evol_instruct'\""
}
