// Stand-ins for what of SQLite's C API can't be called from Swift: sqlite3_db_config, which is variadic, and the methods
// of an open file.
#ifndef CSQLITE_CONFIG_H
#define CSQLITE_CONFIG_H

struct sqlite3;
struct sqlite3_file;

/// Keeps this connection from checkpointing the write-ahead log when it closes. Readers use it: only the holder of the
/// store's lock may checkpoint.
int aufdb_no_checkpoint_on_close(struct sqlite3 *connection);

/// Refuses what a hostile schema could abuse: writes to shadow tables and to sqlite_schema, functions with side effects
/// called from views and columns, triggers of any kind, and extensions. Pages whose cells lie outside of them are errors
/// from the first one on. Every connection to a file of a user's has it.
int aufdb_defensive(struct sqlite3 *connection);

/// The database's file, as the connection has it open for as long as it is open itself; NULL where there is none. Opening
/// the file once more would do harm: closing it again would take away all of the process's locks on it
/// (https://sqlite.org/howtocorrupt.html, section 2.2).
struct sqlite3_file *aufdb_file(struct sqlite3 *connection);

/// Opens a file for reading as a database's connection would: closing it takes away no lock that the process has on it. It
/// is to be closed with aufdb_close_file; NULL where it can't be opened, and errno tells why.
struct sqlite3_file *aufdb_open_file(const char *path);

void aufdb_close_file(struct sqlite3_file *file);

/// Reads bytes of a file, past any connection's cache and log, in any thread. Returns SQLite's code; what lies behind the
/// file's end is zeros.
int aufdb_read_file(struct sqlite3_file *file, void *buffer, int count, long long offset);

/// Its size in bytes; 0 where that isn't known.
long long aufdb_file_size(struct sqlite3_file *file);

#endif
