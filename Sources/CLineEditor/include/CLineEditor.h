// libedit, and fixed-arity stand-ins for its functions that are variadic and so can't be called from Swift.
#ifndef CLINE_EDITOR_H
#define CLINE_EDITOR_H

#include <histedit.h>

/// A key's function: gives one of libedit's CC_ codes.
typedef unsigned char (*aufdb_key_function)(EditLine *editor, int character);

/// Makes an editor of standard input that writes to standard output, or to standard error; NULL where it can't. (Swift
/// has no safe way to name C's streams.)
EditLine *aufdb_editor_make(const char *program, int writes_to_error);

/// Connects an editor to its history and to its owner, sets its prompt, and binds TAB and Ctrl-C, whichever way of
/// editing the person has chosen in ~/.editrc. Ctrl-C reaches the editor as a key while a line is edited, and is a
/// signal at any other time.
void aufdb_editor_set_up(
    EditLine *editor, History *past, void *owner, char *(*prompt)(EditLine *), aufdb_key_function complete,
    aufdb_key_function interrupt);

/// The owner given above.
void *aufdb_editor_owner(EditLine *editor);

/// How many lines a history keeps. A line that equals the one before it is not entered again.
void aufdb_history_bound(History *past, int count);

/// Adds the newest line.
void aufdb_history_enter(History *past, const char *line);

#endif
