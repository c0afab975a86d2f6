// Vectors of 16 floats: one register with AVX-512, two with AVX2, four elsewhere.
#ifndef AUFDB_LANES_H
#define AUFDB_LANES_H

#include <string.h>

#include "Processors.h"

#define LANES 16

// Vectors are passed to functions that are inlined, and so by no calling convention that a processor could change.
#pragma GCC diagnostic ignored "-Wpsabi"

typedef float Lanes __attribute__((vector_size(64)));
typedef int IntLanes __attribute__((vector_size(64)));
typedef double DoubleLanes __attribute__((vector_size(128)));
// The same vector at any address that a float may have.
typedef float LooseLanes __attribute__((vector_size(64), aligned(4), may_alias));

// Up to LANES floats; those that aren't there are zeros.
INLINE Lanes load_lanes(const float *from, size_t count) {
  if (count == LANES) return *(const LooseLanes *)from;
  Lanes lanes = {0};
  memcpy(&lanes, from, count * sizeof(float));
  return lanes;
}

INLINE void store_lanes(Lanes lanes, float *to, size_t count) {
  if (count == LANES)
    *(LooseLanes *)to = lanes;
  else
    memcpy(to, &lanes, count * sizeof(float));
}

// The greater of 0 and each lane; NaN stays NaN, so that it shows in the end.
INLINE Lanes rectified(Lanes lanes) {
  const Lanes zero = {0};
  return (Lanes)((IntLanes)lanes & ~(lanes < zero));
}

// The magnitude of each lane.
INLINE Lanes magnitudes(Lanes lanes) {
  const IntLanes none = {0};
  return (Lanes)((IntLanes)lanes & (0x7FFFFFFF - none));
}

#endif
