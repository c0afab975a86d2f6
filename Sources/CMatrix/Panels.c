// Products with panels, compiled for tiles of two shapes; Panels.h says what they compute.
#include "Panels.h"

#include "Lanes.h"

#define NAME(x) narrow_##x
// Six rows of two AVX2 vectors are twelve sums: with a row of B and the broadcast they fill the sixteen registers.
#define TILE_ROWS 6
#define TILE_STEPS 1
#include "PanelTemplate.h"
#undef NAME
#undef TILE_ROWS
#undef TILE_STEPS

EVERY_PROCESSOR
static void multiply_narrow(size_t rows, size_t columns, size_t k, AufdbPanelFactor a, const float *b,
                            size_t b_panel_step, float *c, size_t c_row_step, size_t c_panel_step,
                            AufdbPanelFinish finish) {
  narrow_multiply(rows, columns, k, a, b, b_panel_step, c, c_row_step, c_panel_step, finish);
}

#if HAS_PROCESSOR_VERSIONS
#define NAME(x) wide_##x
// Sixteen sums of the 32 registers that AVX-512 has: enough to keep two multipliers busy, whose results take four
// cycles; and the rows of most layers come in eights.
#define TILE_ROWS 8
#define TILE_STEPS 2
#include "PanelTemplate.h"

__attribute__((target("arch=x86-64-v4")))
static void multiply_wide(size_t rows, size_t columns, size_t k, AufdbPanelFactor a, const float *b,
                          size_t b_panel_step, float *c, size_t c_row_step, size_t c_panel_step,
                          AufdbPanelFinish finish) {
  wide_multiply(rows, columns, k, a, b, b_panel_step, c, c_row_step, c_panel_step, finish);
}
#endif

void aufdb_multiply_panels(size_t rows, size_t columns, size_t k, AufdbPanelFactor a, const float *b,
                           size_t b_panel_step, float *c, size_t c_row_step, size_t c_panel_step,
                           AufdbPanelFinish finish) {
#if HAS_PROCESSOR_VERSIONS
  if (__builtin_cpu_supports("x86-64-v4")) {
    multiply_wide(rows, columns, k, a, b, b_panel_step, c, c_row_step, c_panel_step, finish);
    return;
  }
#endif
  multiply_narrow(rows, columns, k, a, b, b_panel_step, c, c_row_step, c_panel_step, finish);
}

// Exchanges the two dimensions of a square of 16 numbers a side, in four rounds: each exchanges the halves of pairs of
// vectors that are 8, 4, 2 and 1 apart.
INLINE void exchange_square(Lanes *square) {
#define EXCHANGE(i, k, low, high)                                  \
  do {                                                             \
    const Lanes first = square[i], second = square[(i) + (k)];     \
    square[i] = __builtin_shufflevector(first, second, low);       \
    square[(i) + (k)] = __builtin_shufflevector(first, second, high); \
  } while (0)
#define LOW8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define HIGH8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
#define LOW4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define HIGH4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define LOW2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LOW1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define HIGH1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31
#pragma GCC unroll 16
  for (size_t i = 0; i < 8; i++) EXCHANGE(i, 8, LOW8, HIGH8);
#pragma GCC unroll 16
  for (size_t i = 0; i < 8; i++) EXCHANGE(i / 4 * 8 + i % 4, 4, LOW4, HIGH4);
#pragma GCC unroll 16
  for (size_t i = 0; i < 8; i++) EXCHANGE(i / 2 * 4 + i % 2, 2, LOW2, HIGH2);
#pragma GCC unroll 16
  for (size_t i = 0; i < 8; i++) EXCHANGE(i * 2, 1, LOW1, HIGH1);
}

