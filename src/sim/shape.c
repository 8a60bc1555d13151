#include "shape_internal.h"

#include <assert.h>
#include <string.h>

#include "base/macro.h"

/* What may be wrong with a chunk: its size is written otherwise, or a line end is missing. */
static const struct chunk_row {
	const char *size; /* NULL: the true one and `more` */
	int more;
	const char *behind_size;
	const char *behind_data;
} chunk_rows[] = {
	{NULL,		   0,  "\r\n",                  "\r\n"},
	{"-5",		   0,  "\r\n",                  "\r\n"},
	{"ffffffffffffffffffff", 0,  "\r\n",                  "\r\n"},
	{"zz",		   0,  "\r\n",                  "\r\n"},
	{"",		     0,  "\r\n",                  "\r\n"},
	{NULL,		   -3, "\r\n",                  "\r\n"},
	{NULL,		   3,  "\r\n",                  "\r\n"},
	{NULL,		   0,  "",		      "\r\n"},
	{NULL,		   0,  "\r\n",                  ""    },
	{NULL,		   0,  "\n",                    "\n"  },
	{NULL,		   0,  ";name=\"a value\"\r\n", "\r\n"},
	{NULL,		   0,  "\r\n",                  "\r\n"},
	{NULL,		   0,  "\r\n",                  "\r\n"},
	{NULL,		   0,  "\r\n",                  "\r\n"},
};
static const char *const chunk_names[] = {"right",     "negative", "overflow", "junk",    "empty",
                                          "short",     "long",     "no_crlf",  "joined",  "lf",
                                          "extension", "extra",    "no_last",  "trailer", NULL};

static_assert(FM_COUNT(chunk_names) == FM_COUNT(chunk_rows) + 1, "a name for each row");

/* How the last chunk is written. */
static const char *last_chunk(const struct fm_shape *shape)
{
	static const struct {
		const char *name, *bytes;
	} lasts[] = {
		{"extra",   "0\r\n\r\nHTTP/1.1 500 Never Asked For\r\nContent-Length: 3\r\n\r\nno!"},
		{"no_last", ""								     },
		{"trailer", "0\r\nX-Late: yes\r\nContent-Encoding: gzip\r\n\r\n"                   },
	};

	for (size_t i = 0; i < FM_COUNT(lasts); i++)
		if (strcmp(chunk_names[shape->chunk], lasts[i].name) == 0)
			return lasts[i].bytes;
	return "0\r\n\r\n";
}

/* A length as it is said: one that is not true, or two at once. */
static const struct length_row {
	const char *first;  /* NULL: the true one and `more` */
	const char *second; /* "=": the true one; NULL: none */
	int more;
	bool chunks; /* and a transfer coding, which is true */
} length_rows[] = {
	{NULL,		      NULL, 0,   false},
	{"-5",		      NULL, 0,   false},
	{"18446744073709551616",    NULL, 0,   false},
	{"99999999999999999999999", NULL, 0,   false},
	{"12abc",		   NULL, 0,   false},
	{"0",		       NULL, 0,   false},
	{NULL,		      NULL, -20, false},
	{NULL,		      NULL, 100, false},
	{NULL,		      "=",  0,   false},
	{NULL,		      "=",  100, false},
	{NULL,		      "7",  0,   false},
	{NULL,		      NULL, 0,   true },
	{NULL,		      NULL, -20, true },
};
static const char *const length_names[] = {"right",
                                           "negative",
                                           "overflow",
                                           "huge",
                                           "junk",
                                           "zero",
                                           "short",
                                           "long",
                                           "same",
                                           "differs",
                                           "differs_less",
                                           "and_chunks",
                                           "short_and_chunks",
                                           NULL};

static_assert(FM_COUNT(length_names) == FM_COUNT(length_rows) + 1, "a name for each row");

static const char *const framing_names[] = {"usual", "chunks", "length", "close", NULL};
static const char *const line_names[] = {"lf", "crlf", "cr", NULL};

static void read_swap(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_shape *shape = to;
	const struct fm_yaml *first = node->first;

	if (node->kind != FM_YAML_LIST || node->count != 2 || first->kind != FM_YAML_SCALAR ||
	    first->next->kind != FM_YAML_SCALAR || first->text.len == 0) {
		fm_walk_say(walk, node, "swap is a list of two texts: what goes, what comes");
		return;
	}
	shape->from = fm_arena_text(walk->arena, first->text);
	shape->to = fm_arena_text(walk->arena, first->next->text);
}

