// nearest(RESPONSE, K): the K responses whose embeddings have the highest cosine to that of one response, as a
// table-valued function in SQL.
//
//   SELECT * FROM nearest('p1 gpt-4', 10)            of a response: prompt, model, and the sample if it isn't 0
//   SELECT * FROM nearest('p1 gpt-4 2', 10)
//   SELECT * FROM nearest('p1', 10)                  of a prompt by its own vector: other prompts
//   SELECT * FROM nearest(:vector, 10)               of a vector, with elements as the encoder's (column `element`)
//   SELECT * FROM nearest('p1 gpt-4', 10, 'prompts') among prompts instead of responses
//   ... WHERE encoder = 'minilm'                     needed where there are vectors of several encoders
//
// Its columns are rank (from 1), cosine, encoder, prompt_id, model (NULL for a prompt) and sample. It sees what the
// query's own revision sees, whatever other revisions the query reads beside it. What is asked about by its key isn't
// among its own neighbours, and neither are vectors that are all zeros, which have no angle. K is 10 if it isn't given;
// where there are fewer, all are answered.
//
// The search is exact: it reads every vector once, and holds no more than K keys. Cosines are those of the function
// cosine(), to the last bit; equal ones stand in the order of their keys. So a revision has one answer, on any machine.
//
import GRDBSQLite

/// The table, as one connection knows it.
final class NearestTable: TableFunction {
  static let name = "nearest"

  private let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  let declaration = """
    CREATE TABLE nearest(rank INTEGER, cosine REAL, encoder TEXT, prompt_id TEXT, model TEXT, sample INTEGER,
      near_to HIDDEN, k INTEGER HIDDEN, among TEXT HIDDEN)
    """

  /// The columns' places in the declaration.
  enum Column: Int32 {
    case rank, cosine, encoder, promptID, model, sample, response, k, among
  }

  func makeCursor() -> any TableFunctionCursor { NearestCursor(connection) }

  /// Its errors are told by their messages alone.
  func note(_ error: AufdbError) {}

  /// Which arguments it was promised goes into `idxNum`; their values come in that order.
  func plan(_ info: UnsafeMutablePointer<sqlite3_index_info>) -> Int32 {
    var places: [NearestArguments: Int] = [:]
    for place in 0..<Int(info.pointee.nConstraint) {
      let constraint = info.pointee.aConstraint[place]
      guard let argument = Self.argument(of: constraint, info, Int32(place)) else { continue }
      if constraint.usable == 0 {
        // An argument that isn't known yet: another order of the join may know it. An encoder can be compared later.
        if argument != .encoder { return SQLITE_CONSTRAINT }
      } else if places[argument] == nil {
        places[argument] = place
      }
    }
    var (arguments, count): (NearestArguments, Int32) = ([], 0)
    for argument in NearestArguments.inOrder {
      guard let place = places[argument] else { continue }
      arguments.insert(argument)
      count += 1
      info.pointee.aConstraintUsage[place].argvIndex = count
      info.pointee.aConstraintUsage[place].omit = 1
    }
    info.pointee.idxNum = arguments.rawValue
    // Every vector is read, so a join begins here, and looks up what it is joined with.
    info.pointee.estimatedCost = 1_000_000
    info.pointee.estimatedRows = 10
    if info.pointee.nOrderBy == 1, info.pointee.aOrderBy[0].iColumn == Column.rank.rawValue {
      info.pointee.orderByConsumed = info.pointee.aOrderBy[0].desc == 0 ? 1 : 0
    }
    return SQLITE_OK
  }

  /// Which argument a constraint gives; nil for none.
  private static func argument(
    of constraint: sqlite3_index_constraint, _ info: UnsafeMutablePointer<sqlite3_index_info>, _ place: Int32
  ) -> NearestArguments? {
    let isEqual = Int32(constraint.op) == SQLITE_INDEX_CONSTRAINT_EQ
    guard isEqual || Int32(constraint.op) == SQLITE_INDEX_CONSTRAINT_IS else { return nil }
    switch Column(rawValue: constraint.iColumn) {
    case .response: return .response
    case .k: return .k
    case .among: return .among
    case .encoder:
      // Another collation would find more than the same bytes.
      let collation = sqlite3_vtab_collation(info, place).map { String(cString: $0) }
      return isEqual && collation == "BINARY" ? .encoder : nil
    default: return nil
    }
  }
}

/// What a plan knows when it begins.
struct NearestArguments: OptionSet, Hashable {
  let rawValue: Int32
  static let response = NearestArguments(rawValue: 1)
  static let k = NearestArguments(rawValue: 2)
  static let among = NearestArguments(rawValue: 4)
  static let encoder = NearestArguments(rawValue: 8)
  static let inOrder: [NearestArguments] = [.response, .k, .among, .encoder]
}