EVERY_PROCESSOR
void aufdb_pack_lanes(size_t rows, size_t columns, const float *start, size_t row_step, size_t column_step,
                      float *panels) {
  for (size_t i = 0; i < rows; i += LANES) {
    const size_t present = rows - i < LANES ? rows - i : LANES;
    float *lanes = panels + i / AUFDB_PANEL_LANES * AUFDB_PANEL_LANES * columns + i % AUFDB_PANEL_LANES;
    for (size_t j = 0; j < columns; j += LANES) {
      const size_t width = columns - j < LANES ? columns - j : LANES;
      Lanes square[LANES] = {{0}};
      for (size_t r = 0; r < present; r++) {
        const float *row = start + (i + r) * row_step + j * column_step;
        if (column_step == 1)
          square[r] = load_lanes(row, width);
        else
          for (size_t l = 0; l < width; l++) square[r][l] = row[l * column_step];
      }
      exchange_square(square);
      for (size_t l = 0; l < width; l++) store_lanes(square[l], lanes + (j + l) * AUFDB_PANEL_LANES, LANES);
    }
  }
  // The other half of the last panel, if no row reaches it.
  const size_t half = rows % AUFDB_PANEL_LANES;
  if (half > 0 && half <= LANES) {
    const Lanes zero = {0};
    float *lanes = panels + rows / AUFDB_PANEL_LANES * AUFDB_PANEL_LANES * columns + LANES;
    for (size_t j = 0; j < columns; j++) store_lanes(zero, lanes + j * AUFDB_PANEL_LANES, LANES);
  }
}

EVERY_PROCESSOR
void aufdb_exchange_panels(size_t panels, size_t units, const float *from, float *to) {
  const size_t responses = panels * AUFDB_PANEL_LANES;
  for (size_t j = 0; j < units; j += LANES) {
    const size_t width = units - j < LANES ? units - j : LANES;
    float *lanes = to + j / AUFDB_PANEL_LANES * AUFDB_PANEL_LANES * responses + j % AUFDB_PANEL_LANES;
    for (size_t i = 0; i < responses; i += LANES) {
      const float *square_start =
          from + (i / AUFDB_PANEL_LANES * units + j) * AUFDB_PANEL_LANES + i % AUFDB_PANEL_LANES;
      Lanes square[LANES] = {{0}};
      for (size_t l = 0; l < width; l++) square[l] = load_lanes(square_start + l * AUFDB_PANEL_LANES, LANES);
      exchange_square(square);
      for (size_t r = 0; r < LANES; r++) store_lanes(square[r], lanes + (i + r) * AUFDB_PANEL_LANES, LANES);
    }
  }
  const size_t half = units % AUFDB_PANEL_LANES;
  if (half > 0 && half <= LANES) {
    const Lanes zero = {0};
    float *lanes = to + units / AUFDB_PANEL_LANES * AUFDB_PANEL_LANES * responses + LANES;
    for (size_t i = 0; i < responses; i++) store_lanes(zero, lanes + i * AUFDB_PANEL_LANES, LANES);
  }
}

EVERY_PROCESSOR
void aufdb_sum_lanes(size_t panels, size_t units, const float *from, const float *factors, float *sums) {
  for (size_t j = 0; j < units; j++) {
    Lanes sum = {0};
    // Lane by lane through all panels: what stands in the same lane of two panels that follow each other, and differs in
    // its sign alone, leaves nothing behind.
    for (size_t s = 0; s < AUFDB_PANEL_LANES; s += LANES)
      for (size_t q = 0; q < panels; q++) {
        const Lanes lanes = load_lanes(from + (q * units + j) * AUFDB_PANEL_LANES + s, LANES);
        sum = factors ? MULTIPLY_ADD(lanes, load_lanes(factors + q * AUFDB_PANEL_LANES + s, LANES), sum) : sum + lanes;
      }
    float total = 0;
    for (size_t l = 0; l < LANES; l++) total += sum[l];
    sums[j] = total;
  }
}

EVERY_PROCESSOR
size_t aufdb_first_beyond(size_t n, const float *elements, float limit) {
  const Lanes zero = {0};
  IntLanes beyond = {0};
  for (size_t i = 0; i < n; i += LANES) {
    const size_t count = n - i < LANES ? n - i : LANES;
    // NaN compares false.
    beyond |= ~(magnitudes(load_lanes(elements + i, count)) <= limit - zero);
  }
  int is_beyond = 0;
  for (size_t l = 0; l < LANES; l++) is_beyond |= beyond[l];
  for (size_t i = 0; is_beyond && i < n; i++)
    if (!(elements[i] <= limit && -elements[i] <= limit)) return i;
  return n;
}