const char *fm_shape_read(struct fm_walk *walk, const struct fm_yaml *node, struct fm_shape *shape)
{
	static const struct fm_row rows[] = {
		{"framing",     FM_ROW_CHOICE,            offsetof(struct fm_shape, framing),  framing_names, NULL},
		{"lines",       FM_ROW_CHOICE,            offsetof(struct fm_shape, lines),    line_names,    NULL},
		{"chunk",       FM_ROW_CHOICE,            offsetof(struct fm_shape, chunk),    chunk_names,   NULL},
		{"length",      FM_ROW_CHOICE,            offsetof(struct fm_shape, length),   length_names,  NULL},
		{"encoding",    FM_ROW_TEXT,              offsetof(struct fm_shape, encoding), NULL,          NULL},
		{"type",        FM_ROW_TEXT,              offsetof(struct fm_shape, type),     NULL,          NULL},
		{"swap",        FM_ROW_CALL,              0,                        NULL,      read_swap    },
		{"header_lines", FM_ROW_COUNT, offsetof(struct fm_shape,            header_lines),      NULL,          NULL    },
		{"header_bytes", FM_ROW_BYTES, offsetof(struct fm_shape,            header_bytes),      NULL,          NULL},
		{"interim", FM_ROW_COUNT, offsetof(struct fm_shape,                 interim),      NULL,          NULL    },
	};
	const struct fm_yaml *last = node->first;

	fm_walk_map(walk, node, rows, FM_COUNT(rows), shape);
	if (shape->header_bytes > 0 && shape->header_lines == 0)
		shape->header_lines = 1;
	if (shape->chunk > 0 && shape->framing != FM_SHAPE_USUAL &&
	    shape->framing != FM_SHAPE_CHUNKS)
		fm_walk_say(walk, node, "a chunk needs framing: chunks");
	if (shape->header_lines > 1000000 || shape->header_bytes > ((uint64_t)16 << 20) ||
	    shape->interim > 100000 ||
	    shape->header_lines * (shape->header_bytes + 32) > ((uint64_t)16 << 20))
		fm_walk_say(walk, node, "headers have 16 MiB and 100,000 interim answers at most");
	while (last != NULL && last->next != NULL)
		last = last->next;
	return last != NULL && last->key != NULL ? fm_arena_text(walk->arena, last->key->text)
	                                         : "as";
}

/* One event, its line ends and words as the rule wants them. */
static void put_event(const struct fm_shape *shape, struct fm_span event, struct fm_buf *buf)
{
	static const char *const ends[] = {"\n", "\r\n", "\r"};
	const struct fm_span from = fm_span_of(shape->from);

	for (size_t i = 0; i < event.len;) {
		const struct fm_span rest = fm_span_skip(event, i);

		if (from.len > 0 && fm_span_starts(rest, shape->from)) {
			fm_buf_puts(buf, shape->to);
			i += from.len;
			continue;
		}
		if (rest.ptr[0] == '\n')
			fm_buf_puts(buf, ends[shape->lines]);
		else
			fm_buf_putc(buf, rest.ptr[0]);
		i++;
	}
}

/* The body as it is before any framing; `starts` are places in it. */
static void put_body(const struct fm_shape *shape, const struct fm_shape_text *text,
                     struct fm_buf *body, size_t *starts)
{
	struct fm_span codings = fm_span_of(shape->encoding);
	struct fm_span coding;

	for (size_t i = 0; i < text->count; i++) {
		starts[i] = body->len;
		if (text->stream)
			put_event(shape, text->events[i], body);
		else
			put_event(&(struct fm_shape){.from = shape->from, .to = shape->to},
			          text->events[i], body);
	}
	starts[text->count] = body->len;
	while (fm_span_split(&codings, ',', &coding)) {
		struct fm_buf coded = {.max = body->max};

		if (fm_encode(fm_span_trim(coding), fm_buf_span(body), &coded)) {
			fm_buf_clear(body);
			fm_buf_put(body, fm_buf_span(&coded));
			/* Events begin nowhere any more: the body is one piece. */
			for (size_t i = 1; i <= text->count; i++)
				starts[i] = body->len;
		}
		fm_buf_free(&coded);
	}
}

