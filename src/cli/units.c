#include "cli/units.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/num.h"
#include "cli/command.h"
#include "text/json.h"
#include "text/json_write.h"
#include "text/utf8.h"
#include "token/units.h"

#define CHUNK_BYTES ((size_t)64 << 10)
#define LINE_BYTES_MAX ((size_t)8 << 10) /* a unit of 256 bytes, escaped, and its numbers */
#define PPM 1000000

struct listing {
	struct fm_units *units;
	uint64_t met;
	uint64_t left_out; /* of them, too long for a price, or with a NUL that no line can hold */
};

static enum fm_code meet_all(struct listing *l, struct fm_span text, struct fm_err *err)
{
	const size_t valid = fm_utf8_check(text);
	enum fm_code rc = FM_OK;

	if (valid < text.len)
		return fm_fail(err, FM_E_FORMAT, "not UTF-8 at byte %zu", valid);
	while (text.len > 0 && rc == FM_OK) {
		const struct fm_span unit = fm_span_first(text, fm_unit_len(text));

		l->met++;
		if (unit.len > FM_UNIT_BYTES_MAX || fm_span_find_byte(unit, '\0') < unit.len)
			l->left_out++;
		else
			rc = fm_units_meet(l->units, unit, err);
		text = fm_span_skip(text, unit.len);
	}
	return rc;
}

static enum fm_code meet_file(struct listing *l, const char *path, struct fm_err *err)
{
	struct fm_map map = {0};
	enum fm_code rc = fm_map_open(path, &map, err);

	if (rc == FM_OK)
		rc = meet_all(l, map.bytes, err);
	fm_map_close(&map);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", path);
}

static void put_unit(const struct fm_unit *unit, uint64_t covered_ppm, struct fm_buf *buf)
{
	struct fm_json_writer w = {.buf = buf};

	fm_json_object(&w, NULL);
	fm_json_text(&w, "unit", unit->text);
	fm_json_string(&w, "anchor", fm_unit_anchor(unit->text));
	fm_json_u64(&w, "times", unit->number);
	fm_json_u64(&w, "covered_ppm", covered_ppm);
	fm_json_end_object(&w);
	fm_buf_putc(buf, '\n');
}

static enum fm_code tell_all(struct fm_call *call, const struct listing *l, struct fm_err *err)
{
	const size_t count = fm_units_count(l->units);
	const struct fm_unit **sorted = fm_units_sorted(l->units, true, call->arena);
	const uint64_t met = l->met > 0 ? l->met : 1;
	uint64_t covered = 0;
	struct fm_buf buf;
	enum fm_code rc = FM_OK;

	fm_buf_init(&buf, CHUNK_BYTES + LINE_BYTES_MAX);
	for (size_t i = 0; i < count && rc == FM_OK; i++) {
		covered += sorted[i]->number;
		put_unit(sorted[i], covered * PPM / met, &buf);
		if (buf.len < CHUNK_BYTES && i + 1 < count)
			continue;
		rc = fm_tell(fm_buf_span(&buf), err);
		fm_buf_clear(&buf);
	}
	fm_buf_free(&buf);
	return rc;
}

enum fm_code fm_units_tell(struct fm_call *call, const char *const *paths, size_t path_count,
                           struct fm_err *err)
{
	struct listing l = {.units = fm_units_open()};
	char different[FM_NUM_TEXT_MAX];
	char met[FM_NUM_TEXT_MAX];
	char left_out[FM_NUM_TEXT_MAX];
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < path_count && rc == FM_OK; i++)
		rc = meet_file(&l, paths[i], err);
	if (rc == FM_OK)
		rc = tell_all(call, &l, err);
	if (rc == FM_OK && !call->common.quiet)
		fm_say("%s different units of %s; %s left out, for they are too long to price",
		       fm_num_grouped(fm_units_count(l.units), different),
		       fm_num_grouped(l.met, met), fm_num_grouped(l.left_out, left_out));
	fm_units_close(l.units);
	return rc;
}

static enum fm_code read_price(void *ctx, struct fm_span line, struct fm_err *err)
{
	struct fm_units *prices = ctx;
	struct fm_json json = {0};
	struct fm_span unit;
	uint64_t tokens;
	enum fm_code rc = fm_json_open(line, &json, err);

	if (rc != FM_OK)
		return rc;
	if (!fm_value_text(fm_value_get(json.root, "unit"), &unit))
		rc = fm_fail(err, FM_E_FORMAT, "there is no \"unit\"");
	else if (!fm_value_u64(fm_value_get(json.root, "tokens"), &tokens))
		rc = fm_fail(err, FM_E_FORMAT, "\"tokens\" is not a whole number");
	else
		rc = fm_units_price(prices, unit, tokens, err);
	fm_json_close(&json);
	return rc;
}

enum fm_code fm_units_read(const char *path, struct fm_units **ret_prices, struct fm_err *err)
{
	struct fm_units *prices = fm_units_open();
	enum fm_code rc = fm_file_each_line(path, read_price, prices, err);

	if (rc == FM_OK && fm_units_count(prices) == 0)
		rc = fm_fail(err, FM_E_FORMAT, "%s: no prices", path);
	if (rc == FM_OK) {
		*ret_prices = prices;
		prices = NULL; /* the caller's now */
	}
	fm_units_close(prices);
	return rc;
}
