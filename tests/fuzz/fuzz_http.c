#include "fuzz.h"

#include <assert.h>

#include "base/buf.h"
#include "serve/parse_internal.h"

#define OUT_MAX ((size_t)8 << 20)

struct reading {
	struct fm_buf head;
	struct fm_buf out;
	size_t scanned;
	bool in_body;
	bool over;
	struct fm_body body;
};

static void put_head(struct fm_buf *out, const struct fm_head *head)
{
	struct fm_span lines = head->lines;
	struct fm_span name;
	struct fm_span value;

	assert(head->request.length >= -1);
	assert(head->request.chunked == (head->request.length == -1));
	fm_buf_put(out, head->request.method);
	fm_buf_put(out, head->request.path);
	fm_buf_putf(out, "%lld%d%d", (long long)head->request.length, head->keep_alive, head->old);
	while (fm_head_line(&lines, &name, &value)) {
		fm_buf_put(out, name);
		fm_buf_put(out, value);
	}
}

static struct fm_span read_head(struct reading *r, struct fm_span bytes)
{
	const size_t before = r->head.len;
	struct fm_head head = {0};
	size_t size;
	int status;

	fm_buf_put(&r->head, bytes);
	size = fm_head_size(fm_buf_span(&r->head), &r->scanned);
	if (size == 0)
		return (struct fm_span){0};
	assert(size > before && size <= r->head.len);
	status = fm_head_parse(fm_span_first(fm_buf_span(&r->head), size), &head);
	r->over = status != 0;
	r->in_body = !r->over;
	if (r->over) {
		fm_buf_putf(&r->out, "%d", status);
		return (struct fm_span){0};
	}
	put_head(&r->out, &head);
	r->body = fm_body_start(&head.request);
	return fm_span_skip(bytes, size - before);
}

static void read_bytes(struct reading *r, struct fm_span bytes)
{
	struct fm_span piece;

	if (!r->in_body && !r->over)
		bytes = read_head(r, bytes);
	while (r->in_body && fm_body_next(&r->body, &bytes, &piece))
		fm_buf_put(&r->out, piece);
	if (!r->in_body || (r->body.state != FM_BODY_DONE && r->body.state != FM_BODY_BAD))
		return;
	fm_buf_puts(&r->out, r->body.state == FM_BODY_DONE ? "]" : "!");
	r->in_body = false;
	r->over = true;
}

static void read_all(struct fm_span input, size_t step, struct fm_buf *ret_out)
{
	struct reading r = {0};

	fm_buf_init(&r.head, OUT_MAX);
	fm_buf_init(&r.out, OUT_MAX);
	for (; input.len > 0; input = fm_span_skip(input, step))
		read_bytes(&r, fm_span_first(input, step));
	fm_buf_free(&r.head);
	*ret_out = r.out;
}

/* A request reads the same however its bytes are cut; the first byte says one of the cuts. */
void fuzz_one(struct fm_span input)
{
	struct fm_buf want;

	if (input.len < 2 || input.len > (size_t)1 << 18)
		return;
	const size_t steps[] = {1, 1 + (unsigned char)input.ptr[0]};

	input = fm_span_skip(input, 1);
	read_all(input, input.len, &want);
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct fm_buf got;

		read_all(input, steps[i], &got);
		assert(fm_span_equal(fm_buf_span(&got), fm_buf_span(&want)));
		fm_buf_free(&got);
	}
	fm_buf_free(&want);
}
