// SQLite's side (https://sqlite.org/vfs.html): a VFS in front of the default one, which becomes the default.
//
// A file in a folder that nobody cares about is opened by the VFS behind, and never seen here again. Of the others each
// call is counted, noted in the file's node, and passed on.

#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stddef.h>
#include <string.h>

#include "disk.h"

/// The file of the VFS behind lies right after it.
struct fault_file {
  sqlite3_file base;
  struct disk *disk;
  struct node *node;
};

static sqlite3_vfs *behind, vfs;
/// The system's error that the last failed opening of this thread stands for.
static _Thread_local int last_error;

static sqlite3_file *real(sqlite3_file *file) { return (sqlite3_file *)((struct fault_file *)file + 1); }

/// Passes a call on: what the VFS behind does to files isn't counted twice.
#define PASS(call) (inside_vfs++, code = (call), inside_vfs--, code)
#define CALL(method, ...) PASS(real(file)->pMethods->method(real(file), ##__VA_ARGS__))

static struct verdict ask(sqlite3_file *file, uint32_t operation) {
  disks_lock();
  struct verdict verdict = disk_ask(((struct fault_file *)file)->disk, operation);
  disks_unlock();
  return verdict;
}

static int fault_close(sqlite3_file *file) {
  int code;
  CALL(xClose);
  disks_lock();
  ((struct fault_file *)file)->disk->open_count--;
  disks_unlock();
  return code;
}

static int fault_read(sqlite3_file *file, void *bytes, int size, sqlite3_int64 offset) {
  int code;
  if (ask(file, FAULT_READ).error) return SQLITE_IOERR_READ;
  return CALL(xRead, bytes, size, offset);
}

static int fault_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset) {
  int code;
  struct node *node = ((struct fault_file *)file)->node;
  struct verdict verdict = ask(file, FAULT_WRITE);
  // A disk that is full took the first half.
  int part = !verdict.error ? size : verdict.error == ENOSPC ? size / 2 : 0;
  code = part > 0 ? CALL(xWrite, bytes, part, offset) : SQLITE_OK;
  disks_lock();
  if (code == SQLITE_OK) node_write(node, bytes, verdict.is_in_flight ? size : part, offset);
  disks_unlock();
  if (!verdict.error) return code;
  return verdict.error == ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int fault_truncate(sqlite3_file *file, sqlite3_int64 size) {
  int code = SQLITE_OK;
  struct verdict verdict = ask(file, FAULT_TRUNCATE);
  if (!verdict.error) CALL(xTruncate, size);
  disks_lock();
  if (verdict.is_in_flight || (!verdict.error && code == SQLITE_OK)) {
    node_truncate(((struct fault_file *)file)->node, size);
  }
  disks_unlock();
  return verdict.error ? SQLITE_IOERR_TRUNCATE : code;
}

static int fault_sync(sqlite3_file *file, int flags) {
  int code;
  struct fault_file *fault = (struct fault_file *)file;
  if (ask(file, FAULT_SYNC).error) return SQLITE_IOERR_FSYNC;
  CALL(xSync, flags);
  disks_lock();
  if (code == SQLITE_OK && !fault->disk->is_dead) node_sync(fault->disk, fault->node);
  disks_unlock();
  return code;
}

static int fault_file_size(sqlite3_file *file, sqlite3_int64 *size) {
  int code;
  if (ask(file, FAULT_LOOK).error) return SQLITE_IOERR_FSTAT;
  return CALL(xFileSize, size);
}

static int fault_lock(sqlite3_file *file, int level) {
  int code;
  return CALL(xLock, level);
}

static int fault_unlock(sqlite3_file *file, int level) {
  int code;
  return CALL(xUnlock, level);
}

static int fault_check_reserved_lock(sqlite3_file *file, int *is_held) {
  int code;
  return CALL(xCheckReservedLock, is_held);
}

static int fault_file_control(sqlite3_file *file, int operation, void *argument) {
  int code;
  return CALL(xFileControl, operation, argument);
}

static int fault_sector_size(sqlite3_file *file) {
  int code;
  return CALL(xSectorSize);
}

static int fault_device_characteristics(sqlite3_file *file) {
  int code;
  return CALL(xDeviceCharacteristics);
}

static int fault_map(sqlite3_file *file, int region, int size, int extends, void volatile **memory) {
  int code;
  if (ask(file, FAULT_MAP).error) return SQLITE_IOERR_SHMSIZE;
  return CALL(xShmMap, region, size, extends, memory);
}

static int fault_map_lock(sqlite3_file *file, int offset, int count, int flags) {
  int code;
  return CALL(xShmLock, offset, count, flags);
}

static void fault_map_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }

