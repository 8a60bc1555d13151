#ifndef FATHOM_SIM_CALL_INTERNAL_H
#define FATHOM_SIM_CALL_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "asked_internal.h"
#include "base/arena.h"
#include "base/buf.h"
#include "intake_internal.h"
#include "key_internal.h"
#include "read_internal.h"
#include "route_internal.h"
#include "serve/serve.h"
#include "sim_internal.h"
#include "wire/fault.h"
#include "wire/voice.h"

/* How the answer leaves, step by step. */
enum fm_call_phase {
	FM_CALL_READING,  /* the body is still to come */
	FM_CALL_WAITING,  /* for its first event */
	FM_CALL_TALKING,  /* events, or one whole answer */
	FM_CALL_SLICING,  /* raw bytes in slices, because a rule says so */
	FM_CALL_FLOODING, /* something without end, the same */
	FM_CALL_STALLED,  /* nothing more, the same */
	FM_CALL_ANSWERED, /* what is still to come of the body is only written down */
};

/* A piece of an answer: an event, or all of one that comes whole. */
struct fm_call_event {
	enum fm_voice_part part;
	struct fm_span bytes;
};

/* What reading a prompt took. */
struct fm_prefill {
	uint64_t cached; /* tokens */
	int64_t written; /* FM_UNKNOWN where the vendor does not tell */
	int64_t ns;      /* before the first token, unscaled */
};

/* One request and its answer. */
struct fm_call {
	struct fm_sim *sim;
	struct fm_conn *conn;
	struct fm_span path; /* with its query */
	const char *told;    /* the dialect that its headers tell; may be NULL */
	struct fm_route route;
	struct fm_shown shown;
	struct fm_signed_line *lines; /* of its head, while its signature may have to be checked */
	size_t line_count;
	size_t line_capacity;
	struct fm_sha256 *body_hash; /* the same */
	enum fm_call_phase phase;
	uint64_t number;
	uint64_t connection;
	int64_t declared;
	uint64_t key_hash;    /* of the key it came with; 0: none */
	uint64_t header_hash; /* of its header, but the key */
	uint64_t said_before; /* bytes, on this connection */
	struct fm_id body_digest;
	bool slow;   /* its body is read slowly, because a rule says so */
	bool listed; /* its body is in the history */
	bool ended;  /* its answer is too */
	struct fm_generation *generation;
	struct fm_intake intake;
	struct fm_arena arena;
	struct fm_asked asked; /* before it is read: the dialect alone */
	struct fm_model *model;
	struct fm_prefill prefill;
	const struct fm_rule *rule; /* that fires, or fired */
	struct fm_said said;
	struct fm_sim_history_end end;
	struct fm_call_event *events;
	size_t event_count;
	size_t next;
	struct fm_span raw; /* while slicing: the whole response as it goes over the wire */
	size_t slice;
};

/* What cannot be written down must not be answered: the run of the simulator ends with it. */
void fm_sim_check(struct fm_sim *sim, enum fm_code rc, const struct fm_err *err);

/* The body is whole: decide what is answered, and begin to. */
void fm_call_answer(struct fm_call *call);

/* Whose words this call's errors have: those its model was told to have, in the call's dialect. */
enum fm_vendor fm_call_vendor(const struct fm_call *call);

/* Whose server the model's is, in the call's dialect. */
enum fm_vendor fm_call_server(const struct fm_call *call);

/* An error in the vendor's words; the answer has then ended. */
void fm_call_refuse(struct fm_call *call, const struct fm_fault_said *said);

/* The same for what is asked beside the trials, which the history does not hold. */
void fm_call_deny(struct fm_call *call, const struct fm_fault_said *said);

/* Refuse a body, a text or an asked answer larger than this model's host takes; true when it was. */
bool fm_call_is_capped(struct fm_call *call);

/* Take a request out of the model's minute, or refuse; true when it was refused. */
bool fm_call_is_limited(struct fm_call *call, const struct fm_charge *charge);

/* Does it show the key, if one is asked for? */
bool fm_call_has_key(const struct fm_call *call);

/* Now that its body is whole: if it is signed, and the key can tell, is it signed right? */
bool fm_call_is_signed(struct fm_call *call);

/* Answer FM_CALL_MODELS and FM_CALL_COUNT, with the key that chats are asked for. */
void fm_call_answer_catalogue(struct fm_call *call);
void fm_call_answer_count(struct fm_call *call);

/* Write down that the answer ended, once. */
void fm_call_end(struct fm_call *call, const char *how);

/* Write down the body, once, complete or not. */
void fm_call_list(struct fm_call *call, bool complete, bool asked);

/* Send what is due; its timer calls it again. */
void fm_call_talk(struct fm_call *call);

/* The status a rule says, with the vendor's words for it. */
void fm_call_refuse_by_rule(struct fm_call *call);

/* Events of what is said, or the one whole answer; behind fm_call_prefill. */
void fm_call_render(struct fm_call *call, uint64_t prompt_tokens);

/* What the vendor's heads tell of a model's limits, to stand in any answer. */
void fm_call_put_limits(struct fm_call *call);

/* How long so many tokens take; no speed: no time. */
int64_t fm_call_time_of(uint64_t tokens, uint64_t tokens_per_s);

int64_t fm_call_scaled(const struct fm_call *call, int64_t wait_ns);

#endif
