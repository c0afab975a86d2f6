// libedit's variadic functions with the arguments that aufdb gives them.
#include "CLineEditor.h"

#include <signal.h>
#include <stddef.h>

EditLine *aufdb_editor_make(const char *program, int writes_to_error) {
  return el_init(program, stdin, writes_to_error ? stderr : stdout, stderr);
}

// Both keymaps: vi's second one is that of its command mode.
static void bind_key(EditLine *editor, const char *key, const char *function) {
  el_set(editor, EL_BIND, key, function, (char *)NULL);
  el_set(editor, EL_BIND, "-a", key, function, (char *)NULL);
}

// Ctrl-Z. libedit's handler sets the terminal right, and again when the process goes on.
static unsigned char stop(EditLine *editor, int character) {
  (void)editor;
  (void)character;
  raise(SIGTSTP);
  return CC_REDISPLAY;
}

void aufdb_editor_set_up(
    EditLine *editor, History *past, void *owner, char *(*prompt)(EditLine *), aufdb_key_function complete,
    aufdb_key_function interrupt) {
  el_set(editor, EL_CLIENTDATA, owner);
  el_set(editor, EL_PROMPT, prompt);
  el_set(editor, EL_HIST, history, past);
  // Stopping, going on, being killed and a window that changes its size: libedit sets the terminal right each time.
  el_set(editor, EL_SIGNAL, 1);
  el_set(editor, EL_EDITOR, "emacs");
  el_source(editor, NULL);
  el_set(editor, EL_ADDFN, "aufdb-complete", "Complete the word", complete);
  el_set(editor, EL_ADDFN, "aufdb-interrupt", "Drop the line", interrupt);
  bind_key(editor, "^I", "aufdb-complete");
  bind_key(editor, "^C", "aufdb-interrupt");
  el_set(editor, EL_ADDFN, "aufdb-stop", "Stop the program", stop);
  bind_key(editor, "^Z", "aufdb-stop");
  // These keys are no signals while a line is edited.
  el_set(editor, EL_SETTY, "-d", "-isig", (char *)NULL);
  // What people expect of a shell, and libedit leaves unbound or does otherwise.
  el_set(editor, EL_BIND, "^R", "em-inc-search-prev", (char *)NULL);
  el_set(editor, EL_BIND, "\\e[1;5C", "em-next-word", (char *)NULL);
  el_set(editor, EL_BIND, "\\e[1;5D", "ed-prev-word", (char *)NULL);
  el_set(editor, EL_BIND, "\\e[3~", "ed-delete-next-char", (char *)NULL);
}

void *aufdb_editor_owner(EditLine *editor) {
  void *owner = NULL;
  el_get(editor, EL_CLIENTDATA, &owner);
  return owner;
}

void aufdb_history_bound(History *past, int count) {
  HistEvent event;
  history(past, &event, H_SETSIZE, count);
  history(past, &event, H_SETUNIQUE, 1);
}

void aufdb_history_enter(History *past, const char *line) {
  HistEvent event;
  history(past, &event, H_ENTER, line);
}
