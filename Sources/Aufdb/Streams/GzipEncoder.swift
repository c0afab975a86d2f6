// Streaming gzip compression, for the trainers that open nothing else.
//
// zlib writes no file name and no time into the header unless told to: the same content gives the same bytes.

import CZlib

/// Compresses data into one gzip member.
final class GzipEncoder: StreamEncoder {
  // On the heap, because zlib keeps its address.
  private let stream: UnsafeMutablePointer<z_stream>

  init(level: Int) throws(EncodingFailure) {
    guard (1...9).contains(level) else { throw .invalidParameter("gzip level \(level)") }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 + 16: the largest window, and gzip's header instead of zlib's. 8 is zlib's own choice for its tables.
    let status = deflateInit2_(
      stream, Int32(level), Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      stream.deallocate()
      throw .outOfMemory
    }
    self.stream = stream
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func encode(
    _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, isLast: Bool
  ) throws(EncodingFailure) -> (count: Int, isDone: Bool) {
    let inputCount = UInt32(clamping: input.count)
    let outputCount = UInt32(clamping: output.count)
    stream.pointee.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress)?
      .assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = inputCount
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = outputCount
    let isFinish = isLast && Int(inputCount) == input.count
    let status = deflate(stream, isFinish ? Z_FINISH : Z_NO_FLUSH)
    guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
      throw .failed("zlib error \(status)")
    }
    input = UnsafeRawBufferPointer(rebasing: input[Int(inputCount - stream.pointee.avail_in)...])
    return (Int(outputCount - stream.pointee.avail_out), isLast ? status == Z_STREAM_END : input.isEmpty)
  }
}
