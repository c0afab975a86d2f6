// What an export made, and what it left out.

/// Why a label did not become a row.
public enum OmissionReason: String, CaseIterable, Sendable {
  /// The judge found neither response better.
  case tie
  /// The revision does not see the label's prompt.
  case missingPrompt = "missing_prompt"
  /// The revision does not see one of the two responses.
  case missingResponse = "missing_response"
  /// One of the two responses is empty.
  case emptyResponse = "empty_response"
  /// The two responses are the same text.
  case identicalResponses = "identical_responses"

  /// What was left out, as a sentence counts it: "3 ties".
  public func phrase(_ count: Int) -> String {
    let isOne = count == 1
    return switch self {
    case .tie: isOne ? "1 tie" : "\(count) ties"
    case .missingPrompt: "\(count) whose prompt is missing"
    case .missingResponse: "\(count) with a missing response"
    case .emptyResponse: "\(count) with an empty response"
    case .identicalResponses: "\(count) with identical responses"
    }
  }
}

/// One data file of an export.
public struct ExportFile: Sendable, Equatable {
  /// Relative to the export's folder, with `/`.
  public var path: String
  /// The split that it belongs to.
  public var split: String
  public var rowCount: Int
  /// The size of the rows before compression.
  public var contentBytes: Int
  /// The size of the file.
  public var sizeBytes: Int
  /// The SHA-256 of the file: 64 hexadecimal digits, lower case.
  public var sha256: String
}

/// What an export made.
public struct ExportReport: Sendable, Equatable {
  /// The commit that the revision names.
  public var commit: CommitID
  /// Whose labels they are.
  public var judge: String
  /// How many labels the judge has at the commit: the rows and what was left out.
  public var labelCount: Int
  public var rowCount: Int
  public var files: [ExportFile]
  /// How many labels were left out, by reason; a reason that never applied counts 0.
  public var omitted: [OmissionReason: Int]

  /// What was left out, in words: "3 ties, 1 with an empty response"; nil where nothing was.
  public var omissions: String? { OmissionReason.summary(omitted) }
}

extension OmissionReason {
  static func summary(_ counts: [OmissionReason: Int]) -> String? {
    let phrases = allCases.compactMap { reason in
      counts[reason].flatMap { $0 > 0 ? reason.phrase($0) : nil }
    }
    return phrases.isEmpty ? nil : phrases.joined(separator: ", ")
  }
}

/// How far an export has come.
public struct ExportProgress: Sendable, Equatable {
  public var labelsRead: Int
  public var labelCount: Int
}
