#include "fuzz.h"

#include <assert.h>

#include "sim/asked_internal.h"
#include "text/utf8.h"
#include "token/counter.h"

/* What is asked, as far as two readings of it can be held against each other. */
struct reading {
	enum fm_code rc;
	struct fm_arena arena;
	struct fm_intake intake;
	struct fm_asked asked;
};

static struct fm_counter *counter;
static struct fm_store *store;

static void open_store(void)
{
	struct fm_err err;

	if (store != NULL)
		return;
	if (fm_counter_open("bytes/4", NULL, &counter, &err) != FM_OK ||
	    fm_store_open((uint64_t)1 << 26, counter, &store, &err) != FM_OK)
		assert(!"there is a store");
}

static void read_input(struct fm_span path, struct fm_span body, size_t step,
                       struct fm_generation *generation, struct reading *r)
{
	struct fm_route route;
	struct fm_err err;

	*r = (struct reading){0};
	fm_route_find(fm_span_of("POST"), path, NULL, &r->arena, &route);
	fm_intake_start(&r->intake, generation);
	for (; body.len > 0; body = fm_span_skip(body, step))
		fm_intake_feed(&r->intake, fm_span_first(body, step));
	r->rc = fm_asked_read(&r->intake, &route, counter, &r->arena, &r->asked, &err);
	assert(r->rc == FM_OK || r->rc == FM_E_FORMAT || r->rc == FM_E_LIMIT);
	assert(r->rc == FM_OK || fm_utf8_check(fm_span_of(err.text)) == fm_span_of(err.text).len);
}

static void check(const struct reading *r)
{
	for (size_t i = 0; i < r->asked.message_count; i++) {
		const struct fm_stretch text = r->asked.messages[i].text;

		assert(r->asked.messages[i].role.len > 0);
		assert(text.count == 0 || text.first + text.count <= r->intake.chunk_count);
	}
	assert(r->rc != FM_OK || r->asked.message_count > 0);
	assert(r->rc != FM_OK || r->asked.model.len > 0 || r->asked.text_name != NULL);
}

/* A path, a line's end, and a body: whole and byte by byte the same is asked. */
void fuzz_one(struct fm_span input)
{
	struct fm_generation *generation = NULL;
	struct reading whole;
	struct reading cut;
	struct fm_span path;
	struct fm_err err;

	if (input.len > (size_t)1 << 18 || !fm_span_split(&input, '\n', &path))
		return;
	open_store();
	if (fm_generation_take(store, &generation, &err) != FM_OK)
		return;
	read_input(path, input, input.len, generation, &whole);
	read_input(path, input, 1, generation, &cut);
	check(&whole);
	assert(whole.rc == cut.rc && whole.asked.message_count == cut.asked.message_count);
	assert(whole.asked.stream == cut.asked.stream);
	assert(whole.asked.max_tokens == cut.asked.max_tokens);
	assert(fm_span_equal(whole.asked.model, cut.asked.model));
	assert(fm_id_equal(whole.asked.digest, cut.asked.digest));
	fm_intake_free(&whole.intake);
	fm_intake_free(&cut.intake);
	fm_arena_free(&whole.arena);
	fm_arena_free(&cut.arena);
	fm_generation_give(generation);
}
