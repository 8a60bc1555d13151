#include "cli/corpus_keep.h"

#include <string.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/num.h"
#include "cli/plan_load.h"
#include "corpus/added.h"
#include "haystack/laid.h"
#include "text/escape.h"
#include "text/json_write.h"

#define TEXT_BYTES_MAX ((size_t)16 << 20)
#define MS_NS INT64_C(1000000)

/* All that a listing of corpora is made of. */
struct listing {
	struct fm_pack_about *packs;
	size_t pack_count;
	struct fm_added_corpus *added;
	size_t added_count;
	struct fm_laid *laid;
	size_t laid_count;
};

static enum fm_code list_laid(struct fm_call *call, struct listing *l, struct fm_err *err)
{
	const char *cache = NULL;
	const enum fm_code rc = fm_cache_folder(call->arena, &cache, err);

	return rc == FM_OK ? fm_laid_list(cache, call->arena, &l->laid, &l->laid_count, err) : rc;
}

static uint64_t laid_bytes(const struct listing *l, const char *corpus)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < l->laid_count; i++)
		if (corpus == NULL || fm_span_is(fm_span_of(l->laid[i].corpus), corpus))
			bytes += l->laid[i].bytes;
	return bytes;
}

static void put_added(const struct fm_added_corpus *a, struct fm_buf *buf)
{
	char bytes[FM_NUM_TEXT_MAX];

	fm_buf_putf(buf, "%-14s %s by %s, %s%s: ", a->name, fm_num_bytes_text(a->bytes, bytes),
	            fm_corpus_unit_name(a->spec.unit), fm_corpus_order_name(a->spec.order),
	            a->spec.wrap ? ", wraps" : "");
	fm_put_visible(buf, fm_span_of(a->spec.name), false);
	if (a->spec.pattern != NULL) {
		fm_buf_puts(buf, ", ");
		fm_put_visible(buf, fm_span_of(a->spec.pattern), false);
	}
	if (a->spec.field != NULL) {
		fm_buf_puts(buf, ", field ");
		fm_put_visible(buf, fm_span_of(a->spec.field), false);
	}
	fm_buf_putc(buf, '\n');
}

static void put_people(const struct listing *l, struct fm_buf *buf)
{
	char bytes[FM_NUM_TEXT_MAX];

	for (size_t i = 0; i < l->pack_count; i++)
		fm_buf_putf(buf, "%-14s %s%s\n", l->packs[i].name, l->packs[i].about,
		            l->packs[i].repeats ? "; repeats" : "");
	for (size_t i = 0; i < l->added_count; i++)
		put_added(&l->added[i], buf);
	if (l->laid_count > 0)
		fm_buf_putf(buf, "\n%zu laid haystack%s of %s: fathom corpus list --laid\n",
		            l->laid_count, l->laid_count == 1 ? "" : "s",
		            fm_num_bytes_text(laid_bytes(l, NULL), bytes));
}

static void put_json(const struct listing *l, struct fm_buf *buf)
{
	struct fm_json_writer w = {.buf = buf};

	fm_json_list(&w, NULL);
	for (size_t i = 0; i < l->pack_count; i++) {
		fm_json_object(&w, NULL);
		fm_json_string(&w, "name", l->packs[i].name);
		fm_json_string(&w, "about", l->packs[i].about);
		fm_json_bool(&w, "repeats", l->packs[i].repeats);
		fm_json_u64(&w, "laid_bytes", laid_bytes(l, l->packs[i].name));
		fm_json_end_object(&w);
	}
	for (size_t i = 0; i < l->added_count; i++) {
		const struct fm_added_corpus *a = &l->added[i];

		fm_json_object(&w, NULL);
		fm_json_string(&w, "name", a->name);
		fm_json_string(&w, "path", a->spec.name);
		fm_json_string(&w, "segment", fm_corpus_unit_name(a->spec.unit));
		fm_json_string(&w, "order", fm_corpus_order_name(a->spec.order));
		fm_json_bool(&w, "wrap", a->spec.wrap);
		fm_json_string(&w, "pattern", a->spec.pattern);
		fm_json_string(&w, "field", a->spec.field);
		fm_json_u64(&w, "bytes", a->bytes);
		fm_json_id(&w, "text", a->text);
		fm_json_u64(&w, "laid_bytes", laid_bytes(l, a->name));
		fm_json_end_object(&w);
	}
	fm_json_end_list(&w);
	fm_buf_putc(buf, '\n');
}

