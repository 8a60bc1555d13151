#include "test.h"

#include <string.h>

#include "base/clock.h"
#include "base/macro.h"
#include "sim/prefix_internal.h"
#include "token/counter.h"

#include "chat.h"

#define BODY_MAX ((size_t)4 << 20)
#define OWNER 7

/* bytes/1 counts the bytes that are no blanks: what is shared is then told to the byte. */
struct shop {
	struct fm_counter *counter;
	struct fm_store *store;
	struct fm_prefixes *cache;
};

struct prompt {
	struct fm_generation *generation;
	struct fm_intake intake;
	struct fm_arena arena;
	struct fm_asked asked;
	struct fm_view view;
	struct fm_prefix_prompt of;
};

static void open_shop(struct shop *shop, uint64_t store_max)
{
	struct fm_err err;

	assert_int_equal(fm_counter_open("bytes/1", NULL, &shop->counter, &err), FM_OK);
	assert_int_equal(fm_store_open(store_max, shop->counter, &shop->store, &err), FM_OK);
	shop->cache = fm_prefixes_open();
}

static void close_shop(struct shop *shop)
{
	fm_prefixes_close(shop->cache);
	fm_store_close(shop->store);
	fm_counter_close(shop->counter);
}

/* A system text and a user's. */
static void make_prompt(const struct shop *shop, struct fm_span system, struct fm_span user,
                        struct prompt *p)
{
	const struct fm_route route = chat_route();
	struct fm_buf body = {.max = BODY_MAX};
	struct fm_err err;

