// The product of panels for one shape of tile; CPanels.c includes this file once for each.
//
//   NAME(x)     makes names that differ between the inclusions
//   TILE_ROWS   the rows of a tile, whose sums stay in registers
//   TILE_STEPS  its width in vectors of 16 lanes: 1 or 2

// C = A B over at most RUN of the inner index, for one tile; rows that aren't there repeat the last one. tile_rows is
// known when this is compiled.
INLINE void NAME(tile)(const size_t tile_rows, size_t rows, size_t run, AufdbPanelFactor a, const float *b,
                       Lanes *tile) {
  const Lanes zero = {0};
  const float *row[TILE_ROWS];
  Lanes sums[TILE_ROWS][TILE_STEPS];
#pragma GCC unroll 16
  for (size_t r = 0; r < tile_rows; r++) {
    row[r] = a.start + (r < rows ? r : rows - 1) * a.row_step;
#pragma GCC unroll 2
    for (size_t s = 0; s < TILE_STEPS; s++) sums[r][s] = zero;
  }
  for (size_t done = 0; done < run; done += AUFDB_PANEL_LANES) {
    const size_t count = run - done < AUFDB_PANEL_LANES ? run - done : AUFDB_PANEL_LANES;
    for (size_t p = 0; p < count; p++, b += AUFDB_PANEL_LANES) {
      Lanes right[TILE_STEPS];
#pragma GCC unroll 2
      for (size_t s = 0; s < TILE_STEPS; s++) right[s] = *(const LooseLanes *)(b + s * LANES);
#pragma GCC unroll 16
      for (size_t r = 0; r < tile_rows; r++) {
        // A scalar less a vector of zeros is how both Clang and GCC spell a broadcast.
        const Lanes left = row[r][p * a.column_step] - zero;
#pragma GCC unroll 2
        for (size_t s = 0; s < TILE_STEPS; s++) sums[r][s] = MULTIPLY_ADD(left, right[s], sums[r][s]);
      }
    }
#pragma GCC unroll 16
    for (size_t r = 0; r < tile_rows; r++) row[r] += a.segment_step;
  }
#pragma GCC unroll 16
  for (size_t r = 0; r < tile_rows; r++)
#pragma GCC unroll 2
    for (size_t s = 0; s < TILE_STEPS; s++) tile[r * TILE_STEPS + s] = sums[r][s];
}

// Puts a tile into C: adds it unless it is the first run, and finishes the elements if it is the last one.
INLINE void NAME(put)(size_t rows, size_t lanes, const Lanes *tile, float *c, size_t c_row_step, int is_first,
                      int is_last, AufdbPanelFinish finish) {
  const Lanes zero = {0};
  for (size_t r = 0; r < rows; r++, c += c_row_step) {
    for (size_t s = 0; s < TILE_STEPS && s * LANES < lanes; s++) {
      const size_t count = lanes - s * LANES < LANES ? lanes - s * LANES : LANES;
      Lanes sum = tile[r * TILE_STEPS + s];
      if (!is_first) sum = load_lanes(c + s * LANES, count) + sum;
      if (is_last && finish.biases) sum = rectified(sum + (finish.biases[r] - zero));
      if (is_last && finish.mask) {
        const Lanes mask = *(const LooseLanes *)(finish.mask + r * AUFDB_PANEL_LANES + s * LANES);
        sum = (Lanes)((IntLanes)sum & (mask > zero));
      }
      store_lanes(sum, c + s * LANES, count);
    }
  }
}

INLINE void NAME(multiply)(size_t rows, size_t columns, size_t k, AufdbPanelFactor a, const float *b,
                           size_t b_panel_step, float *c, size_t c_row_step, size_t c_panel_step,
                           AufdbPanelFinish finish) {
  Lanes tile[TILE_ROWS * TILE_STEPS];
  for (size_t done = 0; done < k; done += RUN) {
    const size_t run = k - done < RUN ? k - done : RUN;
    AufdbPanelFactor left = a;
    left.start += done / AUFDB_PANEL_LANES * a.segment_step;
    for (size_t j = 0; j < columns; j += TILE_STEPS * LANES) {
      const size_t lanes = columns - j < TILE_STEPS * LANES ? columns - j : TILE_STEPS * LANES;
      const size_t panel = j / AUFDB_PANEL_LANES, lane = j % AUFDB_PANEL_LANES;
      const float *right = b + panel * b_panel_step + done * AUFDB_PANEL_LANES + lane;
      float *result = c + panel * c_panel_step + lane;
      for (size_t i = 0; i < rows; i += TILE_ROWS) {
        const size_t present = rows - i < TILE_ROWS ? rows - i : TILE_ROWS;
        AufdbPanelFactor part = left;
        part.start += i * a.row_step;
        AufdbPanelFinish part_finish = finish;
        if (finish.biases) part_finish.biases += i;
        if (finish.mask) part_finish.mask += panel * finish.mask_panel_step + i * AUFDB_PANEL_LANES + lane;
        if (present == 1)
          NAME(tile)(1, 1, run, part, right, tile);
        else
          NAME(tile)(TILE_ROWS, present, run, part, right, tile);
        NAME(put)(present, lanes, tile, result + i * c_row_step, c_row_step, done == 0, done + run == k, part_finish);
      }
    }
  }
}
