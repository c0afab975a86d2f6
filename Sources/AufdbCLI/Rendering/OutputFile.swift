// The file of `--output`, and of the shell's `.output`: it takes results, and has its name once they are all there.

import Aufdb

final class OutputFile {
  let output: StandardOutput
  /// What the name says of the format.
  let format: OutputFormat?
  private let replacement: FileReplacement

  /// - Throws: `.usage` for a name of what aufdb doesn't write; `.refused`, `.cannotCreateOutput`.
  init(_ path: String) throws(AufdbError) {
    let name = try OutputName(path)
    let replacement = try FileReplacement(path: path, compression: name.compression)
    self.replacement = replacement
    format = name.format
    output = StandardOutput { bytes throws(StreamError) in try replacement.write(bytes) }
  }

  /// Ends it, and gives it its name.
  func publish() throws {
    try output.flush()
    try replacement.publish()
  }
}
