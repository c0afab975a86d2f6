// Runs a command and kills it (SIGKILL) at one chosen moment, by ptrace:
//
//     kill-at REPORT count              COMMAND...    nowhere: counts what it does
//     kill-at REPORT call N before      COMMAND...    in place of the N-th call that changes a file
//     kill-at REPORT call N torn        COMMAND...    in the middle of it: half of a write is done, nothing of others
//     kill-at REPORT call N after       COMMAND...    right after it
//     kill-at REPORT step N M           COMMAND...    M instructions after the N-th system call of whatever kind
//     kill-at REPORT time NANOSECONDS   COMMAND...    when it has used so much processor time
//
// All threads of the process are watched and count together; the processes that it starts are left alone. Numbers
// begin at 1. Calls that change a file are those of `CHANGES` below, on files and folders: pipes and terminals don't
// count. REPORT becomes one line of JSON: what was counted, where the command was killed, or else how it ended.
//
// Linux 5.3 or newer (PTRACE_GET_SYSCALL_INFO), any processor. Exit code: 0, or 69 where ptrace isn't allowed.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum Kind { ON_DESCRIPTOR, WRITES, WRITES_AT, ON_PATH, OPENS };

// Calls that change files, or the lock that a file stands for. `argument`: which one is the descriptor or the path.
static const struct Change {
  long number;
  const char *name;
  enum Kind kind;
  int argument;
} CHANGES[] = {
    {SYS_write, "write", WRITES, 0},
    {SYS_pwrite64, "pwrite64", WRITES_AT, 0},
    {SYS_writev, "writev", ON_DESCRIPTOR, 0},
    {SYS_pwritev, "pwritev", ON_DESCRIPTOR, 0},
    {SYS_fsync, "fsync", ON_DESCRIPTOR, 0},
    {SYS_fdatasync, "fdatasync", ON_DESCRIPTOR, 0},
    {SYS_ftruncate, "ftruncate", ON_DESCRIPTOR, 0},
    {SYS_fallocate, "fallocate", ON_DESCRIPTOR, 0},
    {SYS_fchmod, "fchmod", ON_DESCRIPTOR, 0},
    {SYS_flock, "flock", ON_DESCRIPTOR, 0},
    {SYS_openat, "openat", OPENS, 1},
    {SYS_renameat2, "renameat2", ON_PATH, 3},
    {SYS_linkat, "linkat", ON_PATH, 3},
    {SYS_unlinkat, "unlinkat", ON_PATH, 1},
    {SYS_mkdirat, "mkdirat", ON_PATH, 1},
#ifdef SYS_renameat
    {SYS_renameat, "renameat", ON_PATH, 3},
#endif
#ifdef SYS_open  // Older processors have calls of their own for paths in the current folder.
    {SYS_open, "open", OPENS, 0},
    {SYS_rename, "rename", ON_PATH, 1},
    {SYS_link, "link", ON_PATH, 1},
    {SYS_unlink, "unlink", ON_PATH, 0},
    {SYS_rmdir, "rmdir", ON_PATH, 0},
    {SYS_mkdir, "mkdir", ON_PATH, 0},
#endif
};

static enum Mode { COUNT, CALL, STEP, TIME } mode;
static enum { BEFORE, TORN, AFTER } place;
static long target, steps_left;
static pid_t process;

static long change_count, call_count, cpu_nanoseconds;
static int is_killed;
static const struct Change *last_change;
static char last_file[256];

static void fail(const char *what) {
  fprintf(stderr, "error: kill-at: %s: %s\n", what, strerror(errno));
  if (process > 0) kill(process, SIGKILL);
  exit(errno == EPERM || errno == EACCES || errno == ENOSYS ? 69 : 70);
}

static void kill_it(void) {
  is_killed = 1;
  if (kill(process, SIGKILL) != 0) fail("kill");
}

