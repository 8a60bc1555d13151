#ifndef FATHOM_TRIAL_GRADE_H
#define FATHOM_TRIAL_GRADE_H

#include <stdbool.h>
#include <stdint.h>

#include "trial/outcome.h"

/* A grader's verdict on a stored answer; its own record, can be made again. */
struct fm_grade {
	const char *grader; /* "niah/1" */
	enum fm_outcome outcome;
	uint32_t found; /* asked values that the answer holds */
	uint32_t of;
	bool strict; /* the same outcome without any normalisation */
};

#endif
