#include "cli/haystack_place.h"

#include <string.h>

#include "base/macro.h"
#include "base/num.h"
#include "sweep/depths.h"
#include "text/nearest.h"

#define PPM 1000000
#define WIDTH_PPM 10000 /* of a cluster */

struct reader {
	const struct fm_places_asked *asked;
	struct fm_depths depths;
	struct fm_place places[FM_NEEDLES_MAX];
	size_t count;
	struct fm_err *err;
};

static bool read_percent(struct fm_span text, uint32_t *ret_ppm)
{
	return fm_span_ends(text, "%") && fm_num_share(text, ret_ppm);
}

/* Where it begins: the one depth that was given, or a preset. */
static enum fm_code begin_at(const struct reader *r, uint32_t preset, uint32_t *ret_ppm)
{
	if (r->depths.count > 1)
		return fm_fail(r->err, FM_E_USAGE, "--place %s begins at one depth; -d names %zu",
		               r->asked->place, r->depths.count);
	*ret_ppm = r->depths.count == 1 ? r->depths.ppm[0] : preset;
	return FM_OK;
}

static void spread(struct reader *r, uint64_t from, uint64_t to)
{
	const uint64_t last = r->count > 1 ? r->count - 1 : 1;

	for (size_t i = 0; i < r->count; i++)
		r->places[i].depth_ppm = (uint32_t)(from + ((to - from) * i + last / 2) / last);
}

static enum fm_code place_evenly(struct reader *r, struct fm_span setting)
{
	uint32_t from = 0;
	const enum fm_code rc = begin_at(r, 0, &from);

	if (rc == FM_OK && setting.len > 0)
		return fm_fail(r->err, FM_E_USAGE,
		               "--place even has no setting; -d says where it begins");
	if (rc == FM_OK)
		spread(r, from, PPM);
	return rc;
}

static enum fm_code place_clustered(struct reader *r, struct fm_span setting)
{
	uint32_t width = WIDTH_PPM;
	uint32_t around = 0;
	uint32_t from;
	const enum fm_code rc = begin_at(r, PPM / 2, &around);

	if (rc != FM_OK)
		return rc;
	if (setting.len > 0 && !read_percent(setting, &width))
		return fm_fail(r->err, FM_E_USAGE,
		               "--place clustered:%.*s: expected a share of the filler, such as "
		               "clustered:2%%",
		               FM_SPAN_ARGS(setting));
	from = around > width / 2 ? around - width / 2 : 0;
	if (from > PPM - width)
		from = PPM - width;
	spread(r, from, (uint64_t)from + width);
	return FM_OK;
}

static enum fm_code fail_gap(const struct reader *r, struct fm_span gap)
{
	return fm_fail(r->err, FM_E_USAGE,
	               "--place gaps:…: '%.*s' is not a gap such as 500, 2k or 1.5%%",
	               FM_SPAN_ARGS(gap));
}

static enum fm_code add_gap(struct reader *r, struct fm_span gap, struct fm_place *at)
{
	uint32_t ppm = 0;
	uint64_t tokens = 0;
	char text[FM_NUM_TEXT_MAX];

	if (!read_percent(gap, &ppm) && (!fm_num_count(gap, &tokens) || tokens > UINT64_MAX / 4096))
		return fail_gap(r, gap);
	at->depth_ppm += ppm;
	at->more_tokens += tokens;
	if (at->depth_ppm > PPM)
		return fm_fail(
			r->err, FM_E_USAGE,
			"--place gaps:…: needle %zu would stand at %s of the filler; make the "
			"gaps smaller or begin at a smaller -d",
			r->count + 1, fm_num_percent_text(at->depth_ppm, text));
	return FM_OK;
}

/* As many needles as were asked for; else one more than there are gaps. */
static enum fm_code place_by_gaps(struct reader *r, struct fm_span setting)
{
	const size_t wanted = r->asked->needles > 0 ? r->asked->needles : FM_NEEDLES_MAX + 1;
	struct fm_span rest = setting;
	struct fm_span gap;
	struct fm_place at = {0};
	enum fm_code rc = begin_at(r, 0, &at.depth_ppm);

