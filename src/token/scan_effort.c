#include "scan_pattern_internal.h"

#include <stdint.h>

/*
 * PCRE2 tries one way behind the other and has to give up after 2^32 steps. What is let through
 * takes, at each place of the text, at most WAYS_MAX ways times the bytes that are left: a text
 * would need a run of 16 MiB before that could be reached, and a pattern that was meant to.
 */
#define WAYS_MAX 256
#define UNBOUNDED_MAX 2 /* in each alternative; "\s*[\r\n]+" has two */
#define NEAR_MAX 9      /* {1,3} is a few ways; {1,100} is as good as unbounded */
#define GROUPS_MAX 32

struct effort {
	struct fm_span rest;
	struct fm_err *err;
	bool choice[GROUPS_MAX + 1]; /* may the group be matched in more than one way? */
	size_t depth;
	bool was_group;         /* what a repeat would stand behind */
	bool was_choice;        /* that group's */
	unsigned unbounded;     /* of this alternative */
	uint64_t ways, ways_of; /* of this alternative; of those before it */
};

static enum fm_code refuse(const struct effort *e, const char *what)
{
	return fm_fail(e->err, FM_E_FORMAT, "the pattern %s at \"%.*s\"", what,
	               (int)fm_span_first(e->rest, 20).len, e->rest.ptr);
}

static void choose(struct effort *e, uint64_t ways)
{
	for (size_t i = 0; i <= e->depth; i++)
		e->choice[i] = true;
	if (e->ways <= WAYS_MAX)
		e->ways *= ways;
}

/* The bytes of an escape, of a class or of a character. */
static size_t atom_bytes(struct fm_span rest)
{
	size_t len = 1;

	if (rest.ptr[0] == '\\')
		return fm_span_starts(rest, "\\p{") || fm_span_starts(rest, "\\P{")
		               ? fm_span_find_byte(rest, '}') + 1
		               : 2;
	if (rest.ptr[0] != '[')
		return 1;
	while (len < rest.len && rest.ptr[len] != ']')
		len += rest.ptr[len] == '\\' ? 2 : 1;
	return len + 1;
}

static enum fm_code open_group(struct effort *e)
{
	/* Contractions: each begins in its own way. */
	if (fm_span_starts(e->rest, "(?i:")) {
		e->was_group = true;
		e->was_choice = true;
		e->rest = fm_span_skip(e->rest, fm_span_find_byte(e->rest, ')') + 1);
		return FM_OK;
	}
	if (e->depth == GROUPS_MAX)
		return refuse(e, "has groups too deep");
	e->choice[++e->depth] = false;
	e->rest = fm_span_skip(e->rest, 1);
	if (fm_span_starts(e->rest, "?"))
		e->rest = fm_span_skip(e->rest, 2);
	return FM_OK;
}

/* How often at least and at most; a most of 0 is without end. */
static size_t read_repeat(struct fm_span rest, unsigned *ret_least, unsigned *ret_most)
{
	unsigned bounds[2] = {0, 0};
	size_t which = 0;
	size_t len = 1;

	*ret_least = rest.ptr[0] == '+' ? 1 : 0;
	*ret_most = rest.ptr[0] == '?' ? 1 : 0;
	if (rest.ptr[0] != '{')
		return len + (fm_span_starts(fm_span_skip(rest, 1), "+") ||
		              fm_span_starts(fm_span_skip(rest, 1), "?"));
	for (; len < rest.len && rest.ptr[len] != '}'; len++) {
		if (rest.ptr[len] == ',')
			which = 1;
		else if (bounds[which] < 100000)
			bounds[which] = bounds[which] * 10 + (unsigned)(rest.ptr[len] - '0');
	}
	*ret_least = bounds[0];
	*ret_most = bounds[which];
	return len + 1;
}

static enum fm_code take_repeat(struct effort *e)
{
	unsigned least;
	unsigned most;
	const size_t len = read_repeat(e->rest, &least, &most);
	const bool many = most != 1;

	if (many && e->was_group && e->was_choice)
		return refuse(e, "repeats what can be matched in several ways");
	if (most == 0 || most > least + NEAR_MAX) {
		e->unbounded += e->was_group ? 2 : 1;
		choose(e, 1);
	} else if (most != least) {
		choose(e, most - least + 1);
	}
	if (e->unbounded > UNBOUNDED_MAX)
		return refuse(e, "has too many repeats in one alternative");
	e->was_choice = (e->was_group && e->was_choice) || most != least;
	e->was_group = true; /* a repeat behind this one repeats it */
	e->rest = fm_span_skip(e->rest, len);
	return FM_OK;
}

static void end_alternative(struct effort *e)
{
	if (e->depth > 0) {
		choose(e, 2);
		return;
	}
	e->ways_of += e->ways;
	e->ways = 1;
	e->unbounded = 0;
}

static enum fm_code take_item(struct effort *e)
{
	const char c = e->rest.ptr[0];

	if (c == '(')
		return open_group(e);
	if (c == '?' || c == '*' || c == '+' || c == '{')
		return take_repeat(e);
	e->was_group = c == ')' && e->depth > 0;
	if (e->was_group)
		e->was_choice = e->choice[e->depth--];
	if (c == '|')
		end_alternative(e);
	e->rest = fm_span_skip(e->rest, atom_bytes(e->rest));
	return FM_OK;
}

enum fm_code fm_pattern_check_effort(struct fm_span pattern, struct fm_err *err)
{
	struct effort e = {.rest = pattern, .err = err, .ways = 1};
	enum fm_code rc = FM_OK;

	while (rc == FM_OK && e.rest.len > 0)
		rc = take_item(&e);
	if (rc == FM_OK && e.ways_of + e.ways > WAYS_MAX)
		rc = fm_fail(err, FM_E_FORMAT, "the pattern can be matched in too many ways");
	return rc;
}
