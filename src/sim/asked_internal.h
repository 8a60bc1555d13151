#ifndef FATHOM_SIM_ASKED_INTERNAL_H
#define FATHOM_SIM_ASKED_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "intake_internal.h"
#include "route_internal.h"

struct fm_counter;

struct fm_asked_message {
	struct fm_span role;
	struct fm_stretch text; /* its parts joined */
	uint64_t tokens;        /* counted alone */
};

/* A request of any dialect, read off a whole body. Lives in the arena it was made in. */
struct fm_asked {
	const struct fm_dialect *dialect; /* that the answer is written in */
	struct fm_span model;             /* empty only beside `text_name` */
	bool stream;
	bool usage_asked;
	uint64_t max_tokens; /* 0: not said */
	uint64_t window;     /* that the server is to make room for; 0: not said */
	bool truncates;      /* what is longer may be cut, by the asker's leave */
	struct fm_asked_message *messages;
	size_t message_count;
	const char *text_name; /* a text is to be counted, not a chat: the member it stood in */
	uint64_t chars_max;    /* bytes of the longest text */
	struct fm_id digest;   /* D7 */
};

/*
 * Read what is asked. The intake's digest must have been taken: its hasher is used again.
 *
 * Errors  FM_E_FORMAT  no JSON, or no request of the dialect: the text is for its sender
 *         FM_E_FULL, FM_E_IO, FM_E_LIMIT  it cannot be kept
 */
FM_MUST_CHECK enum fm_code fm_asked_read(struct fm_intake *intake, const struct fm_route *route,
                                         const struct fm_counter *counter, struct fm_arena *arena,
                                         struct fm_asked *ret_asked, struct fm_err *err);

/*
 * The model that a body names which asks for nothing else: {"model":"m"}.
 *
 * Memory  in `arena`
 * Errors  FM_E_FORMAT  it names none
 */
FM_MUST_CHECK enum fm_code fm_asked_name(const struct fm_intake *intake, struct fm_arena *arena,
                                         struct fm_span *ret_name, struct fm_err *err);

/*
 * How many tokens more or fewer two texts have when they meet than each alone. Exact if `before`
 * has a seam, or nothing is before it.
 *
 * Cost    a few counts of what lies between the seams that are nearest
 */
int64_t fm_asked_join(const struct fm_counter *counter, struct fm_span before,
                      struct fm_span after);

#endif
