#ifndef FATHOM_CLI_DOCTOR_H
#define FATHOM_CLI_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "cli/free_ask.h"
#include "token/counter.h"

struct fm_model_setting;

/* How a check came out. */
enum fm_health {
	FM_HEALTH_OK,
	FM_HEALTH_NOTE,      /* worth knowing; a run works */
	FM_HEALTH_UNCHECKED, /* its host has nothing that is free to ask for it */
	FM_HEALTH_WRONG,
};

const char *fm_health_name(enum fm_health health); /* "ok", "note", "not checked", "wrong" */

struct fm_finding {
	const char *check; /* "key" */
	enum fm_health health;
	const char *text;
};

#define FM_FINDINGS_MAX 12

/* Whom to look at: a model, or a provider alone. */
struct fm_patient {
	const char *name; /* "openai/gpt-4.1", "openai" */
	struct fm_free_host host;
	const struct fm_model_setting *model; /* NULL: the provider alone */
	const char *key_name;                 /* variable or file; NULL: it takes none */
	const char *key_error;                /* why it is not there; NULL */
	uint64_t max_tokens;                  /* of the plan; 0 where there is none */
};

/* What was found; counts and times are FM_UNKNOWN where nothing said them. */
struct fm_checkup {
	struct fm_finding findings[FM_FINDINGS_MAX];
	size_t count;
	bool unreachable;
	bool unauthorized;
	bool wrong; /* anything else */
	int status;
	int64_t took_ns;
	bool dated;
	int64_t skew_ms;     /* their clock less ours, where the answer was dated */
	int64_t window_said; /* by the host */
	int64_t output_said;
	int64_t tokens_theirs;
	int64_t tokens_ours;
};

/*
 * Look at one: free requests alone, each said by its finding. A host that has none for a check gets
 * "not checked", never a guess.
 *
 * Memory  in `arena`
 */
void fm_doctor_look(const struct fm_patient *patient, const struct fm_counter_place *place,
                    struct fm_arena *arena, struct fm_checkup *ret_checkup);

/* Does anything answer at a server of this machine? Nothing is sent to one that is not there. */
bool fm_doctor_hears(const struct fm_patient *patient);

#endif
