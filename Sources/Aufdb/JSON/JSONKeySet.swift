// Which keys the objects being read had so far, for callers that refuse the same key twice.
//
// The keys of all open objects that asked for it lie on one stack, those of the innermost on top. Few keys are
// compared one by one; an object that has more than `linearLimit` gets a hash set, so that a hostile one costs no
// quadratic time.

import Glibc

/// The keys seen in the innermost object that wants them unique, and in those around it.
struct JSONKeySet {
  /// The depth of the innermost object whose keys must be unique; 0 if there is none.
  private(set) var depth = 0

  private static let linearLimit = 32
  private var keys: [Entry] = []
  private var objects: [Scope] = []

  private struct Scope {
    let depth: Int
    let firstKey: Int
    var set: Set<Entry>?
  }

  private struct Entry: Hashable {
    let bytes: UnsafeRawBufferPointer

    static func == (left: Entry, right: Entry) -> Bool {
      guard left.bytes.count == right.bytes.count else { return false }
      guard let leftBase = left.bytes.baseAddress, let rightBase = right.bytes.baseAddress else { return true }
      return memcmp(leftBase, rightBase, left.bytes.count) == 0
    }

    func hash(into hasher: inout Hasher) { hasher.combine(bytes: bytes) }
  }

  mutating func beginObject(depth: Int) {
    objects.append(Scope(depth: depth, firstKey: keys.count, set: nil))
    self.depth = depth
  }

  mutating func endObject() {
    guard let object = objects.popLast() else { return }
    keys.removeSubrange(object.firstKey...)
    depth = objects.last?.depth ?? 0
  }

  /// Adds a key of the innermost object; returns whether it is new there. O(1), amortised.
  mutating func insert(_ key: JSONKey) -> Bool {
    let entry = Entry(bytes: key.bytes)
    let object = objects.count - 1
    if objects[object].set != nil {
      return objects[object].set?.insert(entry).inserted ?? true
    }
    let siblings = keys[objects[object].firstKey...]
    if siblings.contains(entry) { return false }
    keys.append(entry)
    if siblings.count >= Self.linearLimit { objects[object].set = Set(keys[objects[object].firstKey...]) }
    return true
  }

  mutating func removeAll() {
    guard !objects.isEmpty else { return }
    keys.removeAll(keepingCapacity: true)
    objects.removeAll(keepingCapacity: true)
    depth = 0
  }
}
