// The bare cost of a commit: changes labels of a plain table by their key, in one transaction.
//
//   update-labels DATABASE CHANGES.tsv
//
// A line of CHANGES.tsv is prompt_id, chosen model, rejected model, chosen score, rejected score. They are read before
// the clock starts. Prints what BEGIN, the UPDATEs and COMMIT took: elapsed and processor time, in seconds.
// Same settings as aufdb's; but no JSON, no old versions, no checks, no digests, no commit.

#include <stdint.h>
#include <time.h>

#include "open-store.h"

enum { NAME_LIMIT = 64, CHANGE_LIMIT = 100000 };

typedef struct {
  char prompt_id[NAME_LIMIT], chosen[NAME_LIMIT], rejected[NAME_LIMIT];
  double chosen_score, rejected_score;
} Change;

static Change changes[CHANGE_LIMIT];

static size_t read_changes(const char *path) {
  FILE *file = fopen(path, "r");
  if (file == NULL) { perror(path); exit(66); }
  size_t count = 0;
  int field_count = 0;
  while (count < CHANGE_LIMIT) {
    Change *change = &changes[count];
    field_count = fscanf(
        file, "%63s %63s %63s %lf %lf", change->prompt_id, change->chosen, change->rejected, &change->chosen_score,
        &change->rejected_score);
    if (field_count != 5) break;
    count++;
  }
  if (field_count != EOF) { fprintf(stderr, "%s: bad or too many lines\n", path); exit(65); }
  fclose(file);
  return count;
}

static double seconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

int main(int count, char **arguments) {
  if (count != 3) {
    fputs("usage: update-labels DATABASE CHANGES\n", stderr);
    return 64;
  }
  size_t change_count = read_changes(arguments[2]);
  open_store(arguments[1]);
  sqlite3_stmt *update = prepare(
      "UPDATE labels SET chosen_model = ?2, rejected_model = ?3, chosen_score = ?4, rejected_score = ?5 "
      "WHERE prompt_id = ?1 AND judge = 'judge-1'");
  double wall = seconds(CLOCK_MONOTONIC), processor = seconds(CLOCK_PROCESS_CPUTIME_ID);
  execute("BEGIN IMMEDIATE");
  for (size_t i = 0; i < change_count; i++) {
    sqlite3_bind_text(update, 1, changes[i].prompt_id, -1, SQLITE_STATIC);
    sqlite3_bind_text(update, 2, changes[i].chosen, -1, SQLITE_STATIC);
    sqlite3_bind_text(update, 3, changes[i].rejected, -1, SQLITE_STATIC);
    sqlite3_bind_double(update, 4, changes[i].chosen_score);
    sqlite3_bind_double(update, 5, changes[i].rejected_score);
    check(sqlite3_step(update));
    if (sqlite3_changes(store) != 1) { fprintf(stderr, "no label of %s\n", changes[i].prompt_id); exit(1); }
    sqlite3_reset(update);
  }
  execute("COMMIT");
  printf("%.9f %.9f\n", seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - processor);
  sqlite3_finalize(update);
  check(sqlite3_close(store));
  return 0;
}