enum fm_code fm_corpus_tell_all(struct fm_call *call, struct fm_err *err)
{
	struct listing l = {0};
	struct fm_buf buf;
	enum fm_code rc = fm_corpus_packs(call->arena, &l.packs, &l.pack_count, err);

	if (rc == FM_OK)
		rc = fm_corpus_added(call->arena, &l.added, &l.added_count, err);
	/* Without a home there are no laid haystacks either. */
	if (rc == FM_OK && fm_env_cache_folder(call->arena) != NULL)
		rc = list_laid(call, &l, err);
	if (rc != FM_OK)
		return rc;
	fm_buf_init(&buf, TEXT_BYTES_MAX);
	if (call->common.json)
		put_json(&l, &buf);
	else
		put_people(&l, &buf);
	rc = fm_tell(fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	return rc;
}

static void put_laid_json(const struct listing *l, struct fm_buf *buf)
{
	struct fm_json_writer w = {.buf = buf};
	char at[FM_TIME_TEXT_MAX];

	fm_json_list(&w, NULL);
	for (size_t i = 0; i < l->laid_count; i++) {
		fm_json_object(&w, NULL);
		fm_json_string(&w, "folder", l->laid[i].name);
		fm_json_string(&w, "corpus", l->laid[i].corpus);
		fm_json_u64(&w, "bytes", l->laid[i].bytes);
		fm_json_string(&w, "used", fm_time_text(l->laid[i].used_ns / MS_NS, at));
		fm_json_bool(&w, "in_use", l->laid[i].in_use);
		fm_json_end_object(&w);
	}
	fm_json_end_list(&w);
	fm_buf_putc(buf, '\n');
}

static enum fm_code put_laid(const struct listing *l, struct fm_buf *buf, struct fm_err *err)
{
	char bytes[FM_NUM_TEXT_MAX];
	char at[FM_TIME_TEXT_MAX];
	uint64_t max = 0;
	const enum fm_code rc = fm_laid_bytes_max(&max, err);

	if (l->laid_count > 0)
		fm_buf_putf(buf, "%10s  %-16s  %-36s  corpus\n", "size", "last used (UTC)",
		            "folder");
	for (size_t i = 0; i < l->laid_count; i++) {
		fm_buf_putf(buf, "%10s  %.16s  %-36s  ", fm_num_bytes_text(l->laid[i].bytes, bytes),
		            fm_time_text(l->laid[i].used_ns / MS_NS, at), l->laid[i].name);
		fm_put_visible(buf, fm_span_of(l->laid[i].corpus), false);
		fm_buf_puts(buf, l->laid[i].in_use ? ", in use\n" : "\n");
	}
	fm_buf_putf(buf, "%10s  in %zu laid haystack%s",
	            fm_num_bytes_text(laid_bytes(l, NULL), bytes), l->laid_count,
	            l->laid_count == 1 ? "" : "s");
	fm_buf_putf(buf, "; beyond %s (FATHOM_CACHE_MAX) those used least recently go\n",
	            fm_num_bytes_text(max, bytes));
	return rc;
}

enum fm_code fm_corpus_tell_laid(struct fm_call *call, struct fm_err *err)
{
	struct listing l = {0};
	struct fm_buf buf;
	enum fm_code rc = list_laid(call, &l, err);

