#include "scan_internal.h"

#include "base/hash.h"
#include "base/num.h"

#define RUN_HEAD "{\"t\":\"run\",\"v\":"
#define X_HEAD ",\"x\":\""
#define X_LEN (sizeof X_HEAD - 1 + 16 + 2) /* ,"x":"0123456789abcdef"} */

/* The members that stand first in every line, in the order in which they always stand (D8). */
struct head {
	struct fm_span type;
	uint64_t version; /* 0 for every line but the run's */
	uint64_t number;
};

static bool take(struct fm_span *rest, const char *text)
{
	if (!fm_span_starts(*rest, text))
		return false;
	*rest = fm_span_skip(*rest, fm_span_of(text).len);
	return true;
}

static bool take_number(struct fm_span *rest, uint64_t *ret_number)
{
	const size_t len = fm_span_find_byte(*rest, ',');

	if (!fm_num_u64(fm_span_first(*rest, len), ret_number))
		return false;
	*rest = fm_span_skip(*rest, len + 1);
	return true;
}

static bool read_head(struct fm_span rest, struct head *ret_head)
{
	struct head head = {0};

	if (!take(&rest, "{\"t\":\""))
		return false;
	head.type = fm_span_first(rest, fm_span_find_byte(rest, '"'));
	rest = fm_span_skip(rest, head.type.len);
	if (!take(&rest, "\","))
		return false;
	if (take(&rest, "\"v\":") && !take_number(&rest, &head.version))
		return false;
	if (!take(&rest, "\"i\":") || !take_number(&rest, &head.number))
		return false;
	*ret_head = head;
	return true;
}

/* Does the line end in an `x` at all, right or wrong? */
static bool has_x(struct fm_span line)
{
	const struct fm_span tail = fm_span_skip(line, line.len < X_LEN ? 0 : line.len - X_LEN);
	uint64_t x;

	return tail.len == X_LEN && fm_span_starts(tail, X_HEAD) && fm_span_ends(tail, "\"}") &&
	       fm_num_hex64(fm_span_make(tail.ptr + sizeof X_HEAD - 1, 16), &x);
}

static bool x_fits(struct fm_span line)
{
	const struct fm_span sealed = fm_span_first(line, line.len - X_LEN);
	uint64_t x;

	return fm_num_hex64(fm_span_make(sealed.ptr + sealed.len + sizeof X_HEAD - 1, 16), &x) &&
	       x == fm_hash64(sealed);
}

static enum fm_code fail_foreign(const struct fm_scan *scan, struct fm_err *err)
{
	return fm_fail(err, FM_E_FORMAT,
	               "%s: not a fathom journal; move it away, or name another run with --as NAME",
	               scan->file);
}

static enum fm_code fail_newer(const struct fm_scan *scan, uint64_t version, struct fm_err *err)
{
	return fm_fail(err, FM_E_CHANGED,
	               "%s: format %llu, written by a newer fathom; this one reads format %d",
	               scan->file, (unsigned long long)version, FM_JOURNAL_VERSION);
}

static enum fm_code fail_damaged(const struct fm_scan *scan, struct fm_err *err)
{
	return fm_fail(err, FM_E_FORMAT,
	               "%s:%llu: damaged: the line does not fit its check sum x; restore the file "
	               "from a copy, or begin a new run with --as NAME",
	               scan->file, (unsigned long long)scan->line + 1);
}

static enum fm_code fail_gap(const struct fm_scan *scan, const struct head *head,
                             struct fm_err *err)
{
	return fm_fail(err, FM_E_FORMAT,
	               "%s:%llu: `i` is %llu where %llu must come: lines are missing or moved; "
	               "restore the file from a copy, or begin a new run with --as NAME",
	               scan->file, (unsigned long long)scan->line + 1,
	               (unsigned long long)head->number, (unsigned long long)scan->line);
}

/* A first line without its `x` is no journal of ours, unless it begins as one of ours begins. */
static enum fm_code judge_unsealed(const struct fm_scan *scan, struct fm_span line,
                                   struct fm_err *err)
{
	uint64_t version;

	if (scan->line > 0)
		return fail_damaged(scan, err);
	if (!take(&line, RUN_HEAD))
		return fail_foreign(scan, err);
	if (take_number(&line, &version) && version > FM_JOURNAL_VERSION)
		return fail_newer(scan, version, err);
	return fail_damaged(scan, err);
}

static enum fm_code judge_line(const struct fm_scan *scan, struct fm_span line, struct head *head,
                               struct fm_err *err)
{
	if (!has_x(line))
		return judge_unsealed(scan, line, err);
	if (!x_fits(line))
		return fail_damaged(scan, err);
	if (!read_head(line, head))
		return scan->line == 0 ? fail_foreign(scan, err) : fail_damaged(scan, err);
	if (scan->line == 0 && !fm_span_starts(line, RUN_HEAD))
		return fail_foreign(scan, err);
	if (head->version > FM_JOURNAL_VERSION)
		return fail_newer(scan, head->version, err);
	if (head->number != scan->line)
		return fail_gap(scan, head, err);
	return FM_OK;
}

/* What is torn off at the very start must still look like a run line, or it is another's file. */
static enum fm_code judge_tail(const struct fm_scan *scan, struct fm_span tail, struct fm_err *err)
{
	const struct fm_span run = fm_span_first(fm_span_of(RUN_HEAD), tail.len);

	if (scan->line == 0 && !fm_span_equal(fm_span_first(tail, run.len), run))
		return fail_foreign(scan, err);
	return FM_OK;
}

enum fm_code fm_scan_next(struct fm_scan *scan, struct fm_scan_line *ret_line, struct fm_err *err)
{
	const struct fm_span rest = fm_span_skip(scan->bytes, scan->at);
	const size_t len = fm_span_find_byte(rest, '\n');
	struct head head = {0};
	enum fm_code rc;

	if (len == rest.len) {
		rc = judge_tail(scan, rest, err);
		if (rc == FM_OK)
			*ret_line = (struct fm_scan_line){0};
		return rc;
	}
	const struct fm_span line = fm_span_first(rest, len);

	rc = judge_line(scan, line, &head, err);
	if (rc != FM_OK)
		return rc;
	scan->at += len + 1;
	scan->line++;
	*ret_line = (struct fm_scan_line){.json = line, .type = head.type};
	return FM_OK;
}
