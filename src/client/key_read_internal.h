#ifndef FATHOM_CLIENT_KEY_READ_INTERNAL_H
#define FATHOM_CLIENT_KEY_READ_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "client/key.h"

/* Tokens of a session are the longest: some 2 KiB. */
#define FM_KEY_BYTES_MAX 8192

#define FM_KEY_NAME_MAX 256 /* bytes of a variable's name */

/* A file with keys in it, read once, in locked memory. The zero value is nothing read. */
struct fm_key_text {
	char *bytes;
	size_t len;
	size_t size;  /* of the memory */
	bool exposed; /* others may read the file */
};

/*
 * Read one: never a FIFO or a device, never what belongs to somebody else. With `strict` also no
 * link, and nothing that others may read.
 *
 * Errors  FM_E_AUTH  it is not there, or cannot be read; FM_E_USAGE  it is not to be trusted
 *         FM_E_LIMIT  longer than `max`
 */
FM_MUST_CHECK enum fm_code fm_key_text_open(const char *path, size_t max, bool strict,
                                            struct fm_key_text *ret_text, struct fm_err *err);
void fm_key_text_close(struct fm_key_text *text);

/* Could it be a key? What a header cannot carry is refused, and neither it nor its length is said. */
FM_MUST_CHECK enum fm_code fm_key_check(struct fm_span text, struct fm_err *err);

/* Take a part in, without the white space around it. Errors: as above. */
FM_MUST_CHECK enum fm_code fm_key_keep(struct fm_key *key, enum fm_key_part part,
                                       struct fm_span text, struct fm_err *err);

/* The next variable of "ID+SECRET+SESSION?" as a text; `ret_may_miss` is what its '?' says. */
bool fm_key_next_variable(struct fm_span *rest, char name[FM_KEY_NAME_MAX], bool *ret_may_miss);

/*
 * The value that a .env file gives a variable: `NAME=value` lines, "export" before them, comments,
 * quotes (in double ones \n, \r, \t, \" and \\ stand for what they do in C), any line ends; the
 * last one counts. Nothing is expanded: a key may hold a '$'.
 *
 * Returns  false when it gives none, or an empty one
 * Memory   in `room`, which has text.len bytes
 * Source   npm dotenv 16 and python-dotenv 1.0, where they agree; a '#' begins a comment only
 *          behind a blank, as the latter has it
 */
bool fm_dotenv_find(struct fm_span text, struct fm_span name, char *room,
                    struct fm_span *ret_value);

/* The .env of the working folder. The zero value is one without a line. */
struct fm_dotenv {
	struct fm_key_text file;
	struct fm_span text;
	char *room; /* for one value */
};

#define FM_DOTENV_FILE ".env"

/* Errors: those of fm_key_text_open; FM_OK, with nothing in it, when there is none. */
FM_MUST_CHECK enum fm_code fm_dotenv_open(struct fm_dotenv *ret_file, struct fm_err *err);
void fm_dotenv_close(struct fm_dotenv *file);

/*
 * What a program prints is the key. It runs without a shell, reads nothing, has a minute, and says
 * on our stderr what it has to say.
 *
 * Errors  FM_E_AUTH  it cannot run, fails, takes too long, or prints too much or no key
 */
FM_MUST_CHECK enum fm_code fm_key_run_command(struct fm_key *key, const char *const *command,
                                              struct fm_err *err);

/* Errors: FM_E_AUTH  the store has none for this owner and origin; those of fm_key_text_open. */
FM_MUST_CHECK enum fm_code fm_key_read_store(struct fm_key *key, const char *owner,
                                             const char *origin, struct fm_err *err);

#endif
