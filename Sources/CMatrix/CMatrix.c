// Products of matrices for single and double precision: ProductTemplate.h, compiled for each pair of types.
#include "CMatrix.h"

#include "Processors.h"

// Six rows of two AVX2 vectors are twelve sums: with the row of B and the broadcast they fill the sixteen registers.
#define TILE_ROWS 6
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
