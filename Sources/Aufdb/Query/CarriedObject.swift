// How an object of ours hangs on a structure of SQLite's.
//
// SQLite holds a structure of its own for each virtual table and each of its cursors, allocated by us; the pointer to our
// object lies behind it, and is retained for as long as the structure lives.

import GRDBSQLite

/// A structure that SQLite holds, and an object of ours behind it.
enum CarriedObject {
  private static func offset<Header>(_: Header.Type) -> Int {
    let alignment = MemoryLayout<UnsafeMutableRawPointer>.alignment
    return (MemoryLayout<Header>.size + alignment - 1) / alignment * alignment
  }

  static func allocate<Header>(_ header: Header, carrying object: some AnyObject) -> UnsafeMutablePointer<Header> {
    let offset = offset(Header.self)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: offset + MemoryLayout<UnsafeMutableRawPointer>.size, alignment: MemoryLayout<Header>.alignment)
    memory.storeBytes(
      of: Unmanaged.passRetained(object).toOpaque(), toByteOffset: offset, as: UnsafeMutableRawPointer.self)
    return memory.initializeMemory(as: Header.self, to: header)
  }

  private static func reference<Header, Object: AnyObject>(
    _ header: UnsafeMutablePointer<Header>, _: Object.Type
  ) -> Unmanaged<Object> {
    let pointer = UnsafeRawPointer(header).load(
      fromByteOffset: offset(Header.self), as: UnsafeMutableRawPointer.self)
    return Unmanaged<Object>.fromOpaque(pointer)
  }

  static func of<Header, Object: AnyObject>(_ header: UnsafeMutablePointer<Header>, _ type: Object.Type) -> Object {
    reference(header, type).takeUnretainedValue()
  }

  static func free<Header, Object: AnyObject>(_ header: UnsafeMutablePointer<Header>, carrying type: Object.Type) {
    reference(header, type).release()
    UnsafeMutableRawPointer(header).deallocate()
  }
}
