#ifndef CFILES_H
#define CFILES_H

// What Aufdb does to files and Swift has no words for.

#include "leftovers.h"

// Lets two paths change places in one step: RENAME_EXCHANGE of rename(2), which Swift's module of the C library doesn't
// have. Returns 0, or -1 with errno; not every file system can do it.
int aufdb_exchange(const char *path, const char *other);

#endif
