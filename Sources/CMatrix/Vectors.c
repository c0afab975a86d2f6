// Products of a vector with stored ones; Vectors.h says how they are summed up.
#include "Vectors.h"

#include "Lanes.h"

typedef unsigned short HalfLanes __attribute__((vector_size(32)));
typedef _Float16 FloatHalfLanes __attribute__((vector_size(32)));
typedef unsigned int WordLanes __attribute__((vector_size(64)));

// How the elements of a stored vector are read.
typedef enum {
  SINGLES,
  // By arithmetic on their bits, for processors that can't convert.
  HALVES_BY_BITS,
  HALVES_BY_CONVERSION,
} Elements;

// binary16 to binary32, exactly; FloatBits.swift explains the steps.
INLINE Lanes widened(HalfLanes lanes) {
  const WordLanes zero = {0};
  const WordLanes halves = __builtin_convertvector(lanes, WordLanes);
  const WordLanes magnitudes = (halves & 0x7FFF) << 13;
  const WordLanes normal = magnitudes + (112u << 23);
  const Lanes excess = (Lanes)(zero + (113u << 23));
  const WordLanes denormal = (WordLanes)((Lanes)(magnitudes + (113u << 23)) - excess);
  const WordLanes special = normal + (112u << 23);
  const WordLanes is_denormal = (WordLanes)(magnitudes < zero + (1u << 23));
  const WordLanes is_special = (WordLanes)(magnitudes >= zero + (31u << 23));
  const WordLanes finite = (denormal & is_denormal) | (normal & ~is_denormal);
  return (Lanes)((special & is_special) | (finite & ~is_special) | (halves & 0x8000) << 16);
}

// Up to LANES elements; those that aren't there are zeros.
INLINE Lanes load_elements(Elements elements, const char *stored, size_t i, size_t count) {
  if (elements == SINGLES) {
    Lanes lanes = {0};
    memcpy(&lanes, stored + i * sizeof(float), count == LANES ? sizeof lanes : count * sizeof(float));
    return lanes;
  }
  HalfLanes halves = {0};
  memcpy(&halves, stored + i * sizeof halves[0], count == LANES ? sizeof halves : count * sizeof halves[0]);
  if (elements == HALVES_BY_BITS) return widened(halves);
  return __builtin_convertvector((FloatHalfLanes)halves, Lanes);
}

INLINE double sum_of_lanes(DoubleLanes lanes) {
#pragma GCC unroll 4
  for (size_t width = LANES / 2; width > 0; width /= 2)
#pragma GCC unroll 8
    for (size_t l = 0; l < width; l++) lanes[l] += lanes[l + width];
  return lanes[0];
}

INLINE AufdbVectorSums sums(Elements elements, size_t n, const float *vector, const void *stored) {
  DoubleLanes products = {0}, squares = {0};
  size_t i = 0;
#define ADD(count)                                                                                \
  do {                                                                                            \
    const Lanes lanes = load_elements(elements, stored, i, count);                                \
    const DoubleLanes left = __builtin_convertvector(load_lanes(vector + i, count), DoubleLanes); \
    const DoubleLanes right = __builtin_convertvector(lanes, DoubleLanes);                        \
    products += left * right;                                                                     \
    squares += right * right;                                                                     \
  } while (0)
  for (; i + LANES <= n; i += LANES) ADD((size_t)LANES);
  if (i < n) ADD(n - i);
#undef ADD
  return (AufdbVectorSums){sum_of_lanes(products), sum_of_lanes(squares)};
}

EVERY_PROCESSOR
AufdbVectorSums aufdb_sums_with_singles(size_t n, const float *vector, const void *stored) {
  return sums(SINGLES, n, vector, stored);
}

#if HAS_PROCESSOR_VERSIONS
// Both levels have the instruction that converts (F16C).
__attribute__((target("arch=x86-64-v3")))
static AufdbVectorSums sums_on_v3(size_t n, const float *vector, const void *stored) {
  return sums(HALVES_BY_CONVERSION, n, vector, stored);
}

__attribute__((target("arch=x86-64-v4")))
static AufdbVectorSums sums_on_v4(size_t n, const float *vector, const void *stored) {
  return sums(HALVES_BY_CONVERSION, n, vector, stored);
}
#endif

AufdbVectorSums aufdb_sums_with_halves(size_t n, const float *vector, const void *stored) {
#if HAS_PROCESSOR_VERSIONS
  if (__builtin_cpu_supports("x86-64-v4")) return sums_on_v4(n, vector, stored);
  if (__builtin_cpu_supports("x86-64-v3")) return sums_on_v3(n, vector, stored);
#endif
  return sums(HALVES_BY_BITS, n, vector, stored);
}
