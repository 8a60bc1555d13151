#include "call_internal.h"

#include "base/clock.h"

/* About a token: an answer must be put together by its reader from several events. */
#define PIECE_BYTES 4

struct rendering {
	struct fm_call *call;
	struct fm_buf event;
	size_t capacity;
};

static void end_event(struct rendering *r)
{
	struct fm_call *call = r->call;

	if (call->event_count == r->capacity) {
		const size_t more = r->capacity == 0 ? 64 : r->capacity * 2;
		struct fm_span *events = fm_arena_array(&call->arena, more, sizeof(struct fm_span));

		for (size_t i = 0; i < call->event_count; i++)
			events[i] = call->events[i];
		call->events = events;
		r->capacity = more;
	}
	call->events[call->event_count++] = fm_arena_copy(&call->arena, fm_buf_span(&r->event));
	fm_buf_clear(&r->event);
}

static struct fm_span take_piece(struct fm_span *rest)
{
	size_t len = 1;
	struct fm_span piece;

	while (len < rest->len && (((unsigned char)rest->ptr[len] & 0xc0) == 0x80 ||
	                           (len < PIECE_BYTES && rest->ptr[len] != ' ')))
		len++;
	piece = fm_span_first(*rest, len);
	*rest = fm_span_skip(*rest, len);
	return piece;
}

typedef void (*put_fn)(struct fm_buf *buf, const struct fm_answer_head *head, struct fm_span text);

static void put_pieces(struct rendering *r, struct fm_span text, put_fn put)
{
	while (text.len > 0) {
		put(&r->event, &r->call->head, take_piece(&text));
		end_event(r);
	}
}

static void render_events(struct rendering *r, const struct fm_usage *usage)
{
	struct fm_call *call = r->call;

	fm_answer_put_role(&r->event, &call->head);
	end_event(r);
	put_pieces(r, call->said.reasoning, fm_answer_put_reasoning);
	put_pieces(r, call->said.text, fm_answer_put_content);
	put_pieces(r, call->said.refusal, fm_answer_put_refusal);
	fm_answer_put_stop(&r->event, &call->head, call->said.stop);
	end_event(r);
	if (call->asked.usage_asked) {
		fm_answer_put_usage(&r->event, &call->head, usage);
		end_event(r);
	}
	fm_answer_put_done(&r->event);
	end_event(r);
}

void fm_call_render(struct fm_call *call, uint64_t prompt_tokens)
{
	const struct fm_said *said = &call->said;
	struct rendering r = {.call = call, .event.max = (size_t)8 << 20};
	const struct fm_usage usage = {
		.in = (int64_t)prompt_tokens,
		.cached = 0,
		.written = FM_UNKNOWN,
		.out = (int64_t)(said->text_tokens + said->reasoning_tokens),
		.reasoning = (int64_t)said->reasoning_tokens,
	};
	const struct fm_answer_whole whole = {.content = said->text,
	                                      .refusal = said->refusal,
	                                      .reasoning = said->reasoning,
	                                      .stop = said->stop,
	                                      .usage = usage};

	call->head = (struct fm_answer_head){
		.id = fm_arena_format(&call->arena, "chatcmpl-%016llx",
	                              (unsigned long long)call->asked.digest.low),
		.model = call->model->name,
		.created_s = fm_clock_wall_ms() / 1000,
		.usage_asked = call->asked.usage_asked,
	};
	if (call->asked.stream) {
		render_events(&r, &usage);
	} else {
		fm_answer_put_whole(&r.event, &call->head, &whole);
		end_event(&r);
	}
	fm_buf_free(&r.event);
}