static int is_file(int descriptor, char *link) {
  struct stat status;
  sprintf(link, "/proc/%d/fd/%d", process, descriptor);
  return stat(link, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

static size_t read_memory(unsigned long long address, void *bytes, size_t count) {
  struct iovec here = {bytes, count}, there = {(void *)(uintptr_t)address, count};
  ssize_t read = process_vm_readv(process, &here, 1, &there, 1, 0);
  return read < 0 ? 0 : (size_t)read;
}

// Notes the name of the file that a call is about, without its folder, nor the number of the process in it.
static void note_file(const struct Change *change, const __uint64_t *arguments) {
  char path[4096] = "";
  if (change->kind == ON_PATH || change->kind == OPENS) {
    // As far as the page goes, which a string may end before.
    unsigned long long address = arguments[change->argument];
    size_t room = 4096 - address % 4096, count = read_memory(address, path, room < 4095 ? room : 4095);
    if (count == room && !memchr(path, 0, count)) count += read_memory(address + count, path + count, 4095 - count);
    path[count] = 0;
  } else {
    char link[64];
    is_file((int)arguments[change->argument], link);
    ssize_t count = readlink(link, path, sizeof path - 1);
    path[count < 0 ? 0 : count] = 0;
  }
  char *name = strrchr(path, '/');
  size_t length = 0;
  for (name = name ? name + 1 : path; *name && *name != ' ' && length < sizeof last_file - 1; name++) {
    if (*name > ' ' && *name != '"' && *name != '\\') last_file[length++] = *name;
  }
  last_file[length] = 0;
}

static const struct Change *changing(const struct __ptrace_syscall_info *info) {
  for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
    const struct Change *change = &CHANGES[i];
    if ((long)info->entry.nr != change->number) continue;
    char link[64];
    if (change->kind == OPENS) return info->entry.args[change->argument + 1] & O_CREAT ? change : NULL;
    if (change->kind == ON_PATH) return change;
    return is_file((int)info->entry.args[change->argument], link) ? change : NULL;
  }
  return NULL;
}

// Does half of a write in the process's place. The kernel may do so itself when a process is killed in the middle,
// page by page; smaller writes are halved all the same.
static void write_half(const struct Change *change, const __uint64_t *arguments) {
  if (change->kind != WRITES && change->kind != WRITES_AT) return;
  size_t count = arguments[2] / 2;
  if (count > 4096) count -= count % 4096;
  char link[64], *bytes = malloc(count + 1);
  is_file((int)arguments[0], link);
  int descriptor = open(link, O_WRONLY | O_CLOEXEC);
  if (!bytes || descriptor < 0) fail("a torn write");
  long long offset = (long long)arguments[3];
  if (change->kind == WRITES) {
    char name[64];
    sprintf(name, "/proc/%d/fdinfo/%d", process, (int)arguments[0]);
    FILE *information = fopen(name, "r");
    if (!information || fscanf(information, "pos: %lld", &offset) != 1) fail(name);
    fclose(information);
  }
  count = read_memory(arguments[1], bytes, count);
  if (pwrite(descriptor, bytes, count, offset) != (ssize_t)count) fail("a torn write");
  close(descriptor);
  free(bytes);
}

// A thread is about to make a call, or has made one. Returns whether it goes on instruction by instruction.
static int at_call(pid_t thread) {
  static pid_t awaited;
  struct __ptrace_syscall_info info;
  if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) < 0) {
    if (errno == ESRCH) return 0;
    fail("PTRACE_GET_SYSCALL_INFO");
  }
  if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
    if (awaited == thread) kill_it();
    return 0;
  }
  call_count++;
  if (mode == STEP) return call_count == target;
  const struct Change *change = changing(&info);
  if (!change || ++change_count != target || mode != CALL) return 0;
  last_change = change;
  note_file(change, info.entry.args);
  if (place == AFTER) {
    awaited = thread;
  } else {
    if (place == TORN) write_half(change, info.entry.args);
    // A call whose process is killed as it begins isn't made.
    kill_it();
  }
  return 0;
}

