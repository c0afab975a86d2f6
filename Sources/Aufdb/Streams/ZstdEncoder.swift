// Streaming zstd compression whose bytes depend on nothing but the content, the level, whether there are workers, the
// size of their jobs, and the library's version. How many workers there are changes nothing: what a job holds is decided
// by the content alone, and each is compressed by itself.
//
// The size of the content is never told: it is not known, and libzstd would choose other parameters for small ones.
// Each frame ends with a checksum of its content, so that damage shows when it is read.

import CZstd

/// Compresses data into one zstd frame.
final class ZstdEncoder: StreamEncoder {
  private let context: OpaquePointer

  init(level: Int, workerCount: Int, jobBytes: Int = 0) throws(EncodingFailure) {
    guard let context = ZSTD_createCCtx() else { throw .outOfMemory }
    self.context = context
    guard (1...19).contains(level) else { throw .invalidParameter("zstd level \(level)") }
    try set(ZSTD_c_compressionLevel, level, "zstd level \(level)")
    try set(ZSTD_c_checksumFlag, 1, "a checksum")
    try set(ZSTD_c_nbWorkers, workerCount, "\(workerCount) zstd workers")
    if workerCount > 0 { try set(ZSTD_c_jobSize, jobBytes, "zstd jobs of \(jobBytes) bytes") }
  }

  deinit { ZSTD_freeCCtx(context) }

  private func set(_ parameter: ZSTD_cParameter, _ value: Int, _ words: String) throws(EncodingFailure) {
    let status = ZSTD_CCtx_setParameter(context, parameter, Int32(clamping: value))
    guard ZSTD_isError(status) == 0 else { throw .invalidParameter(words) }
  }

  func encode(
    _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, isLast: Bool
  ) throws(EncodingFailure) -> (count: Int, isDone: Bool) {
    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let status = ZSTD_compressStream2(context, &target, &source, isLast ? ZSTD_e_end : ZSTD_e_continue)
    guard ZSTD_isError(status) == 0 else { throw .failed(String(cString: ZSTD_getErrorName(status))) }
    input = UnsafeRawBufferPointer(rebasing: input[source.pos...])
    return (target.pos, isLast ? status == 0 : input.isEmpty)
  }
}
