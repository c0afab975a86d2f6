#ifndef CFILES_LEFTOVERS_H
#define CFILES_LEFTOVERS_H

// Names of files that are to go with the process when a signal ends it, as Ctrl-C does. In C, because a handler may do
// no more than a few system calls (signal-safety(7)), and nothing of Swift's runtime is among them.

// Enters a path, or one that is to go only while `descriptor` is the file that has it (-1 for any). Returns a number to
// take it back by; -1 where there is no room for more, and the file stays if a signal comes.
int aufdb_leftover_enter(const char *path, int descriptor);

// Takes an entry back: the file has got its name, or was removed. -1 is none.
void aufdb_leftover_forget(int entry);

// Holds these signals back for this thread, from before a file is made until it is entered, and lets them come again.
// They don't nest.
void aufdb_leftovers_hold_signals(void);
void aufdb_leftovers_release_signals(void);

// From now on SIGINT, SIGTERM and SIGHUP remove what is entered before they end the process as ever. A signal that is
// ignored stays so.
void aufdb_leftovers_watch(void);

// Gives SIGINT its handler back, after somebody else had it.
void aufdb_leftovers_watch_interrupt(void);

#endif
