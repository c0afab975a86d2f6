// The bare cost of importing embeddings: puts the rows of a matrix into a store as BLOBs, in one transaction.
//
//   insert-blobs STORE MATRIX.npy KEYS.bin        (STORE: has the responses and no embeddings)
//
// KEYS.bin holds, for each row of the matrix, prompt_id and model: a text is its length as 4 little-endian bytes and
// its bytes. Same table, index, settings and order of rows as aufdb's, from files in memory; but no JSON, no look-up of
// the responses, no check of the numbers, no digests, no commit.

#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "open-store.h"

typedef struct { const char *start; size_t length; } Text;

static Text mapped(const char *path) {
  int descriptor = open(path, O_RDONLY);
  struct stat status;
  if (descriptor < 0 || fstat(descriptor, &status) != 0) { perror(path); exit(66); }
  void *start = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0);
  if (start == MAP_FAILED) { perror(path); exit(66); }
  return (Text){start, (size_t)status.st_size};
}

static Text take_text(const char **cursor) {
  uint32_t length;
  memcpy(&length, *cursor, sizeof length);
  Text text = {*cursor + sizeof length, length};
  *cursor += sizeof length + length;
  return text;
}

static void bind_text(sqlite3_stmt *statement, int index, Text text) {
  sqlite3_bind_text64(statement, index, text.start, text.length, SQLITE_STATIC, SQLITE_UTF8);
}

static int64_t count_keys(Text keys) {
  int64_t count = 0;
  for (const char *cursor = keys.start; cursor < keys.start + keys.length; count++) {
    take_text(&cursor);
    take_text(&cursor);
  }
  return count;
}

static void insert_all(Text matrix, Text keys) {
  // Version 1 of the format: 8 bytes, the length of the header as 2 bytes, the header, the numbers.
  uint16_t header_length;
  memcpy(&header_length, matrix.start + 8, sizeof header_length);
  const char *vector = matrix.start + 10 + header_length;
  int64_t row_count = count_keys(keys);
  size_t row_bytes = (size_t)(matrix.start + matrix.length - vector) / (size_t)row_count;
  sqlite3_stmt *insert = prepare(
      "INSERT INTO embeddings_all (place, encoder, prompt_id, model, sample, element, vector) "
      "VALUES (?, 'random', ?, ?, 0, 'f16', ?)");
  const char *cursor = keys.start;
  for (int64_t row = 1; row <= row_count; row++, vector += row_bytes) {
    sqlite3_bind_int64(insert, 1, row);
    bind_text(insert, 2, take_text(&cursor));
    bind_text(insert, 3, take_text(&cursor));
    sqlite3_bind_blob64(insert, 4, vector, row_bytes, SQLITE_STATIC);
    check(sqlite3_step(insert));
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
}

int main(int count, char **arguments) {
  if (count != 4) {
    fputs("usage: insert-blobs STORE MATRIX KEYS\n", stderr);
    return 64;
  }
  Text matrix = mapped(arguments[2]), keys = mapped(arguments[3]);
  open_store(arguments[1]);
  execute("BEGIN IMMEDIATE");
  insert_all(matrix, keys);
  execute("COMMIT");
  check(sqlite3_close(store));
  return 0;
}
