// The bare cost of reading vectors: steps through all of them, and adds up their bytes.
//
//   scan-vectors STORE              the scan
//   scan-vectors STORE nothing      only opens the store: start-up
//
// Same store and settings as aufdb's; but no products, no keys, no order.

#include <stdint.h>

#include "open-store.h"

int main(int count, char **arguments) {
  int is_idle = count == 3 && strcmp(arguments[2], "nothing") == 0;
  if (count != 2 && !is_idle) {
    fputs("usage: scan-vectors STORE [nothing]\n", stderr);
    return 64;
  }
  open_store(arguments[1]);
  execute("BEGIN");
  sqlite3_stmt *rows = prepare(is_idle ? "SELECT x''" : "SELECT vector FROM embeddings_all");
  int code;
  int64_t row_count = 0, byte_count = 0;
  uint64_t sum = 0;
  while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
    const unsigned char *bytes = sqlite3_column_blob(rows, 0);
    int length = sqlite3_column_bytes(rows, 0), place = 0;
    for (; place + 8 <= length; place += 8) {
      uint64_t word;
      memcpy(&word, bytes + place, sizeof word);
      sum += word;
    }
    for (; place < length; place++) sum += bytes[place];
    row_count++;
    byte_count += length;
  }
  check(code);
  sqlite3_finalize(rows);
  execute("COMMIT");
  check(sqlite3_close(store));
  // Printed, so that no compiler may leave the reading out.
  printf("%lld rows, %lld bytes, checksum %llu\n", (long long)row_count, (long long)byte_count, (unsigned long long)sum);
  return 0;
}
