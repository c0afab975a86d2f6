// A reward head in the store: a row of the relation reward_heads.
//
// `state` is a .safetensors file, so that any tool that reads those can open it: the head's own tensors (of an ensemble
// those of its optimiser, too) and input_means and input_factors, which scale its inputs. `configuration` is a JSON
// object with `features` and with whatever else the head was made with.

import AufdbReward
import Crypto

/// A head by name, with all that is needed to use it or to train it on.
struct StoredHead {
  let name: String
  let kind: HeadKind
  let encoder: String
  let features: [InputFeature]
  let scaling: InputScaling
  /// Those of the head, and of its training.
  let tensors: [HeadTensor]
  /// JSON object.
  let configuration: String

  /// - Parameter details: what it was made with, apart from `features`.
  init(
    name: String, kind: HeadKind, encoder: String, features: [InputFeature], details: [String: Operation.Value],
    scaling: InputScaling, tensors: [HeadTensor]
  ) {
    self.init(
      name: name, kind: kind, encoder: encoder, features: features, scaling: scaling, tensors: tensors,
      configuration: Operation.object(
        details.merging(["features": .text(InputFeature.text(features))]) { _, features in features }))
  }

  private init(
    name: String, kind: HeadKind, encoder: String, features: [InputFeature], scaling: InputScaling,
    tensors: [HeadTensor], configuration: String
  ) {
    self.name = name
    self.kind = kind
    self.encoder = encoder
    self.features = features
    self.scaling = scaling
    self.tensors = tensors
    self.configuration = configuration
  }

  /// Finds a head; nil where there is none of that name.
  ///
  /// - Throws: `.badData` for a damaged one.
  static func load(_ name: String, prefix: String = "", in connection: Connection) throws -> StoredHead? {
    let row = try connection.statement(
      """
      SELECT kind, encoder, configuration, iif(json_valid(configuration), configuration ->> '$.features', NULL), state
      FROM \(prefix)reward_heads WHERE head = ?1
      """)
    row.bind(1, .text(name))
    guard try row.step() else { return nil }
    func damaged(_ what: String) -> AufdbError {
      AufdbError(.badData, "the store is damaged: the reward head '\(name)': \(what)")
    }
    guard let kind = HeadKind(rawValue: row.string(0)) else { throw damaged("it is of the kind '\(row.string(0))'") }
    do {
      let tensors = try SafetensorsFile.decode(row.bytes(4))
      return StoredHead(
        name: name, kind: kind, encoder: row.string(1), features: try InputFeature.list(row.string(3)),
        scaling: try InputScaling(tensors: tensors), tensors: tensors, configuration: row.string(2))
    } catch let error as AufdbError {
      throw damaged(error.message)
    } catch let error as HeadError {
      throw damaged("\(error)")
    }
  }

  /// The names of all heads, in alphabetical order.
  static func names(prefix: String = "", in connection: Connection) throws -> [String] {
    try connection.all("SELECT head FROM \(prefix)reward_heads ORDER BY head") { $0.string(0) }
  }

  /// Finds a head that somebody named.
  /// - Throws: `.refused` where there is none.
  static func named(_ name: String, prefix: String = "", in connection: Connection) throws -> StoredHead {
    if let head = try load(name, prefix: prefix, in: connection) { return head }
    let names = try names(prefix: prefix, in: connection)
    throw AufdbError(
      .refused, "there is no reward head '\(name)'",
      hint: names.isEmpty
        ? "`aufdb train STORE --head NAME` makes one" : "reward heads here: \(names.prefix(20).joined(separator: ", "))"
    )
  }

  /// The head itself.
  func head() throws(AufdbError) -> any RewardHead {
    do throws(HeadError) { return try kind.head(tensors) } catch { throw damaged(error) }
  }

  /// An ensemble, ready to be trained on.
  var training: EnsembleTraining {
    get throws(AufdbError) {
      do throws(HeadError) { return try EnsembleTraining(tensors: tensors) } catch { throw damaged(error) }
    }
  }

  /// An integer of its configuration; nil where it has none of that name.
  func detail(_ name: String, in connection: Connection) throws -> Int? {
    try connection.first(
      "SELECT json_extract(?1, '$.' || ?2)", .text(configuration), .text(name)
    ) { $0.isNull(0) ? nil : Int($0.integer(0)) } ?? nil
  }

  /// Its numbers as the store keeps them.
  var state: [UInt8] { SafetensorsFile.encode(tensors.filter { !$0.name.hasPrefix("input_") } + scaling.tensors) }

  /// What tells one state from another: the SHA-256 of its bytes, in hexadecimal digits.
  static func digest(_ state: [UInt8]) -> String { CommitID.hex(Array(SHA256.hash(data: state))) }

  /// Stores it on the branch that is changed, in place of what stands there under its name.
  ///
  /// - Returns: whether anything is new.
  @discardableResult
  func store(in change: Change) throws -> Bool {
    let state = state
    let old = try change.statement(
      "SELECT id, kind, encoder, configuration, state FROM reward_heads WHERE head = ?1")
    old.bind(1, .text(name))
    if try old.step() {
      let isSame =
        old.string(1) == kind.rawValue && old.string(2) == encoder && old.string(3) == configuration
        && state.withUnsafeBytes { old.bytes(4).isEqual(to: $0) }
      let id = old.integer(0)
      old.reset()
      if isSame { return false }
      try change.retire(.rewardHeads, id)
    } else {
      old.reset()
    }
    let row = try change.writer(.rewardHeads)
    row.text(name)
    row.text(kind.rawValue)
    row.text(encoder)
    row.text(configuration)
    try state.withUnsafeBytes {
      row.blob($0)
      try row.insert()
    }
    return true
  }

  private func damaged(_ error: HeadError) -> AufdbError {
    AufdbError(.badData, "the store is damaged: the reward head '\(name)': \(error)")
  }
}