static int fault_unmap(sqlite3_file *file, int removes) {
  int code;
  return CALL(xShmUnmap, removes);
}

/// Files that can fail are read, never mapped.
static int fault_fetch(sqlite3_file *file, sqlite3_int64 offset, int size, void **bytes) {
  *bytes = NULL;
  return SQLITE_OK;
}

static int fault_unfetch(sqlite3_file *file, sqlite3_int64 offset, void *bytes) { return SQLITE_OK; }

static const sqlite3_io_methods methods = {
  3, fault_close, fault_read, fault_write, fault_truncate, fault_sync, fault_file_size, fault_lock, fault_unlock,
  fault_check_reserved_lock, fault_file_control, fault_sector_size, fault_device_characteristics, fault_map,
  fault_map_lock, fault_map_barrier, fault_unmap, fault_fetch, fault_unfetch,
};

static int fault_open(sqlite3_vfs *self, const char *path, sqlite3_file *file, int flags, int *out_flags) {
  int code;
  disks_lock();
  struct disk *disk = path ? disk_of(path) : NULL;
  bool makes = disk && flags & SQLITE_OPEN_CREATE && !disk_node(disk, path);
  struct verdict verdict = disk ? disk_ask(disk, makes ? FAULT_MAKE : FAULT_OPEN) : (struct verdict){0, false};
  disks_unlock();
  last_error = verdict.error;
  file->pMethods = NULL;
  if (verdict.error) return SQLITE_CANTOPEN;
  if (!disk) return behind->xOpen(behind, path, file, flags, out_flags);
  PASS(behind->xOpen(behind, path, real(file), flags, out_flags));
  if (code != SQLITE_OK) return code;
  disks_lock();
  struct node *node = disk_node(disk, path);
  if (!node) {
    node = disk_add(disk, false);
    disk_name(disk, path, node, disk_group(disk));
  }
  disk->open_count++;
  disks_unlock();
  *(struct fault_file *)file = (struct fault_file){{&methods}, disk, node};
  return SQLITE_OK;
}

static int fault_delete(sqlite3_vfs *self, const char *path, int syncs_folder) {
  int code;
  disks_lock();
  struct disk *disk = disk_of(path);
  struct verdict verdict = disk ? disk_ask(disk, FAULT_REMOVE) : (struct verdict){0, false};
  // Before the folder is synced, which the VFS behind does.
  if (disk && (!verdict.error || verdict.is_in_flight) && disk_node(disk, path)) {
    disk_name(disk, path, NULL, disk_group(disk));
  }
  disks_unlock();
  if (verdict.error) return SQLITE_IOERR_DELETE;
  return PASS(behind->xDelete(behind, path, syncs_folder));
}

static int fault_access(sqlite3_vfs *self, const char *path, int flags, int *is_so) {
  int code;
  disks_lock();
  struct disk *disk = disk_of(path);
  struct verdict verdict = disk ? disk_ask(disk, FAULT_LOOK) : (struct verdict){0, false};
  disks_unlock();
  if (verdict.error) return SQLITE_IOERR_ACCESS;
  return PASS(behind->xAccess(behind, path, flags, is_so));
}

static int fault_last_error(sqlite3_vfs *self, int size, char *text) {
  return last_error ? last_error : behind->xGetLastError(behind, size, text);
}

static void register_once(void) {
  behind = sqlite3_vfs_find(NULL);
  vfs = *behind;
  vfs.zName = "fault";
  vfs.pNext = NULL;
  vfs.szOsFile = (int)sizeof(struct fault_file) + behind->szOsFile;
  vfs.xOpen = fault_open;
  vfs.xDelete = fault_delete;
  vfs.xAccess = fault_access;
  vfs.xGetLastError = fault_last_error;
  sqlite3_vfs_register(&vfs, 1);
}

void vfs_register(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, register_once);
}
