// Puts the disks that fail (Tests/CFaultVFS) under a command that knows nothing of them, by LD_PRELOAD: one folder is
// under care from the command's beginning to its end, and one operation fails. The environment says which:
//
//     FAULT_FOLDER      the folder, without symbolic links
//     FAULT_COUNT       the path of a file that gets the number of operations that were counted
//     FAULT_OPERATIONS  which are counted, as CFaultVFS.h numbers them
//     FAULT_MOMENT      which of them fails, from 1; 0: none
//     FAULT_ERROR       the system's error; FAULT_LASTS: 1 if all later ones fail, too
//     FAULT_POWER       1: the power goes, at that moment or at the end, and FAULT_SEED chooses what the disk holds

#include <stdio.h>
#include <stdlib.h>

#include "CFaultVFS.h"
#include "disk.h"

static long long number(const char *name) {
  const char *text = getenv(name);
  return text ? atoll(text) : 0;
}

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("FAULT_FOLDER");
  if (!folder) return;
  if (fault_begin(folder) != 0) abort();
  fault_set_plan(folder, (struct fault_plan){
    .operations = (uint32_t)number("FAULT_OPERATIONS"), .moment = number("FAULT_MOMENT"),
    .error = (int32_t)number("FAULT_ERROR"), .lasts = number("FAULT_LASTS") != 0,
    .loses_power = number("FAULT_POWER") != 0});
}

__attribute__((destructor)) static void end(void) {
  const char *folder = getenv("FAULT_FOLDER"), *count_path = getenv("FAULT_COUNT");
  if (!folder || !count_path) return;
  long long count = fault_count(folder);
  // What the process leaves open is closed by its end.
  disks_lock();
  disk_of(folder)->open_count = 0;
  disks_unlock();
  if (number("FAULT_POWER") && fault_lose_power(folder, (uint64_t)number("FAULT_SEED")) != 0) abort();
  if (fault_end(folder) != 0) abort();
  FILE *file = fopen(count_path, "we");
  if (!file || fprintf(file, "%lld\n", count) < 0 || fclose(file) != 0) abort();
}
