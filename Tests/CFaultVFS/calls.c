// The other side: stand-ins for the C library's calls on files, which the linker puts before that library's own.
//
// They see what is written without SQLite (bundles, exports, lists, pages), the links and renames that give a store its
// name, and the syncs of folders, those that SQLite's own VFS makes included. Without a folder under care, and for all
// paths outside, they are the system calls and nothing else.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "disk.h"

enum { DESCRIPTORS = 4096 };
/// What an open descriptor is of. Of SQLite's files nothing stands here, because vfs.c knows about them.
static struct descriptor {
  struct disk *disk;
  struct node *node;
} descriptors[DESCRIPTORS];

static struct descriptor of(int number) {
  return number >= 0 && number < DESCRIPTORS ? descriptors[number] : (struct descriptor){NULL, NULL};
}

/// Counts an operation on a descriptor under care; `node` is NULL for any other. Locks.
static struct descriptor ask(int number, uint32_t operation, struct verdict *verdict) {
  *verdict = (struct verdict){0, false};
  if (!disks_exist()) return (struct descriptor){NULL, NULL};
  disks_lock();
  struct descriptor found = of(number);
  if (found.node) *verdict = disk_ask(found.disk, operation);
  disks_unlock();
  return found;
}

static int failed(int error) {
  errno = error;
  return -1;
}

static int open_at_path(const char *path, int flags, mode_t mode) {
  if (!disks_exist()) return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  disks_lock();
  struct disk *disk = disk_of(path);
  bool makes = disk && flags & O_CREAT && !disk_node(disk, path);
  uint32_t operation = makes ? FAULT_MAKE : FAULT_OPEN;
  struct verdict verdict = disk && !inside_vfs ? disk_ask(disk, operation) : (struct verdict){0, false};
  if (verdict.error) {
    disks_unlock();
    return failed(verdict.error);
  }
  int number = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  if (disk && number >= 0 && number < DESCRIPTORS) {
    struct node *node = disk_node(disk, path);
    if (!node && !inside_vfs) {
      node = disk_add(disk, false);
      disk_name(disk, path, node, disk_group(disk));
    }
    if (node && (node->is_folder || !inside_vfs)) {
      if (!node->is_folder && flags & O_TRUNC) node_truncate(node, 0);
      descriptors[number] = (struct descriptor){disk, node};
    }
  }
  disks_unlock();
  return number;
}

