// Rows that come slowly.

extension Surroundings {
  private static let handOnMilliseconds: Int64 = 500

  /// A closure for a query to ask whether it should go on, which hands on the rows so far twice a second: they don't
  /// stay in a buffer while the query looks for more. It says no when they can't be written.
  func handingOn() -> () -> Bool {
    var last = now()
    return {
      let time = now()
      guard time - last >= Self.handOnMilliseconds else { return true }
      last = time
      return output.handOn()
    }
  }
}
