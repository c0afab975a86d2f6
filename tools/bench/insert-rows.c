// The bare cost of an import: puts ready rows into a store through SQLite's C API, in one transaction.
//
//   insert-rows STORE ROWS.bin          (ROWS.bin: see generate.c; STORE: fresh from `aufdb init`)
//
// Same tables, indexes, settings and order of rows as aufdb's; but no JSON, no checks, no digests, no commit.

#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "open-store.h"

static const char *cursor;

static uint32_t take_count(void) {
  uint32_t count;
  memcpy(&count, cursor, sizeof count);
  cursor += sizeof count;
  return count;
}

typedef struct { const char *start; uint32_t length; } Text;

static Text take_text(void) {
  Text text = {.length = take_count()};
  text.start = cursor;
  cursor += text.length;
  return text;
}

static void bind_text(sqlite3_stmt *statement, int index, Text text) {
  sqlite3_bind_text64(statement, index, text.start, text.length, SQLITE_STATIC, SQLITE_UTF8);
}

static void insert(sqlite3_stmt *statement) {
  check(sqlite3_step(statement));
  sqlite3_reset(statement);
}

static void insert_all(const char *end) {
  sqlite3_stmt *prompts = prepare(
      "INSERT INTO prompts_all (place, prompt_id, source, prompt, format, metadata) VALUES (?, ?, ?, ?, 'text', NULL)");
  sqlite3_stmt *responses = prepare(
      "INSERT INTO responses_all (place, prompt_id, model, sample, response, system_prompt, principle, metadata) "
      "VALUES (?, ?, ?, 0, ?, NULL, NULL, NULL)");
  sqlite3_stmt *scores = prepare(
      "INSERT INTO scores_all (place, prompt_id, model, sample, judge, score, aspects, critique) "
      "VALUES (?, ?, ?, 0, 'overall', ?, NULL, NULL)");
  for (int64_t prompt = 1, answer = 1; cursor < end; prompt++) {
    Text prompt_id = take_text();
    sqlite3_bind_int64(prompts, 1, prompt);
    bind_text(prompts, 2, prompt_id);
    bind_text(prompts, 3, take_text());
    bind_text(prompts, 4, take_text());
    insert(prompts);
    for (uint32_t left = take_count(); left > 0; left--, answer++) {
      Text model = take_text();
      sqlite3_bind_int64(responses, 1, answer);
      bind_text(responses, 2, prompt_id);
      bind_text(responses, 3, model);
      bind_text(responses, 4, take_text());
      insert(responses);
      double score;
      memcpy(&score, cursor, sizeof score);
      cursor += sizeof score;
      sqlite3_bind_int64(scores, 1, answer);
      bind_text(scores, 2, prompt_id);
      bind_text(scores, 3, model);
      sqlite3_bind_double(scores, 4, score);
      insert(scores);
    }
  }
  sqlite3_finalize(prompts);
  sqlite3_finalize(responses);
  sqlite3_finalize(scores);
}

int main(int count, char **arguments) {
  if (count != 3) {
    fputs("usage: insert-rows STORE ROWS\n", stderr);
    return 64;
  }
  int descriptor = open(arguments[2], O_RDONLY);
  struct stat status;
  if (descriptor < 0 || fstat(descriptor, &status) != 0) { perror(arguments[2]); return 66; }
  cursor = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0);
  if (cursor == MAP_FAILED) { perror(arguments[2]); return 66; }
  open_store(arguments[1]);
  execute("BEGIN IMMEDIATE");
  insert_all(cursor + status.st_size);
  execute("COMMIT");
  check(sqlite3_close(store));
  return 0;
}
