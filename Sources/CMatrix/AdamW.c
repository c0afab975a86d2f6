// A step's last passes over the parameters; AdamW.h says what they compute.
#include "AdamW.h"

#include "Lanes.h"

EVERY_PROCESSOR
AufdbSquares aufdb_add_pull(size_t n, const float *weights, const float *initial, float factor, float *gradient) {
  const Lanes zero = {0}, factors = factor - zero;
  DoubleLanes gradients = {0}, distances = {0};
  for (size_t i = 0; i < n; i += LANES) {
    const size_t count = n - i < LANES ? n - i : LANES;
    const Lanes distance = load_lanes(weights + i, count) - load_lanes(initial + i, count);
    const Lanes sum = MULTIPLY_ADD(factors, distance, load_lanes(gradient + i, count));
    store_lanes(sum, gradient + i, count);
    const DoubleLanes wide = __builtin_convertvector(sum, DoubleLanes);
    const DoubleLanes wide_distance = __builtin_convertvector(distance, DoubleLanes);
    gradients = MULTIPLY_ADD(wide, wide, gradients);
    distances = MULTIPLY_ADD(wide_distance, wide_distance, distances);
  }
  AufdbSquares squares = {0, 0};
  for (size_t l = 0; l < LANES; l++) {
    squares.gradient += gradients[l];
    squares.distance += distances[l];
  }
  return squares;
}

EVERY_PROCESSOR
int aufdb_adamw(size_t n, AufdbAdamW step, const float *gradient, float *weights, float *first_moments,
                float *second_moments) {
  const Lanes zero = {0};
  // Grows to NaN with the first weight that isn't finite, and stays so.
  Lanes trace = zero;
  for (size_t i = 0; i < n; i += LANES) {
    const size_t count = n - i < LANES ? n - i : LANES;
    const Lanes g = (step.shortening - zero) * load_lanes(gradient + i, count);
    const Lanes m = MULTIPLY_ADD(step.first_beta - zero, load_lanes(first_moments + i, count),
                                 (step.first_rest - zero) * g);
    const Lanes v = MULTIPLY_ADD(step.second_beta - zero, load_lanes(second_moments + i, count),
                                 (step.second_rest - zero) * g * g);
    const Lanes width = MULTIPLY_ADD(__builtin_elementwise_sqrt(v), step.inverse_bias - zero, step.epsilon - zero);
    const Lanes w = load_lanes(weights + i, count) - (step.rate - zero) * m / width;
    store_lanes(m, first_moments + i, count);
    store_lanes(v, second_moments + i, count);
    store_lanes(w, weights + i, count);
    trace += w * zero;
  }
  for (size_t l = 0; l < LANES; l++)
    if (trace[l] != 0) return 0;
  return 1;
}
