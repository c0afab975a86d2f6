// The file of `.output`: it takes results until the next `.output`, and has its name from then on.

import Aufdb

final class ShellOutputFile {
  let output: StandardOutput
  /// What the name says of the format.
  let format: OutputFormat?
  private let replacement: FileReplacement

  init(_ path: String) throws(AufdbError) {
    let name = OutputName(path)
    let replacement = try FileReplacement(path: path, compression: name.compression())
    self.replacement = replacement
    format = name.format
    output = StandardOutput { bytes throws(StreamError) in try replacement.write(bytes) }
  }

  /// Ends it.
  func publish() throws {
    try output.flush()
    try replacement.publish()
  }
}
