// A rubric as a part of its judge's stored definition.

extension Rubric {
  /// Writes it as a JSON object: a part of its judge's definition.
  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("name")
    writer.string(name)
    writer.key("version")
    writer.string(version)
    writer.key("mode")
    writer.string(mode.rawValue)
    writer.key("system")
    if let system { writer.string(system) } else { writer.null() }
    writer.key("question")
    writer.string(question)
    writer.key("aspects")
    // A list, because their order counts.
    writer.beginArray()
    for aspect in aspects {
      writer.beginArray()
      writer.string(aspect.name)
      writer.string(aspect.text)
      writer.endArray()
    }
    writer.endArray()
    writer.key("least_mass")
    // It is from 0 to 1.
    if (try? writer.double(leastMass)) == nil { writer.null() }
    writer.endObject()
  }

  /// Reads what `write(to:)` wrote.
  ///
  /// - Throws: `.badData` without a place for anything else.
  package init(json: UnsafeRawBufferPointer) throws(AufdbError) {
    var reader = JSONReader()
    reader.begin(json)
    let fields: Fields
    do throws(JSONError) {
      fields = try Fields(&reader)
      try reader.finish()
    } catch {
      throw AufdbError(.badData, "a rubric can't be read: \(error)")
    }
    guard let mode = JudgeMode(rawValue: fields.mode) else {
      throw AufdbError(.badData, "a rubric of the unknown mode \(fields.mode.quoted)")
    }
    try self.init(
      name: fields.name, version: fields.version, mode: mode, system: fields.system, question: fields.question,
      aspects: fields.aspects, leastMass: fields.leastMass)
  }
}

/// The fields of a rubric's JSON.
private struct Fields {
  var name = ""
  var version = ""
  var mode = ""
  var system: String?
  var question = ""
  var aspects: [Rubric.Aspect] = []
  var leastMass = Rubric.defaultLeastMass

  init(_ reader: inout JSONReader) throws(JSONError) {
    try reader.beginObject(uniqueKeys: true)
    while let key = try reader.nextKey() {
      switch key {
      case "name": name = try reader.stringValue()
      case "version": version = try reader.stringValue()
      case "mode": mode = try reader.stringValue()
      case "system": system = try reader.nullIfPresent() ? nil : try reader.stringValue()
      case "question": question = try reader.stringValue()
      case "aspects":
        try reader.beginArray()
        while try reader.nextElement() { aspects.append(try Self.aspect(&reader)) }
      case "least_mass": leastMass = try reader.double()
      default: _ = try reader.skipValue()
      }
    }
  }

  private static func aspect(_ reader: inout JSONReader) throws(JSONError) -> Rubric.Aspect {
    var texts: [String] = []
    try reader.beginArray()
    while try reader.nextElement() { texts.append(try reader.stringValue()) }
    return Rubric.Aspect(texts.first ?? "", texts.count == 2 ? texts[1] : "")
  }
}
