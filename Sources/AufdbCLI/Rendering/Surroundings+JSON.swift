// JSON on its way out.

import Aufdb

extension Surroundings {
  /// Writes lines of JSON as they are; on a terminal, the control characters that JSON allows in strings become escapes,
  /// which mean the same.
  func writeJSON(_ bytes: UnsafeRawBufferPointer) throws(StreamError) {
    guard terminalColumns != nil else { return try output.write(bytes) }
    var visible: [UInt8] = []
    _ = VisibleText.json.append(bytes, to: &visible)
    try output.write(visible)
  }
}