	if (rc != FM_OK)
		return rc;
	fm_buf_init(&buf, TEXT_BYTES_MAX);
	if (call->common.json)
		put_laid_json(&l, &buf);
	else
		rc = put_laid(&l, &buf, err);
	if (rc == FM_OK)
		rc = fm_tell(fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	return rc;
}

enum fm_code fm_corpus_tell_add(struct fm_call *call, const char *name, const char *path,
                                struct fm_err *err)
{
	struct fm_corpus_spec spec = {0};
	struct fm_added_corpus added = {0};
	struct listing l = {.added = &added, .added_count = 1};
	struct fm_buf buf;
	enum fm_code rc;

	/* Here nothing but a path can stand. */
	if (strpbrk(path, "/.") == NULL)
		path = fm_arena_format(call->arena, "./%s", path);
	rc = fm_corpus_opts_read(&call->corpus, path, &spec, err);
	if (rc == FM_OK)
		rc = fm_corpus_add(name, &spec, call->arena, &added, err);
	if (rc == FM_OK && fm_env_cache_folder(call->arena) != NULL)
		rc = list_laid(call, &l, err);
	if (rc != FM_OK)
		return rc;
	fm_buf_init(&buf, TEXT_BYTES_MAX);
	if (call->common.json)
		put_json(&l, &buf);
	else if (!call->common.quiet)
		put_added(&added, &buf);
	rc = fm_tell(fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	if (rc == FM_OK && !call->common.json && !call->common.quiet)
		fm_say_next(fm_arena_format(call->arena, "fathom corpus check %s", name));
	return rc;
}

static enum fm_code choose(const struct fm_clear_words *words, struct fm_laid_choice *choice,
                           struct fm_err *err)
{
	int64_t age_ns = 0;

	if (words->all ? words->corpus != NULL || words->older != NULL
	               : words->corpus == NULL && words->older == NULL)
		return fm_fail(err, FM_E_USAGE,
		               "corpus clear: say whose haystacks go with a corpus's name, or "
		               "--older 30d, or --all");
	if (words->older != NULL && !fm_num_duration(fm_span_of(words->older), &age_ns))
		return fm_fail(err, FM_E_USAGE, "--older: '%.40s' is no time; 30d or 12h is one",
		               words->older);
	choice->corpus = words->corpus;
	if (words->older != NULL)
		choice->unused_since_ns = fm_clock_wall_ms() * MS_NS - age_ns;
	return FM_OK;
}

static void put_cleared(const struct fm_laid_cleared *c, struct fm_buf *buf)
{
	char bytes[FM_NUM_TEXT_MAX];

	fm_buf_putf(buf, "cleared %llu laid haystack%s, %s", (unsigned long long)c->count,
	            c->count == 1 ? "" : "s", fm_num_bytes_text(c->bytes, bytes));
	if (c->in_use > 0)
		fm_buf_putf(buf, "; %llu in use stay%s", (unsigned long long)c->in_use,
		            c->in_use == 1 ? "s" : "");
	else if (c->count == 0)
		fm_buf_puts(buf, ": there is none of that kind (fathom corpus list --laid)");
	fm_buf_putc(buf, '\n');
}

enum fm_code fm_corpus_tell_clear(struct fm_call *call, const struct fm_clear_words *words,
                                  struct fm_err *err)
{
	struct fm_laid_choice choice = {0};
	struct fm_laid_cleared cleared = {0};
	const char *cache = NULL;
	struct fm_buf buf;
	struct fm_json_writer w = {.buf = &buf};
	enum fm_code rc = choose(words, &choice, err);

	if (rc == FM_OK)
		rc = fm_cache_folder(call->arena, &cache, err);
	if (rc == FM_OK)
		rc = fm_laid_clear(cache, &choice, &cleared, err);
	if (rc != FM_OK)
		return rc;
	fm_buf_init(&buf, TEXT_BYTES_MAX);
	if (call->common.json) {
		fm_json_object(&w, NULL);
		fm_json_u64(&w, "haystacks", cleared.count);
		fm_json_u64(&w, "bytes", cleared.bytes);
		fm_json_u64(&w, "in_use", cleared.in_use);
		fm_json_end_object(&w);
		fm_buf_putc(&buf, '\n');
	} else {
		put_cleared(&cleared, &buf);
	}
	rc = fm_tell(fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	return rc;
}
