// Streaming gzip decompression: any number of members one after another, as gzip, pigz and bgzip write them.

import CZlib

/// Decompresses gzip data as it comes.
final class GzipDecoder: StreamDecoder {
  // On the heap, because zlib keeps its address.
  private let stream: UnsafeMutablePointer<z_stream>
  private var isInLaterMember = false
  private(set) var isAtFrameEnd = false

  init() throws(DecodingFailure) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 + 16: the largest window, and gzip's header instead of zlib's.
    guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      stream.deallocate()
      throw .outOfMemory
    }
    self.stream = stream
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func decode(
    _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) -> Int {
    if isAtFrameEnd {
      guard let next = input.first else { return 0 }
      guard next == 0x1F else { throw .trailingData }
      inflateReset(stream)
      isAtFrameEnd = false
      isInLaterMember = true
    }
    let inputCount = UInt32(clamping: input.count)
    let outputCount = UInt32(clamping: output.count)
    stream.pointee.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress)?
      .assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = inputCount
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = outputCount
    let status = inflate(stream, Z_NO_FLUSH)
    input = UnsafeRawBufferPointer(rebasing: input[Int(inputCount - stream.pointee.avail_in)...])
    switch status {
    case Z_STREAM_END: isAtFrameEnd = true
    // Z_BUF_ERROR only says that nothing could be done with what is there.
    case Z_OK, Z_BUF_ERROR: break
    case Z_MEM_ERROR: throw .outOfMemory
    default: throw isInLaterMember && stream.pointee.total_out == 0 ? .trailingData : .corrupt
    }
    return Int(outputCount - stream.pointee.avail_out)
  }
}
