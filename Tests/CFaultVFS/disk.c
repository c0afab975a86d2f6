// The nodes of cared-for folders, and the counting of what is done to them; see disk.h.

#define _GNU_SOURCE
#include "disk.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct disk *disks;
static atomic_int disk_count;

_Thread_local int inside_vfs;

void disks_lock(void) { pthread_mutex_lock(&mutex); }
void disks_unlock(void) { pthread_mutex_unlock(&mutex); }
bool disks_exist(void) { return atomic_load(&disk_count) > 0; }

struct disk *disk_of(const char *path) {
  for (struct disk *disk = disks; disk; disk = disk->next) {
    if (strncmp(path, disk->path, disk->path_length) == 0 &&
        (path[disk->path_length] == '/' || path[disk->path_length] == 0)) {
      return disk;
    }
  }
  return NULL;
}

struct verdict disk_ask(struct disk *disk, uint32_t operation) {
  if (disk->is_dead) return (struct verdict){EIO, false};
  struct fault_plan plan = disk->plan;
  if (!(plan.operations & operation)) return (struct verdict){0, false};
  disk->count++;
  bool is_due = plan.moment > 0 && (disk->count == plan.moment || (plan.lasts && disk->count > plan.moment));
  if (!is_due) return (struct verdict){0, false};
  if (!plan.loses_power) return (struct verdict){plan.error, false};
  disk->is_dead = true;
  return (struct verdict){EIO, true};
}

struct node *disk_add(struct disk *disk, bool is_folder) {
  struct node *node = calloc(1, sizeof *node);
  node->is_folder = is_folder;
  node->next = disk->nodes;
  return disk->nodes = node;
}

static struct name *find(struct node *folder, const char *text, size_t length) {
  for (int i = 0; i < folder->name_count; i++) {
    struct name *name = &folder->names[i];
    if (strlen(name->text) == length && memcmp(name->text, text, length) == 0) return name;
  }
  return NULL;
}

/// The folder that a path's last part is in, and that part; NULL where there is no such folder.
static struct node *parent_of(struct disk *disk, const char *path, const char **last) {
  struct node *folder = disk->root;
  const char *part = path + disk->path_length;
  while (*part == '/') part++;
  for (const char *end; folder && (end = strchr(part, '/')) && end[1]; part = end + 1) {
    struct name *name = find(folder, part, (size_t)(end - part));
    folder = name && name->node->is_folder ? name->node : NULL;
  }
  *last = part;
  return folder;
}

struct node *disk_node(struct disk *disk, const char *path) {
  const char *last;
  struct node *folder = parent_of(disk, path, &last);
  if (!folder || !*last) return folder;
  struct name *name = find(folder, last, strcspn(last, "/"));
  return name ? name->node : NULL;
}

static void set_name(struct name **names, int *count, const char *text, struct node *node) {
  for (int i = 0; i < *count; i++) {
    if (strcmp((*names)[i].text, text) != 0) continue;
    if (node) {
      (*names)[i].node = node;
    } else {
      free((*names)[i].text);
      (*names)[i] = (*names)[--*count];
    }
    return;
  }
  if (!node) return;
  *names = realloc(*names, (size_t)(*count + 1) * sizeof **names);
  (*names)[(*count)++] = (struct name){strdup(text), node};
}

void disk_name(struct disk *disk, const char *path, struct node *node, int64_t group) {
  const char *last;
  struct node *folder = parent_of(disk, path, &last);
  if (!folder || !*last) return;
  char *text = strndup(last, strcspn(last, "/"));
  set_name(&folder->names, &folder->name_count, text, node);
  size_t count = (size_t)folder->name_change_count++;
  folder->name_changes = realloc(folder->name_changes, (count + 1) * sizeof *folder->name_changes);
  folder->name_changes[count] = (struct name_change){text, node, group};
}

int64_t disk_group(struct disk *disk) { return ++disk->group; }

static void add_change(struct node *node, struct change change) {
  size_t count = (size_t)node->change_count++;
  node->changes = realloc(node->changes, (count + 1) * sizeof change);
  node->changes[count] = change;
}

