// Scratch memory for kernels.

/// Floats in memory of their own that begins at a cache line, so that no vector lies across two; without values at first.
struct AlignedFloats: ~Copyable {
  let start: UnsafeMutablePointer<Float>

  init(count: Int) {
    start = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * MemoryLayout<Float>.stride, alignment: 64)
      .bindMemory(to: Float.self, capacity: max(1, count))
  }

  deinit { start.deallocate() }
}
