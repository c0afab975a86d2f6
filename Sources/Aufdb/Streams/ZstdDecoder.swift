// Streaming zstd decompression: any number of frames one after another, skippable ones among them.
//
// The window limit bounds memory: a frame that asks for more than 128 MiB of history is refused, as the zstd command
// does by default.

import CZstd

/// Decompresses zstd data as it comes.
final class ZstdDecoder: StreamDecoder {
  /// The logarithm of the largest window that is decoded: 2^27 bytes.
  static let windowLogLimit: Int32 = 27

  private let context: OpaquePointer
  private(set) var isAtFrameEnd = false

  init() throws(DecodingFailure) {
    guard let context = ZSTD_createDCtx() else { throw .outOfMemory }
    self.context = context
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLogLimit)
  }

  deinit { ZSTD_freeDCtx(context) }

  func decode(
    _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) -> Int {
    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let status = ZSTD_decompressStream(context, &target, &source)
    if ZSTD_isError(status) != 0 { throw failure(for: status) }
    input = UnsafeRawBufferPointer(rebasing: input[source.pos...])
    isAtFrameEnd = status == 0
    return target.pos
  }

  private func failure(for status: Int) -> DecodingFailure {
    switch ZSTD_getErrorCode(status) {
    case ZSTD_error_memory_allocation: .outOfMemory
    case ZSTD_error_frameParameter_windowTooLarge: .windowTooLarge
    case ZSTD_error_dictionary_wrong: .needsDictionary
    case ZSTD_error_checksum_wrong: .checksum
    // The first frame's magic number was seen before; so this is what follows a frame.
    case ZSTD_error_prefix_unknown: .trailingData
    default: .corrupt
    }
  }
}
