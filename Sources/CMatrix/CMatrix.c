#include "CMatrix.h"

#if defined(__linux__)
#include <features.h>  // says whether the C library is glibc
#endif

#if defined(__clang__)
// Nothing is fused but what says so: else the bits would depend on the processor.
#pragma STDC FP_CONTRACT OFF
#define MULTIPLY_ADD(x, y, z) __builtin_elementwise_fma(x, y, z)
#else
// GCC fuses this by itself where the processor can.
#define MULTIPLY_ADD(x, y, z) ((x) * (y) + (z))
#endif

// Versions for the processors with AVX2 and AVX-512, picked when the program starts, where the compiler and the C
// library know how; elsewhere the one version that the compiler's target gives.
#if defined(__x86_64__) && defined(__GLIBC__) && \
    ((defined(__clang__) && __clang_major__ >= 16) || (!defined(__clang__) && defined(__GNUC__) && __GNUC__ >= 13))
#define EVERY_PROCESSOR __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define EVERY_PROCESSOR
#endif

// Every step is inlined into the versions of the functions below, so that it is compiled for each processor too.
#define INLINE static inline __attribute__((always_inline))

// Six rows of two AVX2 vectors are twelve sums: with the row of B and the broadcast they fill the sixteen registers.
#define TILE_ROWS 6
// How much of the inner index one pass takes: a panel of B is then 16 kB.
#define RUN 256
// Up to so many rows, B is read where it is.
#define UNPACKED_ROWS 24

#define NAME(x) float_##x
#define IN float
#define OUT float
#define VIEW AufdbFloatView
#include "ProductTemplate.h"
#undef NAME
#undef IN
#undef OUT
#undef VIEW

#define NAME(x) double_##x
#define IN double
#define OUT double
#define VIEW AufdbDoubleView
#include "ProductTemplate.h"
#undef NAME
#undef IN
#undef OUT
#undef VIEW

#define NAME(x) wide_##x
#define IN float
#define OUT double
#define VIEW AufdbFloatView
#include "ProductTemplate.h"
#undef NAME
#undef IN
#undef OUT
#undef VIEW

EVERY_PROCESSOR
void aufdb_multiply_float(size_t m, size_t n, size_t k, float alpha, AufdbFloatView a, AufdbFloatView b, float beta,
                          float *c, size_t c_row_step, int only_lower) {
  float_multiply(m, n, k, alpha, a, b, beta, c, c_row_step, only_lower);
}

EVERY_PROCESSOR
void aufdb_multiply_double(size_t m, size_t n, size_t k, double alpha, AufdbDoubleView a, AufdbDoubleView b,
                           double beta, double *c, size_t c_row_step, int only_lower) {
  double_multiply(m, n, k, alpha, a, b, beta, c, c_row_step, only_lower);
}

EVERY_PROCESSOR
void aufdb_add_gram(size_t n, size_t k, const float *z, double *c) {
  const AufdbFloatView columns = {z, 1, n}, rows = {z, n, 1};
  wide_multiply(n, n, k, 1, columns, rows, 1, c, n, 1);
}
