// What one head of an ensemble needs, forwards and backwards: products of its weights with batches of responses.
//
// A batch lies in panels of 32 responses: for each unit (an input, a hidden unit) 32 numbers side by side, one a
// response, and unit after unit. So a linear map is a product whose right factor and result are panels, a bias and the
// rectifier are a step on whole vectors while the sums are still at hand, and the result is the next map's right
// factor as it is. The last panel of a batch is filled up with zeros.
//
// The sums are those of CMatrix.h: a chain of fused multiply-adds in the order of the inner index, in runs of 256. All
// that is summed over lanes is summed in a fixed order. So the bits are the same on every processor. All functions are
// single-threaded and allocate nothing.
#ifndef AUFDB_PANELS_H
#define AUFDB_PANELS_H

#include <stddef.h>

/// The responses of a panel.
#define AUFDB_PANEL_LANES 32

/// The left factor: element (i, p) is start[i * row_step + p % 32 * column_step + p / 32 * segment_step], so that the
/// inner index may run over the lanes of one panel after the other.
typedef struct {
  const float *start;
  size_t row_step;
  size_t column_step;
  size_t segment_step;
} AufdbPanelFactor;

/// What is done to the elements of a product once they are summed.
typedef struct {
  /// One a row, or null. Element (i, j) becomes the greater of 0 and itself plus biases[i]; NaN stays NaN.
  const float *biases;
  /// Panels as C's, with rows 32 apart, or null. Where the mask isn't above 0, the element becomes 0.
  const float *mask;
  size_t mask_panel_step;
} AufdbPanelFinish;

/// C = A B, where A is rows x k, and B is k x columns in panels: rows 32 apart.
///
/// C has c_row_step between rows, and c_panel_step between 32 columns and the next 32; only `columns` of its columns are
/// touched. k is at least 1. C overlaps neither A nor B.
void aufdb_multiply_panels(size_t rows, size_t columns, size_t k, AufdbPanelFactor a, const float *b,
                           size_t b_panel_step, float *c, size_t c_row_step, size_t c_panel_step,
                           AufdbPanelFinish finish);

/// Puts the rows of a matrix into the lanes of panels: panel q has `columns` units, whose lane l is row 32 q + l.
///
/// Element (i, j) of the matrix is start[i * row_step + j * column_step]. Lanes without a row become 0.
void aufdb_pack_lanes(size_t rows, size_t columns, const float *start, size_t row_step, size_t column_step,
                      float *panels);

/// Exchanges units and lanes: panel q of the result has the responses of all panels as its units, of which unit i has
/// in its lane l what response i has of unit 32 q + l. Units that aren't there become 0.
///
/// The result has ceil(units / 32) panels of 32 * panels units.
void aufdb_exchange_panels(size_t panels, size_t units, const float *from, float *to);

/// sums[j] = the sum over all lanes of unit j times the lane's factor; `factors` has one unit a panel, or is null.
void aufdb_sum_lanes(size_t panels, size_t units, const float *from, const float *factors, float *sums);

/// The index of the first element that isn't at most `limit` in magnitude, NaN included; n if there is none.
size_t aufdb_first_beyond(size_t n, const float *elements, float limit);

#endif
