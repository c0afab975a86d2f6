// The bare cost of a selection: reads every column that a method needs of every estimate, and does nothing with it.
//
//   scan-estimates STORE              the scan alone
//   scan-estimates STORE insert       and puts one row a prompt into selections_all, in one transaction
//
// Same store and settings as aufdb's; but no grouping, no method, no digests, no commit.

#include <stdint.h>

#include "open-store.h"

static sqlite3_stmt *selections;
static int64_t selection_count;
static char last_prompt[256];
static int last_length = -1;

// A prompt's first row gives both responses of its pair: what is inserted matters less than how much.
static void insert_at_new_prompt(
    const unsigned char *prompt, int length, const unsigned char *model, int model_length) {
  if (length == last_length && memcmp(prompt, last_prompt, (size_t)length) == 0) return;
  if (length > (int)sizeof last_prompt) { fputs("a prompt_id is too long\n", stderr); exit(1); }
  memcpy(last_prompt, prompt, (size_t)length);
  last_length = length;
  sqlite3_bind_int64(selections, 1, ++selection_count);
  sqlite3_bind_text(selections, 2, (const char *)prompt, length, SQLITE_STATIC);
  sqlite3_bind_text(selections, 3, (const char *)model, model_length, SQLITE_STATIC);
  sqlite3_bind_text(selections, 4, (const char *)model, model_length, SQLITE_STATIC);
  check(sqlite3_step(selections));
  sqlite3_reset(selections);
}

int main(int count, char **arguments) {
  int is_inserting = count == 3 && strcmp(arguments[2], "insert") == 0;
  if (count != 2 && !is_inserting) {
    fputs("usage: scan-estimates STORE [insert]\n", stderr);
    return 64;
  }
  open_store(arguments[1]);
  execute(is_inserting ? "BEGIN IMMEDIATE" : "BEGIN");
  selections = prepare(
      "INSERT INTO selections_all (place, prompt_id, first_model, first_sample, second_model, second_sample, method, "
      "batch, snapshot, seed, parameters) VALUES (?, ?, ?, 0, ?, 0, 'drts', 1, 'base', 0, "
      "'{\"beta\":1.0,\"max-iterations\":30}')");
  sqlite3_stmt *rows = prepare("SELECT prompt_id, model, sample, reward, lower, upper FROM estimates");
  int code;
  int64_t row_count = 0, sum = 0;
  double total = 0;
  while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
    const unsigned char *prompt = sqlite3_column_text(rows, 0);
    int length = sqlite3_column_bytes(rows, 0);
    const unsigned char *model = sqlite3_column_text(rows, 1);
    int model_length = sqlite3_column_bytes(rows, 1);
    sum += prompt[length - 1] + model[model_length - 1] + sqlite3_column_int64(rows, 2);
    total += sqlite3_column_double(rows, 3) + sqlite3_column_double(rows, 4) + sqlite3_column_double(rows, 5);
    if (is_inserting) insert_at_new_prompt(prompt, length, model, model_length);
    row_count++;
  }
  check(code);
  sqlite3_finalize(rows);
  sqlite3_finalize(selections);
  execute("COMMIT");
  check(sqlite3_close(store));
  // Printed, so that no compiler may leave the reading out.
  printf("%lld rows, %lld selections, checksum %lld %.6g\n", (long long)row_count, (long long)selection_count,
         (long long)sum, total);
  return 0;
}