int open(const char *path, int flags, ...) {
  bool has_mode = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = has_mode ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return open_at_path(path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int close(int number) {
  if (disks_exist() && of(number).node) {
    disks_lock();
    descriptors[number] = (struct descriptor){NULL, NULL};
    disks_unlock();
  }
  return (int)syscall(SYS_close, number);
}

ssize_t read(int number, void *bytes, size_t size) {
  struct verdict verdict;
  ask(number, FAULT_READ, &verdict);
  return verdict.error ? failed(verdict.error) : syscall(SYS_read, number, bytes, size);
}

ssize_t pread(int number, void *bytes, size_t size, off_t offset) {
  struct verdict verdict;
  ask(number, FAULT_READ, &verdict);
  return verdict.error ? failed(verdict.error) : syscall(SYS_pread64, number, bytes, size, offset);
}

static ssize_t write_at(int number, const void *bytes, size_t size, off_t offset, bool moves) {
  struct verdict verdict;
  struct descriptor found = ask(number, FAULT_WRITE, &verdict);
  // A disk that is full took the first half.
  size_t part = !verdict.error ? size : verdict.error == ENOSPC ? size / 2 : 0;
  if (found.node && moves) offset = lseek(number, 0, SEEK_CUR);
  ssize_t count = 0;
  if (part > 0 || !verdict.error) {
    count = moves ? syscall(SYS_write, number, bytes, part) : syscall(SYS_pwrite64, number, bytes, part, offset);
  }
  if (found.node && count >= 0) {
    disks_lock();
    node_write(found.node, bytes, verdict.is_in_flight ? (int64_t)size : (int64_t)count, offset);
    disks_unlock();
  }
  return verdict.error ? failed(verdict.error) : count;
}

ssize_t write(int number, const void *bytes, size_t size) { return write_at(number, bytes, size, 0, true); }

ssize_t pwrite(int number, const void *bytes, size_t size, off_t offset) {
  return write_at(number, bytes, size, offset, false);
}

int ftruncate(int number, off_t size) {
  struct verdict verdict;
  struct descriptor found = ask(number, FAULT_TRUNCATE, &verdict);
  int code = verdict.error ? failed(verdict.error) : (int)syscall(SYS_ftruncate, number, size);
  if (found.node && (code == 0 || verdict.is_in_flight)) {
    disks_lock();
    node_truncate(found.node, size);
    disks_unlock();
  }
  return code;
}

static int synchronize(int number, long call) {
  struct verdict verdict;
  struct descriptor found = ask(number, FAULT_SYNC, &verdict);
  if (verdict.error) return failed(verdict.error);
  int code = (int)syscall(call, number);
  if (found.node && code == 0) {
    disks_lock();
    node_sync(found.disk, found.node);
    disks_unlock();
  }
  return code;
}

int fsync(int number) { return synchronize(number, SYS_fsync); }
int fdatasync(int number) { return synchronize(number, SYS_fdatasync); }

/// What a change of names does; the lock is held.
enum naming { MAKING_FOLDER, REMOVING, REMOVING_FOLDER, LINKING, RENAMING };

static int call_naming(enum naming naming, const char *path, const char *new_path, mode_t mode) {
  switch (naming) {
    case MAKING_FOLDER: return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    case REMOVING: return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    case REMOVING_FOLDER: return (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
    case LINKING: return (int)syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, new_path, 0);
    case RENAMING: return (int)syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, new_path, 0);
  }
}

static int change_names(enum naming naming, const char *path, const char *new_path, mode_t mode) {
  if (!disks_exist() || inside_vfs) return call_naming(naming, path, new_path, mode);
  disks_lock();
  struct disk *disk = disk_of(path);
  uint32_t operation = naming == REMOVING || naming == REMOVING_FOLDER ? FAULT_REMOVE : FAULT_NAME;
  struct verdict verdict = disk ? disk_ask(disk, operation) : (struct verdict){0, false};
  int code = verdict.error ? failed(verdict.error) : call_naming(naming, path, new_path, mode);
  int error = errno;
  if (disk && (code == 0 || verdict.is_in_flight)) {
    struct node *node = disk_node(disk, path);
    int64_t group = disk_group(disk);
    if (naming == MAKING_FOLDER) disk_name(disk, path, disk_add(disk, true), group);
    if (node && (naming == LINKING || naming == RENAMING)) disk_name(disk, new_path, node, group);
    if (node && naming != MAKING_FOLDER && naming != LINKING) disk_name(disk, path, NULL, group);
  }
  disks_unlock();
  errno = error;
  return code;
}

int mkdir(const char *path, mode_t mode) { return change_names(MAKING_FOLDER, path, NULL, mode); }
int unlink(const char *path) { return change_names(REMOVING, path, NULL, 0); }
int rmdir(const char *path) { return change_names(REMOVING_FOLDER, path, NULL, 0); }
int link(const char *path, const char *new_path) { return change_names(LINKING, path, new_path, 0); }
int rename(const char *path, const char *new_path) { return change_names(RENAMING, path, new_path, 0); }

/// A disk under care is one that can't exchange two names; then two renames do it, which are seen above.
int renameat2(int folder, const char *path, int new_folder, const char *new_path, unsigned int flags) {
  if (disks_exist() && !inside_vfs) {
    disks_lock();
    bool is_ours = disk_of(path) != NULL;
    disks_unlock();
    if (is_ours) return failed(EINVAL);
  }
  return (int)syscall(SYS_renameat2, folder, path, new_folder, new_path, flags);
}
