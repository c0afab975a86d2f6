// A matrix that is a tensor of a .safetensors file (SafetensorsEntry.swift).

extension MatrixHeader {
  static func safetensors(_ beginning: inout MatrixBeginning, tensor: String?) throws -> MatrixHeader {
    let end = try 8 + SafetensorsEntry.headerLength(beginning.number(at: 0, count: 8))
    guard try beginning.extend(to: end) else { throw SafetensorsEntry.cutOff }
    let entries = try beginning.bytes.span.bytes.withUnsafeBytes { bytes throws(AufdbError) in
      try SafetensorsEntry.parse(UnsafeRawBufferPointer(rebasing: bytes[8..<end]))
    }
    let dataEnd = try SafetensorsEntry.end(of: entries)
    let entry = try choose(tensor, among: entries)
    let (fileSizeBytes, isTooLarge) = dataEnd.addingReportingOverflow(end)
    guard !isTooLarge else { throw AufdbError(.badData, "the tensors are larger than any file") }
    let header = try MatrixHeader(
      MatrixElement(safetensors: entry.dtype), shape: entry.shape, offset: end + entry.begin,
      fileSizeBytes: fileSizeBytes)
    guard header.rowCount * header.rowBytes == entry.end - entry.begin else {
      throw AufdbError(
        .badData,
        "the tensor \(entry.name.quoted) has \(entry.end - entry.begin) bytes, and by its shape it would be "
          + "\(header.rowCount * header.rowBytes)")
    }
    return header
  }

  private static func choose(_ name: String?, among entries: [SafetensorsEntry]) throws(AufdbError) -> SafetensorsEntry
  {
    let names = entries.map(\.name).sorted()
    let shown = names.prefix(10).map { $0.shortened(to: 80) } + (names.count > 10 ? ["..."] : [])
    let list = shown.joined(separator: ", ")
    if let name {
      guard let entry = entries.first(where: { $0.name == name }) else {
        throw AufdbError(
          .refused, "there is no tensor \(name.quoted)",
          hint: names.isEmpty ? "the file has none" : "there are: \(list)")
      }
      return entry
    }
    guard let entry = entries.first else { throw AufdbError(.badData, "the file has no tensors") }
    guard entries.count == 1 else {
      throw AufdbError(.usage, "the file has \(entries.count) tensors", hint: "choose one with --tensor: \(list)")
    }
    return entry
  }
}
