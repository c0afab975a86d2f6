// What a disk may hold after the power went.
//
// Nothing is promised of what wasn't synced. So each write since a file's last sync is there, isn't, or is torn: some of
// its sectors are there, and where the file grew the others are zeros or garbage. Each truncation and each change of
// names is there or isn't; those of names either in any choice (which POSIX allows) or up to some moment (as journalling
// file systems do). A sector is never half written, and bytes beside a write are never touched: SQLite takes both for
// granted, too (https://sqlite.org/psow.html).

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"

enum { SECTOR_BYTES = 512 };
enum fate { DROPPED, KEPT, TORN };
enum style { NOTHING, EVERYTHING, ANY_CHOICE, NAMES_IN_ORDER };

/// splitmix64 (https://prng.di.unimi.it/splitmix64.c): the same choices for the same seed.
struct choice {
  uint64_t state;
  enum style style;
};

static uint64_t next(struct choice *choice) {
  uint64_t z = (choice->state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static enum fate fate(struct choice *choice) {
  if (choice->style == NOTHING) return DROPPED;
  if (choice->style == EVERYTHING) return KEPT;
  return (enum fate)(next(choice) % 3);
}

static void grow(struct node *node, int64_t size, struct choice *choice) {
  if (size <= node->image_size) return;
  node->image = realloc(node->image, (size_t)size + 1);
  bool is_garbage = next(choice) % 2;
  for (int64_t i = node->image_size; i < size; i++) node->image[i] = is_garbage ? (uint8_t)next(choice) : 0;
  node->image_size = size;
}

static void put(struct node *node, struct change *change, struct choice *choice) {
  enum fate decided = fate(choice);
  if (!change->bytes) {
    if (decided == DROPPED) return;
    grow(node, change->offset, choice);
    node->image_size = change->offset;
    return;
  }
  if (decided == DROPPED) return;
  int64_t end = change->offset + change->size;
  for (int64_t start = change->offset, stop; start < end; start = stop) {
    stop = (start / SECTOR_BYTES + 1) * SECTOR_BYTES;
    if (stop > end) stop = end;
    if (decided == TORN && next(choice) % 2) continue;
    grow(node, stop, choice);
    memcpy(node->image + start, change->bytes + (start - change->offset), (size_t)(stop - start));
  }
  if (decided == TORN && next(choice) % 2) grow(node, end, choice);
}

static int write_image(struct node *node, const char *path, struct choice *choice) {
  if (!node->has_image) {
    node->image = malloc((size_t)node->size + 1);
    if (node->size) memcpy(node->image, node->bytes, (size_t)node->size);
    node->image_size = node->size;
    for (int i = 0; i < node->change_count; i++) put(node, &node->changes[i], choice);
    node->has_image = true;
  }
  FILE *file = fopen(path, "wbe");
  if (!file) return errno;
  size_t count = fwrite(node->image, 1, (size_t)node->image_size, file);
  return fclose(file) == 0 && count == (size_t)node->image_size ? 0 : EIO;
}

static int write_folder(struct node *folder, const char *path, struct choice *choice) {
  // The safe names with those changes that are kept; a folder of a few files has few of either.
  int count = folder->safe_count, limit = count + folder->name_change_count;
  struct name *names = calloc((size_t)limit + 1, sizeof *names);
  if (count) memcpy(names, folder->safe_names, (size_t)count * sizeof *names);
  int cut = (int)(next(choice) % (uint64_t)(folder->name_change_count + 1));
  int64_t group = -1;
  bool is_kept = false;
  for (int i = 0; i < folder->name_change_count; i++) {
    struct name_change *change = &folder->name_changes[i];
    if (change->group != group) is_kept = choice->style == NAMES_IN_ORDER ? i < cut : fate(choice) == KEPT;
    group = change->group;
    if (!is_kept) continue;
    int at = 0;
    while (at < count && strcmp(names[at].text, change->text) != 0) at++;
    if (change->node) {
      names[at] = (struct name){change->text, change->node};
      if (at == count) count++;
    } else if (at < count) {
      names[at] = names[--count];
    }
  }
  int error = 0;
  for (int i = 0; i < count && !error; i++) {
    char *inner;
    if (asprintf(&inner, "%s/%s", path, names[i].text) < 0) return ENOMEM;
    if (names[i].node->is_folder) {
      error = mkdir(inner, 0755) == 0 ? write_folder(names[i].node, inner, choice) : errno;
    } else {
      error = write_image(names[i].node, inner, choice);
    }
    free(inner);
  }
  free(names);
  return error;
}

/// Calls `visit` with the path of each thing in a folder.
static int each(const char *path, int (*visit)(const char *path, const char *name, void *context), void *context) {
  DIR *folder = opendir(path);
  if (!folder) return errno;
  int error = 0;
  for (struct dirent *entry; !error && (entry = readdir(folder));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char *inner;
    if (asprintf(&inner, "%s/%s", path, entry->d_name) < 0) {
      error = ENOMEM;
      break;
    }
    error = visit(inner, entry->d_name, context);
    free(inner);
  }
  closedir(folder);
  return error;
}

static int remove_one(const char *path, const char *name, void *context) {
  struct stat status;
  if (lstat(path, &status) != 0) return errno;
  if (!S_ISDIR(status.st_mode)) return unlink(path) == 0 ? 0 : errno;
  int error = each(path, remove_one, context);
  return error ? error : rmdir(path) == 0 ? 0 : errno;
}

static int load_one(const char *path, const char *name, void *context) {
  struct disk *disk = context;
  struct stat status;
  if (lstat(path, &status) != 0) return errno;
  // Shared memory is nothing that a disk holds.
  size_t length = strlen(name);
  if (length > 4 && strcmp(name + length - 4, "-shm") == 0) return 0;
  struct node *node = disk_add(disk, S_ISDIR(status.st_mode));
  disk_name(disk, path, node, disk_group(disk));
  if (node->is_folder) return each(path, load_one, disk);
  node->size = status.st_size;
  node->bytes = malloc((size_t)node->size + 1);
  FILE *file = fopen(path, "rbe");
  if (!file) return errno;
  size_t count = fread(node->bytes, 1, (size_t)node->size, file);
  fclose(file);
  return count == (size_t)node->size ? 0 : EIO;
}

int disk_load(struct disk *disk) {
  inside_vfs++;
  disk->root = disk_add(disk, true);
  int error = each(disk->path, load_one, disk);
  for (struct node *node = disk->nodes; node; node = node->next) node_sync(disk, node);
  disk->folder_sync_count = 0;
  inside_vfs--;
  return error;
}

int disk_lose(struct disk *disk, uint64_t seed) {
  struct choice choice = {seed, NOTHING};
  // A third of the disks lose or keep all, which is what most often happens.
  uint64_t style = next(&choice) % 6;
  choice.style = style < 2 ? (enum style)style : style < 4 ? ANY_CHOICE : NAMES_IN_ORDER;
  inside_vfs++;
  int error = each(disk->path, remove_one, NULL);
  if (!error) error = write_folder(disk->root, disk->path, &choice);
  inside_vfs--;
  disk_clear(disk);
  disk->is_dead = false;
  disk->plan = (struct fault_plan){0};
  return error ? error : disk_load(disk);
}
