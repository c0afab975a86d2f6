// What holds from one statement of a shell to the next.

import Aufdb

struct ShellSettings: Equatable {
  /// The revision to read; nil for the current branch's head, wherever it goes.
  var revision: Revision?
  var others: [OtherRevision] = []
  var parameters: [String: SQLValue] = [:]
  var format: OutputFormat = .table
  /// Nil for any time.
  var timeoutSeconds: Double?
  /// Whether to say how long statements take.
  var isTimed = false

  /// How to run some SQL: with those of the parameters that it has.
  ///
  /// - Parameter file: where the SQL comes from, for messages.
  func options(for sql: String, file: String?) -> QueryOptions {
    let names = parameters.isEmpty ? [] : SQLTyping.parameterNames(in: sql)
    return QueryOptions(
      revision: revision ?? .head, others: others, parameters: parameters.filter { names.contains($0.key) },
      timeoutSeconds: timeoutSeconds, file: file, caller: .shell)
  }
}
