// What a cared-for folder's disk is known to hold, and what it was asked to do since.
//
// A node is a file or a folder, whatever its names. Of a file it has the bytes that a sync made safe, and the writes and
// truncations since; of a folder the names that a sync of it made safe, the names as they are, and what happened to them
// in between. The files themselves always have everything: only after the power went they are made anew from here.
#ifndef DISK_H
#define DISK_H

#include <stddef.h>

#include "CFaultVFS.h"

/// A write, or a truncation to `offset` where there are no bytes.
struct change {
  uint8_t *bytes;
  int64_t offset, size;
};

struct node;

struct name {
  char *text;
  struct node *node;
};

/// A name that was given or taken away (no node). Those of one group happen together.
struct name_change {
  char *text;
  struct node *node;
  int64_t group;
};

struct node {
  struct node *next;
  bool is_folder;
  uint8_t *bytes;
  int64_t size;
  struct change *changes;
  int change_count;
  struct name *safe_names, *names;
  int safe_count, name_count;
  struct name_change *name_changes;
  int name_change_count;
  /// What is left after the power went, once that is decided.
  uint8_t *image;
  int64_t image_size;
  bool has_image;
};

struct disk {
  struct disk *next;
  char *path;
  size_t path_length;
  struct node *root, *nodes;
  struct fault_plan plan;
  int64_t count, folder_sync_count, group;
  int open_count;
  bool is_dead;
};

/// What is to become of an operation.
struct verdict {
  /// 0: it goes on.
  int error;
  /// It was on its way when the power went: any part of it may have reached the disk.
  bool is_in_flight;
};

/// Whether this thread is inside SQLite's own VFS, whose calls on files were counted already.
extern _Thread_local int inside_vfs;

/// All that follows is called under this lock.
void disks_lock(void);
void disks_unlock(void);
/// Without the lock: whether there is any.
bool disks_exist(void);

/// The disk that has this path; NULL for a path that nobody cares about.
struct disk *disk_of(const char *path);
struct verdict disk_ask(struct disk *disk, uint32_t operation);
/// The node that has this path now; NULL where there is none.
struct node *disk_node(struct disk *disk, const char *path);
/// Gives a node a path, or takes the path away (NULL); `group` as of `disk_group`.
void disk_name(struct disk *disk, const char *path, struct node *node, int64_t group);
int64_t disk_group(struct disk *disk);
struct node *disk_add(struct disk *disk, bool is_folder);
void node_write(struct node *node, const void *bytes, int64_t size, int64_t offset);
void node_truncate(struct node *node, int64_t size);
void node_sync(struct disk *disk, struct node *node);

/// Reads a folder, all of which is safe; makes a folder from what is left of another's nodes.
int disk_load(struct disk *disk);
int disk_lose(struct disk *disk, uint64_t seed);
void disk_clear(struct disk *disk);

/// Makes SQLite use the VFS.
void vfs_register(void);

#endif