// Lets all threads go on from stop to stop until the process is gone; returns how it ended.
static int trace(void) {
  pid_t stepping = 0;
  int status, result = 0, is_running = 0;
  for (pid_t thread; (thread = waitpid(-1, &status, __WALL)) > 0;) {
    if (!WIFSTOPPED(status)) {
      if (thread == process) result = status;
      continue;
    }
    int signal = WSTOPSIG(status), event = status >> 16;
    if (event == PTRACE_EVENT_EXEC) is_running = 1;
    if (signal == (SIGTRAP | 0x80)) {
      if (is_running && !is_killed && at_call(thread)) stepping = thread;
      signal = 0;
    } else if (signal == SIGTRAP || signal == SIGSTOP) {
      // A step, an event, or a new thread's first stop; nobody else sends these.
      if (thread == stepping && !event && signal == SIGTRAP && steps_left-- <= 0 && !is_killed) kill_it();
      signal = 0;
    }
    ptrace(thread == stepping ? PTRACE_SINGLESTEP : PTRACE_SYSCALL, thread, 0, signal);
  }
  return result;
}

// Waits until the process has used its time, and kills it; returns how it ended.
static int wait_for_time(void) {
  clockid_t clock;
  int status;
  if (clock_getcpuclockid(process, &clock) != 0) fail("the processor time of a process");
  while (waitpid(process, &status, WNOHANG) == 0) {
    struct timespec used;
    if (clock_gettime(clock, &used) != 0) continue;
    long left = target - (used.tv_sec * 1000000000L + used.tv_nsec);
    if (left <= 0) {
      kill_it();
      waitpid(process, &status, 0);
      break;
    }
    // It may be waiting itself, for a disk or another process, and then its time stands still.
    struct timespec pause = {0, left < 500000 ? left : 500000};
    nanosleep(&pause, NULL);
  }
  is_killed = WIFSIGNALED(status);
  return status;
}

static void write_report(const char *path, int status) {
  FILE *report = fopen(path, "w");
  if (!report) fail(path);
  fprintf(
      report,
      "{\"changes\": %ld, \"calls\": %ld, \"cpu_nanoseconds\": %ld, \"killed\": %s, \"exit\": %d, \"call\": \"%s\", "
      "\"file\": \"%s\"}\n",
      change_count, call_count, cpu_nanoseconds, is_killed && WIFSIGNALED(status) ? "true" : "false",
      WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), last_change ? last_change->name : "",
      last_file);
  if (fclose(report) != 0) fail(path);
}

static char **parse(int count, char **arguments) {
  char **word = arguments + 2, **end = arguments + count;
  if (count < 4) goto usage;
  if (strcmp(*word, "count") == 0) {
    mode = COUNT;
    word += 1;
  } else if (strcmp(*word, "time") == 0) {
    mode = TIME;
    target = atol(word[1]);
    word += 2;
  } else if (strcmp(*word, "call") == 0 || strcmp(*word, "step") == 0) {
    mode = **word == 'c' ? CALL : STEP;
    target = atol(word[1]);
    if (word + 3 >= end) goto usage;
    place = strcmp(word[2], "before") == 0 ? BEFORE : strcmp(word[2], "torn") == 0 ? TORN : AFTER;
    steps_left = mode == STEP ? atol(word[2]) : 0;
    word += 3;
  } else {
    goto usage;
  }
  if (word < end) return word;
usage:
  fprintf(stderr, "usage: kill-at REPORT count|call N before|torn|after|step N M|time NANOSECONDS COMMAND...\n");
  exit(64);
}

int main(int count, char **arguments) {
  char **command = parse(count, arguments);
  process = fork();
  if (process < 0) fail("fork");
  if (process == 0) {
    if (mode != TIME && (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0 || raise(SIGSTOP) != 0)) _exit(69);
    execv(command[0], command);
    _exit(127);
  }
  int status;
  if (mode == TIME) {
    status = wait_for_time();
  } else {
    if (waitpid(process, &status, __WALL) != process || !WIFSTOPPED(status)) {
      errno = EPERM;
      fail("ptrace isn't allowed here");
    }
    long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SETOPTIONS, process, 0, options) != 0) fail("PTRACE_SETOPTIONS");
    ptrace(PTRACE_SYSCALL, process, 0, 0);
    status = trace();
  }
  struct rusage usage;
  if (getrusage(RUSAGE_CHILDREN, &usage) != 0) fail("getrusage");
  cpu_nanoseconds = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000L
      + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000L;
  write_report(arguments[1], status);
  return 0;
}