	*p = (struct prompt){0};
	assert_int_equal(fm_generation_take(shop->store, &p->generation, &err), FM_OK);
	fm_intake_start(&p->intake, p->generation);
	fm_buf_puts(&body, "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"");
	fm_put_json(&body, system);
	fm_buf_puts(&body, "\"},{\"role\":\"user\",\"content\":\"");
	fm_put_json(&body, user);
	fm_buf_puts(&body, "\"}]}");
	fm_intake_feed(&p->intake, fm_buf_span(&body));
	assert_int_equal(
		fm_asked_read(&p->intake, &route, shop->counter, &p->arena, &p->asked, &err),
		FM_OK);
	fm_view_make(&p->intake, &p->asked, shop->counter, &p->arena, &p->view);
	p->of = (struct fm_prefix_prompt){.owner = OWNER,
	                                  .view = &p->view,
	                                  .asked = &p->asked,
	                                  .counter = shop->counter,
	                                  .ttl_ns = 100,
	                                  .now_ns = 1};
	fm_buf_free(&body);
}

static void free_prompt(struct prompt *p)
{
	fm_intake_free(&p->intake);
	fm_generation_give(p->generation);
	fm_arena_free(&p->arena);
}

static size_t shared(struct fm_span a, struct fm_span b)
{
	size_t len = 0;

	while (len < a.len && len < b.len && a.ptr[len] == b.ptr[len])
		len++;
	return len;
}

#define PROMPTS 24

/*
 * Documents that part at places by chance, some of one another's start: each shares with those
 * before it what a comparison of bytes says.
 */
static void test_shared(void **state)
{
	struct fm_rng rng = fm_rng_make(11);
	struct fm_buf texts[PROMPTS];
	struct shop shop;

	(void)state;
	open_shop(&shop, (uint64_t)1 << 27);
	for (size_t i = 0; i < PROMPTS; i++) {
		const size_t from = i == 0 ? 0 : (size_t)fm_rng_below(&rng, i);
		struct fm_span start = {0};
		size_t want = 0;
		struct prompt p;

		texts[i] = (struct fm_buf){.max = BODY_MAX};
		if (i > 0) {
			start = fm_buf_span(&texts[from]);
			start.len = (size_t)fm_rng_below(&rng, start.len + 1);
		}
		fm_buf_put(&texts[i], start);
		if (i % 5 != 4) /* else it is the start of another alone */
			put_document(&texts[i], 100 + i, (size_t)fm_rng_between(&rng, 1, 2000), 0,
			             "");
		for (size_t k = 0; k < i; k++) {
			const size_t len = shared(fm_buf_span(&texts[k]), fm_buf_span(&texts[i]));

			want = len > want ? len : want;
		}
		want = 7 + (size_t)fm_counter_count(shop.counter,
		                                    fm_span_first(fm_buf_span(&texts[i]), want));
		make_prompt(&shop, fm_span_of("Be kind."), fm_buf_span(&texts[i]), &p);
		assert_int_equal(fm_prefix_read(shop.cache, &p.of), i == 0 ? 0 : want);
		fm_prefix_keep(shop.cache, &p.of, 1);
		assert_int_equal(fm_prefix_read(shop.cache, &p.of), p.view.tokens);
		free_prompt(&p);
	}
	for (size_t i = 0; i < PROMPTS; i++)
		fm_buf_free(&texts[i]);
	close_shop(&shop);
}

/* One prompt is kept at 1, to be read from 10 on; who reads how much of the same when. */
static void test_when(void **state)
{
	static const struct {
		uint64_t owner;
		int64_t now_ns;
		uint64_t want;
	} reads[] = {
		{OWNER,     9,   0 },
                {OWNER + 1, 50,  0 },
		{OWNER,     10,  10},
                {OWNER,     110, 10}, /* within its life since the last read */
		{OWNER,     210, 10},
                {OWNER,     311, 0 },
	};
	struct shop shop;
	struct prompt p;

	(void)state;
	open_shop(&shop, (uint64_t)1 << 27);
	make_prompt(&shop, fm_span_of("Be kind."), fm_span_of("Hi."), &p);
	fm_prefix_keep(shop.cache, &p.of, 10);
	for (size_t i = 0; i < FM_COUNT(reads); i++) {
		p.of.owner = reads[i].owner;
		p.of.now_ns = reads[i].now_ns;
		assert_int_equal(fm_prefix_read(shop.cache, &p.of), reads[i].want);
	}
	/* What has died is written again, and is ready when that is done. */
	p.of.owner = OWNER;
	p.of.now_ns = 400;
	fm_prefix_keep(shop.cache, &p.of, 450);
	p.of.now_ns = 449;
	assert_int_equal(fm_prefix_read(shop.cache, &p.of), 0);
	p.of.now_ns = 450;
	assert_int_equal(fm_prefix_read(shop.cache, &p.of), 10);
	free_prompt(&p);
	close_shop(&shop);
}

/* Whose words they are is part of a prefix, and where one message ends. */
static void test_messages(void **state)
{
	static const struct {
		const char *system, *user;
		uint64_t want;
	} rows[] = {
		{"Be kind.",     "Who is there?", 10},
                {"Be kind.",     "Whose?",        10},
		{"Be kind. Who", "is it?",        7 },
                {"Be",           "kind. Who",     2 },
		{"Hush.",        "Who is it?",    0 },
	};
	struct shop shop;
	struct prompt kept;

	(void)state;
	open_shop(&shop, (uint64_t)1 << 27);
	make_prompt(&shop, fm_span_of("Be kind."), fm_span_of("Who"), &kept);
	fm_prefix_keep(shop.cache, &kept.of, 1);
	for (size_t i = 0; i < FM_COUNT(rows); i++) {
		struct prompt p;

		make_prompt(&shop, fm_span_of(rows[i].system), fm_span_of(rows[i].user), &p);
		assert_int_equal(fm_prefix_read(shop.cache, &p.of), rows[i].want);
		free_prompt(&p);
	}
	kept.asked.messages[1].role = fm_span_of("assistant");
	assert_int_equal(fm_prefix_read(shop.cache, &kept.of), 7);
	free_prompt(&kept);
	close_shop(&shop);
}

/* A new generation of the store: whole chunks are known still, pieces of old ones are not. */
static void test_generations(void **state)
{
	struct fm_buf text = {.max = BODY_MAX};
	struct shop shop;
	struct prompt p;

	(void)state;
	put_document(&text, 5, 900, 0, "");
	open_shop(&shop, 40000); /* the text is longer, so that every prompt has its own */
	make_prompt(&shop, fm_span_of("S."), fm_buf_span(&text), &p);
	fm_prefix_keep(shop.cache, &p.of, 1);
	free_prompt(&p);
	make_prompt(&shop, fm_span_of("S."), fm_buf_span(&text), &p);
	assert_int_equal(fm_prefix_read(shop.cache, &p.of), p.view.tokens);
	free_prompt(&p);
	make_prompt(&shop, fm_span_of("S."), fm_span_first(fm_buf_span(&text), 40), &p);
	assert_int_equal(fm_prefix_read(shop.cache, &p.of), 2);
	free_prompt(&p);
	close_shop(&shop);
	fm_buf_free(&text);
}

static struct count_case {
	const char *name;
	uint64_t block, min, shared, tokens, cached, written;
} counts[] = {
	{"whole blocks",              128, 1024, 1300, 2000, 1280, 640 },
	{"fewer than the least",      128, 1024, 1000, 2000, 0,    1920},
	{"never the last token",      1,   1,    2000, 2000, 1999, 1   },
	{"nor with it a whole block", 128, 128,  1280, 1280, 1152, 128 },
	{"too short to be written",   128, 1024, 0,    900,  0,    0   },
	{"nothing at all",            1,   1,    0,    0,    0,    0   },
};

static void test_counts(void **state)
{
	const struct count_case *c = *state;
	struct fm_caching caching = {
		.block_tokens = c->block, .min_tokens = c->min, .writes = true};

	assert_int_equal(fm_cached_tokens(&caching, c->shared, c->tokens), c->cached);
	assert_int_equal(fm_written_tokens(&caching, c->cached, c->tokens), c->written);
	caching.writes = false;
	assert_int_equal(fm_written_tokens(&caching, c->cached, c->tokens), 0);
}

static void test_vendors(void **state)
{
	(void)state;
	assert_int_equal(fm_caching_of(FM_VENDOR_OPENAI).block_tokens, 128);
	assert_int_equal(fm_caching_of(FM_VENDOR_OPENAI).min_tokens, 1024);
	assert_int_equal(fm_caching_of(FM_VENDOR_OPENAI).ttl_ns, 300 * FM_NS_PER_S);
	assert_false(fm_caching_of(FM_VENDOR_OPENAI).writes);
	assert_true(fm_caching_of(FM_VENDOR_ANTHROPIC).writes);
	assert_int_equal(fm_caching_of(FM_VENDOR_DEEPSEEK).block_tokens, 64);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_shared),   cmocka_unit_test(test_when),
		cmocka_unit_test(test_messages), cmocka_unit_test(test_generations),
		cmocka_unit_test(test_vendors),
	};
	struct CMUnitTest tests[FM_COUNT(counts) + FM_COUNT(others)];

	for (size_t i = 0; i < FM_COUNT(counts); i++)
		tests[i] = (struct CMUnitTest){counts[i].name, test_counts, NULL, NULL, &counts[i]};
	memcpy(tests + FM_COUNT(counts), others, sizeof others);
	return cmocka_run_group_tests_name("sim/prefix", tests, NULL, NULL) != 0;
}
