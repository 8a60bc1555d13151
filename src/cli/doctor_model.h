#ifndef FATHOM_CLI_DOCTOR_MODEL_H
#define FATHOM_CLI_DOCTOR_MODEL_H

#include "cli/doctor.h"
#include "wire/listing.h"

/* One look, as it goes on. */
struct fm_look {
	const struct fm_patient *p;
	const struct fm_counter_place *place;
	struct fm_arena *arena;
	struct fm_checkup *c;
	const struct fm_listing_form *listing;
	struct fm_listed listed;
	bool reached;
};

/* Add a finding; its text outlives the look. */
void fm_look_find(struct fm_look *l, const char *check, enum fm_health health, const char *text);

/* What a host says, as one line of ours. Memory: in the look's arena. */
const char *fm_look_visible(struct fm_look *l, struct fm_span text);

/* The model's window, cap, price and tokens, once its endpoint was asked for what it lists. */
void fm_look_at_model(struct fm_look *l);

#endif
