// Disks that fail under every verb. One after the other, because all of them share a folder.

import Testing

@Suite("Disk faults", .serialized)
struct DiskFaultTests {
  /// The verbs and what each leaves, made once.
  static let scenario = Result { try FaultScenario() }
}
