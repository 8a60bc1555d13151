#ifndef FATHOM_CLI_HELP_H
#define FATHOM_CLI_HELP_H

#include <stdbool.h>

#include "base/buf.h"

struct fm_command;

#define FM_HELP_BYTES_MAX 65536

/* What fathom is, three examples, the commands: at most 40 lines of 80 columns. */
void fm_help_program(bool whole, struct fm_buf *buf);

/* One command: examples first, then its options; `whole` adds what it does, in paragraphs. */
void fm_help_command(const struct fm_command *command, bool whole, struct fm_buf *buf);

/* A topic that is no command: "exit". False when there is none of that name. */
bool fm_help_topic(const char *name, struct fm_buf *buf);

#endif
