// Dense matrix products in single and double precision, for AufdbReward; Vectors.h is for searches.
//
// Why C: the loops need fused multiply-adds on vectors as wide as the processor has, chosen when the program runs.
// Clang makes one version of each function for every level of x86-64 that matters; Swift has no such attribute.
//
// Every element of a product is a chain of fused multiply-adds in the order of the inner index, cut into runs of 256
// whose sums are added up in order. That holds for every vector width, shape and memory layout, so that the same
// numbers give the same bits on every processor, and a block of a product has the bits that the whole would have.
// (A processor without fused multiply-add gets them from the C library: right, but many times slower.)
//
// All functions are single-threaded and allocate nothing; they take about 120 kB of stack.
#ifndef AUFDB_CMATRIX_H
#define AUFDB_CMATRIX_H

#include <stddef.h>

#include "AdamW.h"
#include "Panels.h"
#include "Vectors.h"

/// A matrix of floats somewhere in memory: element (i, j) is start[i * row_step + j * column_step].
typedef struct {
  const float *start;
  size_t row_step;
  size_t column_step;
} AufdbFloatView;

/// A matrix of doubles somewhere in memory: element (i, j) is start[i * row_step + j * column_step].
typedef struct {
  const double *start;
  size_t row_step;
  size_t column_step;
} AufdbDoubleView;

/// C = beta C + alpha A B, where A is m x k, B is k x n, and C is m x n with rows c_row_step apart.
///
/// With beta = 0, C is not read. With only_lower, elements above C's diagonal are left as they are. C overlaps neither
/// A nor B. Any of m, n and k may be 0; what is then empty may be a null pointer.
void aufdb_multiply_float(size_t m, size_t n, size_t k, float alpha, AufdbFloatView a, AufdbFloatView b, float beta,
                          float *c, size_t c_row_step, int only_lower);

/// The same in double precision.
void aufdb_multiply_double(size_t m, size_t n, size_t k, double alpha, AufdbDoubleView a, AufdbDoubleView b,
                           double beta, double *c, size_t c_row_step, int only_lower);

/// Adds Z'Z to the lower triangle of the n x n matrix C, where Z is k x n, row-major without gaps, and so is C.
///
/// The products are summed in single precision over runs of 256 rows, and the runs in double precision.
void aufdb_add_gram(size_t n, size_t k, const float *z, double *c);

#endif
