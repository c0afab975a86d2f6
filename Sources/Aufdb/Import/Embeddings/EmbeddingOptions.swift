// What an import of embeddings needs to know beside the file.

/// Whose vectors they are, and what they are of.
public struct EmbeddingOptions: Sendable, Equatable {
  /// The path of the index, or "-" for standard input; plain, zstd- or gzip-compressed. A line for each row of the
  /// matrix, in any order: EmbeddingIndexLine.swift tells what it looks like.
  public var index: String
  /// The name of what made the vectors.
  public var encoder: String
  /// Which tensor of a .safetensors file to take; nil: the only one.
  public var tensor: String?
  /// Whether float32 and bfloat16 elements are stored as float32, instead of being rounded to float16.
  public var keepsFloat32: Bool

  public init(index: String, encoder: String, tensor: String? = nil, keepsFloat32: Bool = false) {
    self.index = index
    self.encoder = encoder
    self.tensor = tensor
    self.keepsFloat32 = keepsFloat32
  }
}
