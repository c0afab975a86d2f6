// The products of a vector with others as they are stored, one after the other: what a search for the nearest reads.
//
// All is computed in double precision. The product of two elements is exact then, whether they are of 16 or 32 bits, so
// that it doesn't matter to the bits whether a processor can add to a product in one step. Lane l sums the elements l,
// l + 16, l + 32 ..., and the lanes are added in pairs that are 8, 4, 2 and 1 apart. So the bits are the same on every
// processor.
//
// A sum of n products is off by at most (n / 16 + 5) 2^-53 times the sum of their magnitudes: each product passes
// through so many additions (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., 2002, section 4.2). For
// a cosine of 384 dimensions that is 3.3e-15.
#ifndef AUFDB_VECTORS_H
#define AUFDB_VECTORS_H

#include <stddef.h>

/// Sums over the elements of two vectors.
typedef struct {
  /// Of one's element times the other's. Infinite or NaN if, and only if, an element of either is.
  double product;
  /// Of the stored vector's elements squared. Infinite or NaN if, and only if, one of them is.
  double squares;
} AufdbVectorSums;

/// The sums of a vector and a stored one of n IEEE binary16 elements, little-endian, at any address. n may be 0.
AufdbVectorSums aufdb_sums_with_halves(size_t n, const float *vector, const void *stored);

/// The sums of a vector and a stored one of n IEEE binary32 elements, little-endian, at any address. n may be 0.
AufdbVectorSums aufdb_sums_with_singles(size_t n, const float *vector, const void *stored);

#endif
