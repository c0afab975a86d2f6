// What of SQLite's C API can't be called from Swift: variadic functions, and those of an open file.
#include "CSQLiteConfig.h"

#include <errno.h>
#include <sqlite3.h>
#include <stddef.h>
#include <string.h>

int aufdb_no_checkpoint_on_close(struct sqlite3 *connection) {
  return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

int aufdb_defensive(struct sqlite3 *connection) {
  static const int settings[][2] = {
      {SQLITE_DBCONFIG_DEFENSIVE, 1},
      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
      {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
      {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
      {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
  };
  for (int index = 0; index < (int)(sizeof settings / sizeof settings[0]); index++) {
    int code = sqlite3_db_config(connection, settings[index][0], settings[index][1], (int *)0);
    if (code != SQLITE_OK) return code;
  }
  return sqlite3_exec(connection, "PRAGMA cell_size_check = ON", 0, 0, (char **)0);
}

struct sqlite3_file *aufdb_file(struct sqlite3 *connection) {
  sqlite3_file *file = 0;
  int code = sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  return code == SQLITE_OK && file && file->pMethods ? file : 0;
}

/// A file that we opened. The name must be there for as long as it is open.
struct opened {
  sqlite3_filename name;
  /// Longer than its type, as the VFS says.
  _Alignas(max_align_t) sqlite3_file file;
};

struct sqlite3_file *aufdb_open_file(const char *path) {
  if (sqlite3_initialize() != SQLITE_OK) return 0;
  sqlite3_vfs *vfs = sqlite3_vfs_find(0);
  int size = (int)offsetof(struct opened, file) + vfs->szOsFile;
  struct opened *opened = sqlite3_malloc(size);
  sqlite3_filename name = sqlite3_create_filename(path, "", "", 0, 0);
  int error = ENOMEM;
  if (opened && name) {
    memset(opened, 0, size);
    opened->name = name;
    if (vfs->xOpen(vfs, name, &opened->file, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, 0) == SQLITE_OK) {
      return &opened->file;
    }
    error = vfs->xGetLastError(vfs, 0, 0);
  }
  sqlite3_free_filename(name);
  sqlite3_free(opened);
  errno = error ? error : EIO;
  return 0;
}

void aufdb_close_file(struct sqlite3_file *file) {
  struct opened *opened = (struct opened *)((char *)file - offsetof(struct opened, file));
  file->pMethods->xClose(file);
  sqlite3_free_filename(opened->name);
  sqlite3_free(opened);
}

int aufdb_read_file(struct sqlite3_file *file, void *buffer, int count, long long offset) {
  return file->pMethods->xRead(file, buffer, count, offset);
}

long long aufdb_file_size(struct sqlite3_file *file) {
  sqlite3_int64 size = 0;
  return file->pMethods->xFileSize(file, &size) == SQLITE_OK ? size : 0;
}
