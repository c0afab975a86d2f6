// What the argument parser complains of, in the words of aufdb's errors.

import ArgumentParser
import Aufdb
import AufdbAcquisition

/// A complaint: one line, with the hint below it.
struct ParserComplaint {
  var message: String
  /// What was probably meant, if anything.
  var suggestion: String?

  /// - Parameter text: the parser's, in which allowed values may stand a line each.
  init(_ text: String) {
    message = text.replacing(":\n  - ", with: ": ").replacing("\n  - ", with: ", ")
    takeOption()
    takeValue()
  }

  /// "Unknown option '--formt'. Did you mean '--format'?": the parser suggests names that are too far away, as well.
  private mutating func takeOption() {
    let parts = message.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5, parts[0] == "Unknown option ", parts[2] == ". Did you mean " else { return }
    message = "\(parts[0])'\(parts[1])'"
    suggestion = [parts[3]].nearest(to: parts[1])
  }

  /// "The value 'cvs' is invalid for '--format <format>'. Please provide one of ... 'csv' ...".
  private mutating func takeValue() {
    let parts = message.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, parts[0] == "The value ", let list = message.firstRange(of: "Please provide one of ")
    else { return }
    let listed = message[list.upperBound...].replacing("the following: ", with: "").replacing(" or ", with: " ")
    let words = listed.split { " ,'.".contains($0) }.map(String.init)
    suggestion = words.nearest(to: parts[1])
  }
}
