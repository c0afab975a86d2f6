// What of SQLite's C API can't be called from Swift: variadic functions, and those of an open file.
#include "CSQLiteConfig.h"

#include <sqlite3.h>

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

int aufdb_read_file(struct sqlite3_file *file, void *buffer, int count, long long offset) {
  return file->pMethods->xRead(file, buffer, count, offset);
}

long long aufdb_file_size(struct sqlite3_file *file) {
  sqlite3_int64 size = 0;
  return file->pMethods->xFileSize(file, &size) == SQLITE_OK ? size : 0;
}
