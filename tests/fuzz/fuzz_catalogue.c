#include "fuzz.h"

#include <assert.h>

#include "sweep/catalogue.h"

/* What is taken in can be found again by its name, and what is refused is told with its place. */
void fuzz_one(struct fm_span input)
{
	struct fm_catalogue catalogue = {0};
	struct fm_arena arena = {0};
	struct fm_buf complaints;
	struct fm_err err = {0};
	enum fm_code rc;

	fm_buf_init(&complaints, (size_t)1 << 20);
	rc = fm_catalogue_add(&catalogue, "f", input, &arena, &complaints, &err);
	assert(rc == FM_OK || rc == FM_E_USAGE);
	assert((rc == FM_OK) == (complaints.len == 0));
	for (size_t i = 0; i < catalogue.count; i++) {
		const struct fm_model_row *row = &catalogue.rows[i];

		assert(fm_catalogue_find(&catalogue, row->provider, row->model) == row);
		assert(row->source != NULL && row->prompt_max <= row->window);
		assert(!row->priced || row->price.input <= UINT64_C(10000000000));
	}
	fm_buf_free(&complaints);
	fm_arena_free(&arena);
}
