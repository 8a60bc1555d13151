#include "token/calibration.h"

#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/memory.h"
#include "counter_internal.h"
#include "find_internal.h"
#include "text/json.h"
#include "text/json_write.h"
#include "token/units.h"

#define VERSION 1        /* a factor alone */
#define VERSION_PRICED 2 /* prices of units besides */
#define FACTOR_MIN_PPB UINT64_C(10000000)
#define FACTOR_MAX_PPB UINT64_C(100000000000)

/* Two lists side by side: a third of what pairs would take to read. */
static void write_prices(const struct fm_calibration *calibration, struct fm_json_writer *w)
{
	const size_t count = fm_units_count(calibration->prices);
	struct fm_arena arena = {0};
	const struct fm_unit **units = fm_units_sorted(calibration->prices, false, &arena);

	fm_json_u64(w, "sample_units", calibration->unit_count);
	fm_json_u64(w, "sample_units_priced", calibration->priced_count);
	fm_json_list(w, "units");
	for (size_t i = 0; i < count; i++)
		fm_json_text(w, NULL, units[i]->text);
	fm_json_end_list(w);
	fm_json_list(w, "prices");
	for (size_t i = 0; i < count; i++)
		fm_json_u64(w, NULL, units[i]->number);
	fm_json_end_list(w);
	fm_arena_free(&arena);
}

void fm_calibration_write(const struct fm_calibration *calibration,
                          const struct fm_calibration_words *words, struct fm_buf *buf)
{
	struct fm_json_writer w = {.buf = buf};
	char digest[FM_ID_TEXT_MAX];

	fm_json_object(&w, NULL);
	fm_json_u64(&w, "fathom_calibration",
	            calibration->prices != NULL ? VERSION_PRICED : VERSION);
	fm_json_string(&w, "name", words->name);
	fm_json_string(&w, "base", fm_counter_name(words->base));
	fm_json_string(&w, "base_digest", fm_id_text(fm_counter_digest(words->base), digest));
	fm_json_u64(&w, "factor_ppb", calibration->factor_ppb);
	fm_json_u64(&w, "framing_tokens", calibration->framing_tokens);
	fm_json_u64(&w, "error_ppm", calibration->error_ppm);
	fm_json_u64(&w, "mean_error_ppm", calibration->mean_error_ppm);
	fm_json_u64(&w, "samples", calibration->sample_count);
	fm_json_string(&w, "fitted_on", words->fitted_on);
	if (calibration->prices != NULL)
		write_prices(calibration, &w);
	fm_json_end_object(&w);
	fm_buf_putc(buf, '\n');
}

bool fm_calibration_is(struct fm_span bytes)
{
	return fm_span_starts(bytes, FM_CALIBRATION_MAGIC);
}

const char *fm_calibration_path(const char *data_folder, const char *name, struct fm_id digest,
                                struct fm_arena *arena)
{
	return fm_arena_format(arena, "%s/tokenizers/%s-%016llx.calibration", data_folder, name,
	                       (unsigned long long)digest.high);
}

/* What the file says that changes counts. */
struct read_file {
	struct fm_arena arena;
	const char *name;
	const char *base; /* with its digest */
	uint64_t factor_ppb;
	uint64_t error_ppm;
	struct fm_id base_digest;
	struct fm_units *prices; /* or NULL */
};

static enum fm_code read_prices(const struct fm_value *root, struct read_file *file,
                                struct fm_err *err)
{
	const struct fm_value *units = fm_value_get(root, "units");
	const struct fm_value *prices = fm_value_get(root, "prices");
	const struct fm_value *price = fm_value_first(prices);
	enum fm_code rc = FM_OK;

	if (fm_value_kind(units) != FM_VALUE_LIST || fm_value_kind(prices) != FM_VALUE_LIST ||
	    fm_value_count(units) != fm_value_count(prices))
		return fm_fail(err, FM_E_FORMAT,
		               "units and prices are not two lists of one length");
	file->prices = fm_units_open();
	for (const struct fm_value *unit = fm_value_first(units); unit != NULL && rc == FM_OK;
	     unit = fm_value_next(unit)) {
		struct fm_span text;
		uint64_t tokens;

		if (!fm_value_text(unit, &text) || !fm_value_u64(price, &tokens))
			rc = fm_fail(err, FM_E_FORMAT, "a unit is no text, or its price no number");
		else
			rc = fm_units_price(file->prices, text, tokens, err);
		price = fm_value_next(price);
	}
	return rc;
}

static enum fm_code read_members(const struct fm_value *root, struct read_file *file,
                                 struct fm_err *err)
{
	struct fm_span name;
	struct fm_span base;
	struct fm_span digest;
	uint64_t version;