static void put_length(const struct fm_shape *shape, size_t len, struct fm_buf *buf)
{
	const struct length_row *row = &length_rows[shape->length];
	const int64_t said = (int64_t)len + row->more > 0 ? (int64_t)len + row->more : 0;

	if (row->first != NULL)
		fm_buf_putf(buf, "Content-Length: %s\r\n", row->first);
	else
		fm_buf_putf(buf, "Content-Length: %lld\r\n", (long long)said);
	if (row->second != NULL && row->second[0] == '=')
		fm_buf_putf(buf, "Content-Length: %zu\r\n", len);
	else if (row->second != NULL)
		fm_buf_putf(buf, "Content-Length: %s\r\n", row->second);
}

static enum fm_shape_framing framing_of(const struct fm_shape *shape, bool stream)
{
	if (shape->framing != FM_SHAPE_USUAL)
		return shape->framing;
	if (shape->length > 0)
		return length_rows[shape->length].chunks ? FM_SHAPE_CHUNKS : FM_SHAPE_LENGTH;
	return stream || shape->chunk > 0 ? FM_SHAPE_CHUNKS : FM_SHAPE_LENGTH;
}

static void put_head(const struct fm_shape *shape, const struct fm_shape_text *text, size_t len,
                     struct fm_buf *buf)
{
	const enum fm_shape_framing framing = framing_of(shape, text->stream);

	for (uint64_t i = 0; i < shape->interim; i++)
		fm_buf_puts(buf, "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n");
	fm_buf_puts(buf, "HTTP/1.1 200 OK\r\nConnection: close\r\n");
	for (uint64_t i = 0; i < shape->header_lines; i++) {
		fm_buf_putf(buf, "X-More-%llu: ", (unsigned long long)i);
		fm_buf_put_repeat(buf, "x", (size_t)shape->header_bytes);
		fm_buf_puts(buf, "\r\n");
	}
	fm_buf_putf(buf, "Content-Type: %s\r\n", shape->type != NULL ? shape->type : text->type);
	if (shape->encoding != NULL)
		fm_buf_putf(buf, "Content-Encoding: %s\r\n", shape->encoding);
	if (framing == FM_SHAPE_LENGTH || shape->length > 0)
		put_length(shape, len, buf);
	if (framing == FM_SHAPE_CHUNKS)
		fm_buf_puts(buf, "Transfer-Encoding: chunked\r\n");
	fm_buf_puts(buf, "\r\n");
}

static void put_chunk(const struct chunk_row *row, struct fm_span data, struct fm_buf *buf)
{
	const int64_t size = (int64_t)data.len + row->more;

	if (row->size != NULL)
		fm_buf_puts(buf, row->size);
	else
		fm_buf_putf(buf, "%llx", (unsigned long long)(size > 0 ? size : 1));
	fm_buf_puts(buf, row->behind_size);
	fm_buf_put(buf, data);
	fm_buf_puts(buf, row->behind_data);
}

/* Places in the body become places in the response. What is wrong is so in the second chunk. */
static void put_chunks(const struct fm_shape *shape, struct fm_span body, size_t count,
                       struct fm_buf *buf, size_t *starts)
{
	for (size_t i = 0; i < count; i++) {
		const struct fm_span data =
			fm_span_first(fm_span_skip(body, starts[i]), starts[i + 1] - starts[i]);
		const bool wrong = i == 1 || count == 1;

		starts[i] = buf->len;
		if (data.len > 0)
			put_chunk(&chunk_rows[wrong ? shape->chunk : 0], data, buf);
	}
	starts[count] = buf->len;
	fm_buf_puts(buf, last_chunk(shape));
}

bool fm_shape_render(const struct fm_shape *shape, const struct fm_shape_text *text,
                     struct fm_buf *buf, size_t *ret_starts)
{
	struct fm_buf body = {.max = FM_SHAPE_BYTES_MAX};
	const size_t swap = shape->from != NULL ? strlen(shape->to) : 0;
	size_t bytes = 0;

	/* An event may double: each of its bytes an end of line, or be swapped for more. */
	for (size_t i = 0; i < text->count; i++)
		bytes += text->events[i].len * (2 + swap) + 64;
	if (bytes > FM_SHAPE_BYTES_MAX / 2)
		return false;
	put_body(shape, text, &body, ret_starts);
	put_head(shape, text, body.len, buf);
	if (framing_of(shape, text->stream) == FM_SHAPE_CHUNKS) {
		put_chunks(shape, fm_buf_span(&body), text->count, buf, ret_starts);
	} else {
		for (size_t i = 0; i <= text->count; i++)
			ret_starts[i] += buf->len;
		fm_buf_put(buf, fm_buf_span(&body));
	}
	fm_buf_free(&body);
	return true;
}
