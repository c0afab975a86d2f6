// Fixed-arity stand-ins for sqlite3_db_config, which is variadic and so can't be called from Swift.
#ifndef CSQLITE_CONFIG_H
#define CSQLITE_CONFIG_H

struct sqlite3;

/// Keeps this connection from checkpointing the write-ahead log when it closes. Readers use it: only the holder of the
/// store's lock may checkpoint.
int aufdb_no_checkpoint_on_close(struct sqlite3 *connection);

/// Refuses what a hostile schema could abuse: writes to shadow tables and to sqlite_schema, functions with side effects
/// called from views and columns, triggers of any kind, and extensions. Every connection to a file of a user's has it.
int aufdb_defensive(struct sqlite3 *connection);

#endif