void node_write(struct node *node, const void *bytes, int64_t size, int64_t offset) {
  if (size <= 0) return;
  uint8_t *copy = malloc((size_t)size);
  memcpy(copy, bytes, (size_t)size);
  add_change(node, (struct change){copy, offset, size});
}

void node_truncate(struct node *node, int64_t size) { add_change(node, (struct change){NULL, size, 0}); }

static void resize(struct node *node, int64_t size) {
  node->bytes = realloc(node->bytes, (size_t)size + 1);
  if (size > node->size) memset(node->bytes + node->size, 0, (size_t)(size - node->size));
  node->size = size;
}

void node_sync(struct disk *disk, struct node *node) {
  for (int i = 0; i < node->change_count; i++) {
    struct change *change = &node->changes[i];
    int64_t end = change->offset + change->size;
    if (!change->bytes || end > node->size) resize(node, end);
    if (change->bytes) memcpy(node->bytes + change->offset, change->bytes, (size_t)change->size);
    free(change->bytes);
  }
  node->change_count = 0;
  if (!node->is_folder) return;
  disk->folder_sync_count++;
  for (int i = 0; i < node->name_change_count; i++) {
    struct name_change *change = &node->name_changes[i];
    set_name(&node->safe_names, &node->safe_count, change->text, change->node);
    free(change->text);
  }
  node->name_change_count = 0;
}

void disk_clear(struct disk *disk) {
  while (disk->nodes) {
    struct node *node = disk->nodes;
    disk->nodes = node->next;
    for (int i = 0; i < node->change_count; i++) free(node->changes[i].bytes);
    for (int i = 0; i < node->name_change_count; i++) free(node->name_changes[i].text);
    for (int i = 0; i < node->name_count; i++) free(node->names[i].text);
    for (int i = 0; i < node->safe_count; i++) free(node->safe_names[i].text);
    free(node->bytes), free(node->changes), free(node->names), free(node->safe_names), free(node->name_changes);
    free(node->image), free(node);
  }
  disk->root = NULL;
}

int fault_begin(const char *folder) {
  vfs_register();
  struct disk *disk = calloc(1, sizeof *disk);
  disk->path = strdup(folder);
  disk->path_length = strlen(folder);
  int error = disk_load(disk);
  if (error) {
    disk_clear(disk);
    free(disk->path), free(disk);
    return error;
  }
  disks_lock();
  disk->next = disks;
  disks = disk;
  atomic_fetch_add(&disk_count, 1);
  disks_unlock();
  return 0;
}

void fault_set_plan(const char *folder, struct fault_plan plan) {
  disks_lock();
  struct disk *disk = disk_of(folder);
  if (disk) disk->plan = plan, disk->count = 0;
  disks_unlock();
}

int64_t fault_count(const char *folder) {
  disks_lock();
  struct disk *disk = disk_of(folder);
  int64_t count = disk ? disk->count : -1;
  disks_unlock();
  return count;
}

int64_t fault_folder_sync_count(const char *folder) {
  disks_lock();
  struct disk *disk = disk_of(folder);
  int64_t count = disk ? disk->folder_sync_count : -1;
  disks_unlock();
  return count;
}

int fault_lose_power(const char *folder, uint64_t seed) {
  disks_lock();
  struct disk *disk = disk_of(folder);
  int error = !disk ? ENOENT : disk->open_count ? EBUSY : disk_lose(disk, seed);
  disks_unlock();
  return error;
}

int fault_end(const char *folder) {
  disks_lock();
  struct disk *disk = disk_of(folder);
  int error = !disk ? ENOENT : disk->open_count ? EBUSY : 0;
  if (!error) {
    struct disk **link = &disks;
    while (*link != disk) link = &(*link)->next;
    *link = disk->next;
    atomic_fetch_sub(&disk_count, 1);
    disk_clear(disk);
    free(disk->path), free(disk);
  }
  disks_unlock();
  return error;
}
