// median(x) and percentile(x, p), as aggregates and over windows.
//
// percentile(x, p) is the value below which p percent of the values of x are: with the n values that aren't NULL in
// order, v(0) ... v(n - 1), and r = (n - 1) p / 100, it is v(r), interpolated linearly between its neighbours where r is
// no whole number (R. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50, 1996:
// definition 7). median(x) is percentile(x, 50). NULL where there are no values.
//
// An aggregate gathers its values, 8 bytes each, and sorts them once. Over a window that moves, values come and go: from
// the first look on they are kept in order.

import GRDBSQLite

enum PercentileFunctions {
  static let names = ["median", "percentile"]

  /// Makes one of the two for a connection (https://sqlite.org/windowfunctions.html#user_defined_aggregate_window_functions).
  static func register(_ name: String, in connection: Connection) throws(AufdbError) {
    let code = sqlite3_create_window_function(
      connection.handle, name, -1, ScalarFunction.flags,
      // What is asked of the function object is only which of the two it is.
      UnsafeMutableRawPointer(bitPattern: name == "median" ? 1 : 2),
      { context, count, values in PercentileFunctions.change(context, count, values) { try $0.add($1) } },
      { context in PercentileFunctions.finish(context) },
      { context in PercentileFunctions.answer(context) },
      { context, count, values in PercentileFunctions.change(context, count, values) { try $0.remove($1) } }, nil)
    guard code == SQLITE_OK else { throw AufdbError.sqlite(connection.handle, code) }
  }

  private static func change(
    _ context: OpaquePointer?, _ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?,
    _ body: (PercentileValues, SQLArguments) throws -> Void
  ) {
    guard let context, let place = place(context, isNeeded: true) else { return }
    let held: PercentileValues
    if let pointer = place.pointee {
      held = Unmanaged<PercentileValues>.fromOpaque(pointer).takeUnretainedValue()
    } else {
      held = PercentileValues(isMedian: sqlite3_user_data(context) == UnsafeMutableRawPointer(bitPattern: 1))
      place.pointee = Unmanaged.passRetained(held).toOpaque()
    }
    do {
      try body(held, SQLArguments(values, count))
    } catch {
      SQLResult.error(error, to: context)
    }
  }

  private static func answer(_ context: OpaquePointer?) {
    guard let context else { return }
    guard let pointer = place(context, isNeeded: false)?.pointee,
      let result = Unmanaged<PercentileValues>.fromOpaque(pointer).takeUnretainedValue().result
    else { return sqlite3_result_null(context) }
    sqlite3_result_double(context, result)
  }

  /// Called once for each group that had a row, whether the query came to its end or not.
  private static func finish(_ context: OpaquePointer?) {
    answer(context)
    guard let context, let place = place(context, isNeeded: false), let pointer = place.pointee else { return }
    Unmanaged<PercentileValues>.fromOpaque(pointer).release()
    place.pointee = nil
  }

  /// Where SQLite keeps the pointer to a group's values: zeros at first, and nil where there is none yet.
  private static func place(
    _ context: OpaquePointer, isNeeded: Bool
  ) -> UnsafeMutablePointer<UnsafeMutableRawPointer?>? {
    let size = Int32(isNeeded ? MemoryLayout<UnsafeMutableRawPointer?>.size : 0)
    return sqlite3_aggregate_context(context, size)?.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
  }
}

/// The values of one group or window.
final class PercentileValues {
  private let isMedian: Bool
  private var percent: Double?
  private var values: [Double] = []
  private var isSorted = true
  /// Whether they were looked at before their end, so that they are worth being kept in order.
  private var isWindow = false

  init(isMedian: Bool) {
    self.isMedian = isMedian
    percent = isMedian ? 50 : nil
  }

  func add(_ arguments: SQLArguments) throws(AufdbError) {
    guard let value = try value(arguments) else { return }
    if isWindow {
      values.insert(value, at: place(of: value))
    } else {
      values.append(value)
      isSorted = false
    }
  }

  /// Takes a value away that was added.
  func remove(_ arguments: SQLArguments) throws(AufdbError) {
    guard let value = try value(arguments) else { return }
    isWindow = true
    sort()
    values.remove(at: place(of: value))
  }

  /// The percentile; nil where there are no values.
  var result: Double? {
    isWindow = true
    sort()
    guard let percent, let last = values.indices.last else { return nil }
    let rank = Double(last) * percent / 100
    let below = Int(rank)
    let (low, share) = (values[below], rank - Double(below))
    guard share > 0, below < last else { return low }
    let gap = values[below + 1] - low
    // The gap between two huge numbers may be beyond all numbers.
    return gap.isFinite ? low + gap * share : low * (1 - share) + values[below + 1] * share
  }

  private func sort() {
    if !isSorted { values.sort() }
    isSorted = true
  }

  /// Where a value stands among the sorted ones, or belongs.
  private func place(of value: Double) -> Int {
    var (low, high) = (0, values.count)
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The first argument, after a look at both; nil for NULL.
  private func value(_ arguments: SQLArguments) throws(AufdbError) -> Double? {
    let name = isMedian ? "median" : "percentile"
    guard arguments.count == (isMedian ? 1 : 2) else {
      throw AufdbError(
        .usage, isMedian ? "median takes one number" : "percentile takes (x, p): a number, and a percentage")
    }
    if !isMedian {
      guard let percent = arguments.number(1), (0...100).contains(percent) else {
        throw AufdbError(.usage, "percentile: p is not a number from 0 to 100")
      }
      guard self.percent.map({ $0 == percent }) ?? true else {
        throw AufdbError(.usage, "percentile: p is not the same in all rows of a group")
      }
      self.percent = percent
    }
    guard arguments.type(0) != SQLITE_NULL else { return nil }
    guard let value = arguments.number(0), value.isFinite else {
      throw AufdbError(.usage, "\(name): x is not a finite number")
    }
    // One zero, so that the order of rows can't show in the answer.
    return value == 0 ? 0 : value
  }
}
