// The two passes over an ensemble's parameters that a step of training ends with, each of which reads and writes every
// number once. The bits are the same on every processor.
#ifndef AUFDB_ADAMW_H
#define AUFDB_ADAMW_H

#include <stddef.h>

/// The sums of squares of one part of the parameters.
typedef struct {
  double gradient;
  double distance;
} AufdbSquares;

/// Adds factor * (weights - initial) to the gradient; returns the sums of the squares of the gradient that results, and
/// of weights - initial. They are summed in double precision.
AufdbSquares aufdb_add_pull(size_t n, const float *weights, const float *initial, float factor, float *gradient);

/// The numbers of a step of AdamW, without weight decay.
typedef struct {
  /// What the gradient is multiplied with first.
  float shortening;
  float first_beta;
  float first_rest;
  float second_beta;
  float second_rest;
  /// The learning rate over 1 - first_beta^k.
  float rate;
  /// 1 / sqrt(1 - second_beta^k).
  float inverse_bias;
  float epsilon;
} AufdbAdamW;

/// m = first_beta m + first_rest g;  v = second_beta v + second_rest g^2;
/// w = w - rate m / (sqrt(v) inverse_bias + epsilon), where g = shortening * gradient.
///
/// Returns whether all weights are finite.
int aufdb_adamw(size_t n, AufdbAdamW step, const float *gradient, float *weights, float *first_moments,
                float *second_moments);

#endif
