// The product for one pair of element types; CMatrix.c includes this file once for each.
//
//   NAME(x)  makes names that differ between the inclusions
//   IN       the element type of A and B, in which a run is summed
//   OUT      the element type of C
//   VIEW     the view type of IN
//
// C is made in blocks of BLOCK_ROWS rows. Of each, a run of RUN columns of A is packed, six rows side by side, and
// stays in the second-level cache; against it go panels of B, LANES columns wide, which stay in the first level. The
// innermost function makes a tile of C, 6 x LANES, in registers.

#define LANES (64 / sizeof(IN))
// About 100 kB of A, in whole tiles.
#define BLOCK_ROWS (TILE_ROWS * (64 / sizeof(IN)))

typedef IN NAME(Lanes) __attribute__((vector_size(64)));
// The same vector at any address that an IN may have.
typedef IN NAME(LooseLanes) __attribute__((vector_size(64), aligned(sizeof(IN)), may_alias));

// tile = A B over one run: a is packed, b has rows b_step apart.
INLINE void NAME(tile)(size_t run, const IN *a, const IN *b, size_t b_step, IN *tile) {
  typedef NAME(Lanes) Lanes;
  const Lanes zero = {0};
  Lanes sum0 = zero, sum1 = zero, sum2 = zero, sum3 = zero, sum4 = zero, sum5 = zero;
  for (size_t p = 0; p < run; p++, a += TILE_ROWS, b += b_step) {
    const Lanes row = *(const NAME(LooseLanes) *)b;
    // A scalar less a vector of zeros is how both Clang and GCC spell a broadcast.
    sum0 = MULTIPLY_ADD(a[0] - zero, row, sum0);
    sum1 = MULTIPLY_ADD(a[1] - zero, row, sum1);
    sum2 = MULTIPLY_ADD(a[2] - zero, row, sum2);
    sum3 = MULTIPLY_ADD(a[3] - zero, row, sum3);
    sum4 = MULTIPLY_ADD(a[4] - zero, row, sum4);
    sum5 = MULTIPLY_ADD(a[5] - zero, row, sum5);
  }
  Lanes *rows = (Lanes *)tile;
  rows[0] = sum0;
  rows[1] = sum1;
  rows[2] = sum2;
  rows[3] = sum3;
  rows[4] = sum4;
  rows[5] = sum5;
}

// Copies rows of A into panels of TILE_ROWS rows, column after column; rows that aren't there are zeros.
INLINE void NAME(pack_rows)(size_t rows, size_t run, VIEW a, IN *packed) {
  for (size_t i = 0; i < rows; i += TILE_ROWS, packed += TILE_ROWS * run) {
    const size_t present = rows - i < TILE_ROWS ? rows - i : TILE_ROWS;
    for (size_t r = 0; r < TILE_ROWS; r++) {
      const IN *from = a.start + (i + r) * a.row_step;
      for (size_t p = 0; p < run; p++) packed[p * TILE_ROWS + r] = r < present ? from[p * a.column_step] : 0;
    }
  }
}

// Copies up to LANES columns of B into a panel; columns that aren't there are zeros.
INLINE void NAME(pack_panel)(size_t columns, size_t run, VIEW b, IN *panel) {
  if (columns == LANES && b.column_step == 1) {
    for (size_t p = 0; p < run; p++)
      *(NAME(Lanes) *)(panel + p * LANES) = *(const NAME(LooseLanes) *)(b.start + p * b.row_step);
    return;
  }
  for (size_t l = 0; l < LANES; l++)
    for (size_t p = 0; p < run; p++)
      panel[p * LANES + l] = l < columns ? b.start[p * b.row_step + l * b.column_step] : 0;
}

// Puts the part of a tile that exists into C. `below` is how far the tile's first row lies below the diagonal element
// of its first column; only the columns up to the diagonal are touched if only_lower.
INLINE void NAME(put_tile)(size_t rows, size_t columns, OUT alpha, const IN *tile, OUT beta, OUT *c, size_t c_row_step,
                           int only_lower, ptrdiff_t below) {
  for (size_t r = 0; r < rows; r++, tile += LANES, c += c_row_step) {
    size_t width = columns;
    if (only_lower) {
      const ptrdiff_t limit = below + (ptrdiff_t)r + 1;
      if (limit <= 0) continue;
      if ((size_t)limit < width) width = (size_t)limit;
    }
    if (beta == 0)
      for (size_t l = 0; l < width; l++) c[l] = alpha * (OUT)tile[l];
    else
      for (size_t l = 0; l < width; l++) c[l] = beta * c[l] + alpha * (OUT)tile[l];
  }
}

// One block of rows of C against one run of the inner index.
INLINE void NAME(block)(size_t first_row, size_t rows, size_t n, size_t run, OUT alpha, const IN *packed, VIEW b,
                        OUT beta, OUT *c, size_t c_row_step, int only_lower) {
  _Alignas(64) IN panel[RUN * LANES];
  _Alignas(64) IN tile[TILE_ROWS * LANES];
  const size_t end = only_lower && first_row + rows < n ? first_row + rows : n;
  for (size_t j = 0; j < end; j += LANES) {
    const size_t columns = n - j < LANES ? n - j : LANES;
    VIEW part = b;
    part.start += j * b.column_step;
    const IN *panel_start = panel;
    size_t panel_step = LANES;
    if (columns == LANES && b.column_step == 1 && rows <= UNPACKED_ROWS) {
      // So few rows don't repay the copy.
      panel_start = part.start;
      panel_step = b.row_step;
    } else {
      NAME(pack_panel)(columns, run, part, panel);
    }
    for (size_t i = 0; i < rows; i += TILE_ROWS) {
      const size_t present = rows - i < TILE_ROWS ? rows - i : TILE_ROWS;
      if (only_lower && first_row + i + present <= j) continue;
      NAME(tile)(run, packed + i * run, panel_start, panel_step, tile);
      NAME(put_tile)(present, columns, alpha, tile, beta, c + i * c_row_step + j, c_row_step, only_lower,
                     (ptrdiff_t)(first_row + i) - (ptrdiff_t)j);
    }
  }
}

INLINE void NAME(multiply)(size_t m, size_t n, size_t k, OUT alpha, VIEW a, VIEW b, OUT beta, OUT *c,
                           size_t c_row_step, int only_lower) {
  _Alignas(64) IN packed[BLOCK_ROWS * RUN];
  if (n == 0) return;
  for (size_t i = 0; i < m; i += BLOCK_ROWS) {
    const size_t rows = m - i < BLOCK_ROWS ? m - i : BLOCK_ROWS;
    OUT keep = beta;
    // Once through even if k = 0: beta is then all there is to do.
    size_t p = 0;
    do {
      const size_t run = k - p < RUN ? k - p : RUN;
      VIEW left = a, right = b;
      if (run > 0) {
        left.start += i * a.row_step + p * a.column_step;
        right.start += p * b.row_step;
      }
      NAME(pack_rows)(rows, run, left, packed);
      NAME(block)(i, rows, n, run, alpha, packed, right, keep, c + i * c_row_step, c_row_step, only_lower);
      keep = 1;
      p += RUN;
    } while (p < k);
  }
}

#undef LANES
#undef BLOCK_ROWS
