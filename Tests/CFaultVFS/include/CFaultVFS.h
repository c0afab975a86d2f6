// Disks that fail: a VFS for SQLite, and stand-ins for the C library's calls on files, for tests alone.
//
// A test puts a folder under care. From then on every read, write, truncation, sync, opening and change of names in it,
// by SQLite or by anybody else in this process, is counted, and the one that the test chose fails: with an error of the
// system, once or from then on, or because the power goes. All other folders are left alone, so that tests may run beside
// each other.
//
// The idea is that of SQLite's own crash tests (https://sqlite.org/testing.html#crash_testing). What a disk may hold
// after the power went is in power.c, what it is known to hold in disk.c, SQLite's side in vfs.c and the other in
// calls.c.
#ifndef C_FAULT_VFS_H
#define C_FAULT_VFS_H

#include <stdbool.h>
#include <stdint.h>

/// What can fail; a set of them is their sum.
enum {
  FAULT_READ = 1,
  FAULT_WRITE = 2,
  FAULT_TRUNCATE = 4,
  /// Of a file or of a folder.
  FAULT_SYNC = 8,
  /// Opening what is there.
  FAULT_OPEN = 16,
  /// Making folders, renaming and linking.
  FAULT_NAME = 32,
  /// Asking for a file's size, or whether it is there. Only SQLite's asking.
  FAULT_LOOK = 64,
  /// Making the log's shared memory larger.
  FAULT_MAP = 128,
  /// Making a file.
  FAULT_MAKE = 256,
  /// Removing, which a full disk doesn't refuse.
  FAULT_REMOVE = 512,
};

struct fault_plan {
  /// Which operations are counted.
  uint32_t operations;
  /// Which of them fails, counted from 1; 0 for none.
  int64_t moment;
  /// The system's error: ENOSPC, EIO ...
  int32_t error;
  /// Whether all counted operations after it fail, too.
  bool lasts;
  /// The power goes: every later operation fails, counted or not.
  bool loses_power;
};

/// Puts a folder under care, given by its path without symbolic links; everything in it counts as being on the disk.
/// Returns 0 or an error number.
int fault_begin(const char *folder);

/// What is to fail from now on; counting begins anew.
void fault_set_plan(const char *folder, struct fault_plan plan);

/// How many operations were counted.
int64_t fault_count(const char *folder);

/// How many folders were synced since the care began: 0 after SQLite's commit means that the stand-ins aren't called.
int64_t fault_folder_sync_count(const char *folder);

/// The power goes (if it hasn't yet) and comes back: the folder holds what a disk could hold then, chosen by `seed`, and
/// all of that is on the disk. No file may be open in it. Returns 0 or an error number.
int fault_lose_power(const char *folder, uint64_t seed);

/// Ends the care. Returns 0, or EBUSY where SQLite has a file open in it.
int fault_end(const char *folder);

#endif