	if (!fm_value_u64(fm_value_get(root, "fathom_calibration"), &version))
		return fm_fail(err, FM_E_FORMAT, "not a calibration");
	if (version != VERSION && version != VERSION_PRICED)
		return fm_fail(err, FM_E_FORMAT,
		               "a calibration of version %llu, %d and %d are known here",
		               (unsigned long long)version, VERSION, VERSION_PRICED);
	if (!fm_value_text(fm_value_get(root, "name"), &name) || name.len == 0 ||
	    name.len >= FM_COUNTER_NAME_MAX)
		return fm_fail(err, FM_E_FORMAT, "the calibration has no name");
	if (!fm_value_text(fm_value_get(root, "base"), &base) || base.len == 0 ||
	    !fm_value_text(fm_value_get(root, "base_digest"), &digest) ||
	    !fm_id_parse(digest, &file->base_digest))
		return fm_fail(err, FM_E_FORMAT, "the calibration names no base and its digest");
	if (!fm_value_u64(fm_value_get(root, "factor_ppb"), &file->factor_ppb) ||
	    file->factor_ppb < FACTOR_MIN_PPB || file->factor_ppb > FACTOR_MAX_PPB)
		return fm_fail(err, FM_E_FORMAT, "factor_ppb is not from %llu to %llu",
		               (unsigned long long)FACTOR_MIN_PPB,
		               (unsigned long long)FACTOR_MAX_PPB);
	if (!fm_value_u64(fm_value_get(root, "error_ppm"), &file->error_ppm) ||
	    file->error_ppm > UINT32_MAX)
		return fm_fail(err, FM_E_FORMAT, "the calibration has no error_ppm");
	file->name = fm_arena_text(&file->arena, name);
	file->base = fm_arena_format(&file->arena, "%.*s@%.*s", FM_SPAN_ARGS(base),
	                             FM_SPAN_ARGS(digest));
	return version == VERSION_PRICED ? read_prices(root, file, err) : FM_OK;
}

static enum fm_code read_file(const char *path, struct read_file *file, struct fm_err *err)
{
	struct fm_json json = {0};
	struct fm_span bytes;
	enum fm_code rc = fm_file_read(path, FM_CALIBRATION_BYTES_MAX, &file->arena, &bytes, err);

	if (rc == FM_OK)
		rc = fm_json_open(bytes, &json, err);
	if (rc == FM_OK)
		rc = read_members(json.root, file, err);
	fm_json_close(&json);
	return rc;
}

struct calibrated {
	const struct fm_counter *base; /* the counter closes it */
	uint64_t own_ppb;
};

/* Their tokens: rounded, so that they do not add up. */
static uint64_t count(void *self, struct fm_span text, bool more)
{
	const struct calibrated *c = self;

	return fm_counter_scaled(more ? fm_counter_count_more(c->base, text)
	                              : fm_counter_count(c->base, text),
	                         c->own_ppb);
}

static bool adds_up(const void *self, struct fm_span before, struct fm_span after)
{
	(void)self;
	(void)before;
	(void)after;
	return false;
}

static void close_self(void *self)
{
	fm_memory_free(self);
}

static const struct fm_counter_kind kind = {count, adds_up, NULL, close_self, NULL};

/* Of what changes counts: not of its name, nor of how good the fit was. */
static struct fm_id digest_of(struct read_file *file)
{
	const char *prices = "";
	char id[FM_ID_TEXT_MAX];

	if (file->prices != NULL)
		prices = fm_arena_format(&file->arena, "prices=%s\n",
		                         fm_id_text(fm_units_digest(file->prices), id));
	return fm_hash128(fm_span_of(fm_arena_format(
		&file->arena, "fathom-calibration/%d\nbase=%s\nfactor_ppb=%llu\n%s",
		file->prices != NULL ? VERSION_PRICED : VERSION, fm_id_text(file->base_digest, id),
		(unsigned long long)file->factor_ppb, prices)));
}

/* Takes the base over. */
static struct fm_counter *make_counter(struct read_file *file, struct fm_counter *base)
{
	struct calibrated *self = fm_memory_take(sizeof *self);
	struct fm_counter *counter;

	*self = (struct calibrated){base, file->factor_ppb};
	counter = fm_counter_make(&kind, self, file->name, digest_of(file));
	counter->base = base;
	counter->own_ppb = file->factor_ppb;
	counter->unit_word_count = 0; /* nothing adds up, words neither */
	return counter;
}

enum fm_code fm_calibration_open(const char *path, const struct fm_counter_place *place,
                                 struct fm_counter **ret_counter, struct fm_err *err)
{
	struct read_file file = {0};
	struct fm_counter *base = NULL;
	struct fm_counter *counter;
	enum fm_code rc = read_file(path, &file, err);

	if (rc == FM_OK && fm_name_is_calibration(file.base, place))
		rc = fm_fail(err, FM_E_FORMAT, "its base %s is a calibration too", file.base);
	if (rc == FM_OK)
		rc = fm_counter_open(file.base, place, &base, err);
	if (rc != FM_OK)
		goto out;
	if (file.prices == NULL)
		counter = make_counter(&file, base);
	else
		counter = fm_priced_counter_make(file.prices, base, file.factor_ppb, file.name,
		                                 digest_of(&file));
	counter->calibrated = true;
	counter->error_ppm = (uint32_t)file.error_ppm;
	*ret_counter = counter;
	base = NULL; /* the counter's now, and the prices too */
	file.prices = NULL;
out:
	fm_counter_close(base);
	fm_units_close(file.prices);
	fm_arena_free(&file.arena);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", path);
}