	if (rc == FM_OK && setting.len == 0)
		return fail_gap(r, setting);
	r->count = 0;
	while (rc == FM_OK && r->count < FM_NEEDLES_MAX) {
		r->places[r->count++] = at;
		if (rest.len == 0 && r->asked->needles > 0)
			rest = setting;
		if (r->count == wanted || !fm_span_split(&rest, ',', &gap))
			return FM_OK;
		rc = add_gap(r, fm_span_trim(gap), &at);
	}
	if (rc != FM_OK)
		return rc;
	return fm_fail(r->err, FM_E_USAGE, "--place gaps:…: a document takes %d needles at most",
	               FM_NEEDLES_MAX);
}

static enum fm_code place_by_depths(struct reader *r)
{
	const uint32_t needles = r->asked->needles;

	if (needles > 0 && needles != r->depths.count)
		return fm_fail(
			r->err, FM_E_USAGE,
			"--needles %u and %zu depth%s: give one of the two, or --place even, "
			"clustered or gaps:…",
			(unsigned)needles, r->depths.count, r->depths.count == 1 ? "" : "s");
	if (r->depths.count > FM_NEEDLES_MAX)
		return fm_fail(r->err, FM_E_USAGE, "-d: a document takes %d needles at most",
		               FM_NEEDLES_MAX);
	r->count = r->depths.count;
	for (size_t i = 0; i < r->count; i++)
		r->places[i].depth_ppm = r->depths.ppm[i];
	return FM_OK;
}

static const struct way {
	const char *name;
	enum fm_code (*place)(struct reader *r, struct fm_span setting);
} ways[] = {
	{"even",      place_evenly   },
	{"clustered", place_clustered},
	{"gaps",      place_by_gaps  },
};

static enum fm_code place_by_name(struct reader *r)
{
	const struct fm_span whole = fm_span_of(r->asked->place);
	const size_t colon = fm_span_find_byte(whole, ':');
	const struct fm_span name = fm_span_first(whole, colon);
	const char *names[FM_COUNT(ways)];
	const char *near;

	for (size_t i = 0; i < FM_COUNT(ways); i++) {
		names[i] = ways[i].name;
		if (fm_span_is(name, ways[i].name))
			return ways[i].place(r, fm_span_skip(whole, colon + 1));
	}
	near = fm_nearest(name, names, FM_COUNT(names));
	return fm_fail(r->err, FM_E_USAGE, "--place '%.40s' is not even, clustered or gaps:…%s%s%s",
	               r->asked->place, near == NULL ? "" : " (did you mean '",
	               near == NULL ? "" : near, near == NULL ? "" : "'?)");
}

enum fm_code fm_places_read(const struct fm_places_asked *asked, struct fm_arena *arena,
                            struct fm_place **ret_places, size_t *ret_count, struct fm_err *err)
{
	struct reader *r = fm_arena_take(arena, sizeof *r);
	size_t named;
	enum fm_code rc = FM_OK;

	*r = (struct reader){.asked = asked, .count = asked->needles, .err = err};
	if (asked->needles > FM_NEEDLES_MAX)
		return fm_fail(err, FM_E_USAGE, "--needles: a document takes %d at most",
		               FM_NEEDLES_MAX);
	if (asked->depth != NULL)
		rc = fm_depths_add(&r->depths, fm_span_of(asked->depth), err);
	if (rc != FM_OK)
		return fm_err_prefix(err, "--depth");
	named = r->depths.count;
	fm_depths_tidy(&r->depths);
	if (r->depths.count < named)
		return fm_fail(err, FM_E_USAGE,
		               "--depth names a depth twice; needles that stand close together "
		               "are --needles N --place clustered");
	if (asked->place != NULL && asked->needles == 0 &&
	    !fm_span_starts(fm_span_of(asked->place), "gaps:"))
		return fm_fail(err, FM_E_USAGE, "--place %.40s needs --needles N", asked->place);
	if (asked->place != NULL)
		rc = place_by_name(r);
	else if (r->depths.count > 0)
		rc = place_by_depths(r);
	else if (r->count > 1)
		rc = place_evenly(r, (struct fm_span){0});
	else
		r->places[(r->count = 1) - 1].depth_ppm = PPM / 2;
	*ret_places = r->places;
	*ret_count = r->count;
	return rc;
}
