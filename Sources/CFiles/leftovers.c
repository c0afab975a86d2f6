// A table of fixed size, whose entries a handler can read at any moment: an entry counts from when its state is set.

#define _GNU_SOURCE
#include "leftovers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ENTRY_COUNT = 64, PATH_SIZE = 4096, DEPTH_LIMIT = 8, ROUND_LIMIT = 16 };
enum { FREE, TAKEN, SET };

static struct {
  atomic_int state;
  int descriptor;
  char path[PATH_SIZE];
} entries[ENTRY_COUNT];

// What SQLite makes beside a database.
static const char *const suffixes[] = {"", "-journal", "-wal", "-shm"};

int aufdb_leftover_enter(const char *path, int descriptor) {
  size_t length = strlen(path);
  if (length + sizeof "-journal" > PATH_SIZE) return -1;
  for (int entry = 0; entry < ENTRY_COUNT; entry++) {
    int expected = FREE;
    if (!atomic_compare_exchange_strong(&entries[entry].state, &expected, TAKEN)) continue;
    memcpy(entries[entry].path, path, length + 1);
    entries[entry].descriptor = descriptor;
    atomic_store(&entries[entry].state, SET);
    return entry;
  }
  return -1;
}

void aufdb_leftover_forget(int entry) {
  if (entry >= 0) atomic_store(&entries[entry].state, FREE);
}

// As the kernel gives them (getdents64(2)): readdir may allocate, which a handler must not.
struct record {
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

static void remove_contents(int folder, int depth) {
  _Alignas(struct record) char buffer[2048];
  // What was removed while the list was read may have hidden something from it; a last round finds nothing more.
  for (int round = 0, removed = 1; removed && round < ROUND_LIMIT; round++) {
    removed = 0;
    if (lseek(folder, 0, SEEK_SET) != 0) return;
    long count;
    while ((count = syscall(SYS_getdents64, folder, buffer, sizeof buffer)) > 0) {
      for (long at = 0; at < count;) {
        const struct record *record = (const struct record *)(buffer + at);
        at += record->length;
        if (strcmp(record->name, ".") == 0 || strcmp(record->name, "..") == 0) continue;
        if (unlinkat(folder, record->name, 0) == 0) {
          removed = 1;
          continue;
        }
        if (errno != EISDIR || depth == DEPTH_LIMIT) continue;
        int inner = openat(folder, record->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner < 0) continue;
        remove_contents(inner, depth + 1);
        close(inner);
        if (unlinkat(folder, record->name, AT_REMOVEDIR) == 0) removed = 1;
      }
    }
  }
}

static int is_at(const char *path, int descriptor) {
  struct stat here, there;
  return fstat(descriptor, &here) == 0 && lstat(path, &there) == 0 && here.st_ino == there.st_ino &&
         here.st_dev == there.st_dev;
}

static void remove_entry(int entry) {
  char *path = entries[entry].path;
  if (entries[entry].descriptor >= 0) {
    if (is_at(path, entries[entry].descriptor)) unlink(path);
    return;
  }
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder >= 0) {
    remove_contents(folder, 0);
    close(folder);
    rmdir(path);
    return;
  }
  size_t length = strlen(path);
  for (size_t suffix = 0; suffix < sizeof suffixes / sizeof *suffixes; suffix++) {
    strcpy(path + length, suffixes[suffix]);
    unlink(path);
  }
  path[length] = 0;
}

static void end(int signal_number) {
  // On the first thread, which makes and publishes files, and which doing this here stops.
  if (syscall(SYS_gettid) != getpid()) {
    syscall(SYS_tgkill, getpid(), getpid(), signal_number);
    return;
  }
  for (int entry = 0; entry < ENTRY_COUNT; entry++) {
    // Taken over for good: nobody comes to forget it any more.
    if (atomic_load(&entries[entry].state) == SET) remove_entry(entry);
  }
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

static void mask(int how) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(how, &signals, NULL);
}

void aufdb_leftovers_hold_signals(void) { mask(SIG_BLOCK); }

void aufdb_leftovers_release_signals(void) { mask(SIG_UNBLOCK); }

static void watch(int signal_number) {
  struct sigaction before, action;
  if (sigaction(signal_number, NULL, &before) == 0 && before.sa_handler == SIG_IGN) return;
  memset(&action, 0, sizeof action);
  action.sa_handler = end;
  // One of them is enough: another waits until it has ended the process.
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGINT);
  sigaddset(&action.sa_mask, SIGTERM);
  sigaddset(&action.sa_mask, SIGHUP);
  action.sa_flags = SA_RESTART;
  sigaction(signal_number, &action, NULL);
}

void aufdb_leftovers_watch(void) {
  watch(SIGINT);
  watch(SIGTERM);
  watch(SIGHUP);
}

void aufdb_leftovers_watch_interrupt(void) { watch(SIGINT); }
