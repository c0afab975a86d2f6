// The element types that matrices come in, under numpy's and safetensors' names.

/// How a matrix file writes its elements, little-endian.
enum MatrixElement: String {
  case float16, bfloat16, float32

  /// The bytes of one element.
  var byteCount: Int { self == .float32 ? 4 : 2 }

  /// What its elements are stored as.
  func stored(keepingFloat32: Bool) -> EmbeddingElement { keepingFloat32 && self != .float16 ? .float32 : .float16 }

  /// - Parameter descr: numpy's name (https://numpy.org/doc/stable/reference/arrays.interface.html, typestr).
  /// - Throws: `.badData` without a place for any other element.
  init(numpy descr: String) throws(AufdbError) {
    switch descr {
    case "<f2": self = .float16
    case "<f4": self = .float32
    case ">f2", ">f4":
      throw AufdbError(
        .badData, "the elements ('\(descr)') are big-endian",
        hint: "convert them: array.astype('<\(descr.dropFirst())')")
    case "<f8", ">f8":
      throw AufdbError(.badData, "the elements ('\(descr)') are float64", hint: "convert them: array.astype('<f4')")
    case "|O":
      throw AufdbError(
        .badData, "the elements ('|O') are Python objects, pickled, which are never loaded",
        hint: "make one array of numbers of them: numpy.stack(array).astype('<f4')")
    case "|V2", "<V2":
      throw AufdbError(
        .badData, "the elements ('\(descr)') are two bytes of no type that .npy knows",
        hint: "if they are bfloat16, save them as .safetensors, or convert them: array.astype('<f4')")
    default: throw AufdbError(.badData, "the elements are '\(descr.shortened(to: 40))', not float16 or float32")
    }
  }

  /// - Parameter dtype: the name in a .safetensors header.
  /// - Throws: `.badData` without a place for any other element.
  init(safetensors dtype: String) throws(AufdbError) {
    switch dtype {
    case "F16": self = .float16
    case "BF16": self = .bfloat16
    case "F32": self = .float32
    case "F64":
      throw AufdbError(
        .badData, "the elements (F64) are float64", hint: "convert them to float32, or to float16, before saving")
    default: throw AufdbError(.badData, "the elements are \(dtype.shortened(to: 40)), not F16, BF16 or F32")
    }
  }
}
