#include "wire/answer.h"

#include "text/json_write.h"

/* The words of openai-node's type; what it has no word for is told by the nearest one. */
static const char *stop_word(enum fm_stop stop)
{
	switch (stop) {
	case FM_STOP_NONE:
		return NULL;
	case FM_STOP_LENGTH:
	case FM_STOP_CONTEXT_FULL:
		return "length";
	case FM_STOP_CONTENT_FILTER:
		return "content_filter";
	case FM_STOP_TOOL:
		return "tool_calls";
	case FM_STOP_ERROR:
		return "error";
	case FM_STOP_STOP:
	case FM_STOP_REFUSAL: /* the text stands in `refusal` */
	case FM_STOP_COUNT:
	default:
		return "stop";
	}
}

static void put_head(struct fm_json_writer *w, const struct fm_answer_head *head,
                     const char *object)
{
	fm_json_object(w, NULL);
	fm_json_string(w, "id", head->id);
	fm_json_string(w, "object", object);
	fm_json_i64(w, "created", head->created_s);
	fm_json_string(w, "model", head->model);
}

static void put_usage(struct fm_json_writer *w, const struct fm_usage *usage)
{
	const int64_t in = usage->in > 0 ? usage->in : 0;
	const int64_t out = usage->out > 0 ? usage->out : 0;

	fm_json_object(w, "usage");
	fm_json_i64(w, "prompt_tokens", in);
	fm_json_i64(w, "completion_tokens", out);
	fm_json_i64(w, "total_tokens", in + out);
	if (usage->cached >= 0) {
		fm_json_object(w, "prompt_tokens_details");
		fm_json_i64(w, "cached_tokens", usage->cached);
		fm_json_end_object(w);
	}
	if (usage->reasoning >= 0) {
		fm_json_object(w, "completion_tokens_details");
		fm_json_i64(w, "reasoning_tokens", usage->reasoning);
		fm_json_end_object(w);
	}
	fm_json_end_object(w);
}

static void begin_event(struct fm_json_writer *w, const struct fm_answer_head *head)
{
	fm_buf_puts(w->buf, "data: ");
	put_head(w, head, "chat.completion.chunk");
	fm_json_list(w, "choices");
}

static void end_event(struct fm_json_writer *w)
{
	fm_json_end_object(w);
	fm_buf_puts(w->buf, "\n\n");
}

static void end_choices(struct fm_json_writer *w, const struct fm_answer_head *head)
{
	fm_json_end_list(w);
	if (head->usage_asked)
		fm_json_null(w, "usage");
	end_event(w);
}

/* A chunk of one choice whose delta says at most one thing. */
static void put_chunk(struct fm_buf *buf, const struct fm_answer_head *head, const char *name,
                      struct fm_span text, enum fm_stop stop)
{
	struct fm_json_writer w = {buf, false};

	begin_event(&w, head);
	fm_json_object(&w, NULL);
	fm_json_u64(&w, "index", 0);
	fm_json_object(&w, "delta");
	if (name != NULL)
		fm_json_text(&w, name, text);
	fm_json_end_object(&w);
	fm_json_null(&w, "logprobs");
	fm_json_string(&w, "finish_reason", stop_word(stop));
	fm_json_end_object(&w);
	end_choices(&w, head);
}

void fm_answer_put_role(struct fm_buf *buf, const struct fm_answer_head *head)
{
	struct fm_json_writer w = {buf, false};

	begin_event(&w, head);
	fm_json_object(&w, NULL);
	fm_json_u64(&w, "index", 0);
	fm_json_object(&w, "delta");
	fm_json_string(&w, "role", "assistant");
	fm_json_string(&w, "content", "");
	fm_json_null(&w, "refusal");
	fm_json_end_object(&w);
	fm_json_null(&w, "logprobs");
	fm_json_null(&w, "finish_reason");
	fm_json_end_object(&w);
	end_choices(&w, head);
}

void fm_answer_put_content(struct fm_buf *buf, const struct fm_answer_head *head,
                           struct fm_span text)
{
	put_chunk(buf, head, "content", text, FM_STOP_NONE);
}

void fm_answer_put_reasoning(struct fm_buf *buf, const struct fm_answer_head *head,
                             struct fm_span text)
{
	put_chunk(buf, head, "reasoning_content", text, FM_STOP_NONE);
}

void fm_answer_put_refusal(struct fm_buf *buf, const struct fm_answer_head *head,
                           struct fm_span text)
{
	put_chunk(buf, head, "refusal", text, FM_STOP_NONE);
}

void fm_answer_put_stop(struct fm_buf *buf, const struct fm_answer_head *head, enum fm_stop stop)
{
	put_chunk(buf, head, NULL, (struct fm_span){0}, stop);
}

void fm_answer_put_usage(struct fm_buf *buf, const struct fm_answer_head *head,
                         const struct fm_usage *usage)
{
	struct fm_json_writer w = {buf, false};

	begin_event(&w, head);
	fm_json_end_list(&w);
	put_usage(&w, usage);
	end_event(&w);
}

void fm_answer_put_done(struct fm_buf *buf)
{
	fm_buf_puts(buf, "data: [DONE]\n\n");
}

void fm_answer_put_comment(struct fm_buf *buf, const char *text)
{
	fm_buf_puts(buf, ": ");
	fm_buf_puts(buf, text);
	fm_buf_puts(buf, "\n\n");
}

void fm_answer_put_data(struct fm_buf *buf, struct fm_span json)
{
	fm_buf_puts(buf, "data: ");
	fm_buf_put(buf, json);
	fm_buf_puts(buf, "\n\n");
}

void fm_answer_put_whole(struct fm_buf *buf, const struct fm_answer_head *head,
                         const struct fm_answer_whole *whole)
{
	struct fm_json_writer w = {buf, false};

	put_head(&w, head, "chat.completion");
	fm_json_list(&w, "choices");
	fm_json_object(&w, NULL);
	fm_json_u64(&w, "index", 0);
	fm_json_object(&w, "message");
	fm_json_string(&w, "role", "assistant");
	if (whole->refusal.len > 0) {
		fm_json_null(&w, "content");
		fm_json_text(&w, "refusal", whole->refusal);
	} else {
		fm_json_text(&w, "content", whole->content);
		fm_json_null(&w, "refusal");
	}
	if (whole->reasoning.len > 0)
		fm_json_text(&w, "reasoning_content", whole->reasoning);
	fm_json_end_object(&w);
	fm_json_null(&w, "logprobs");
	fm_json_string(&w, "finish_reason", stop_word(whole->stop));
	fm_json_end_object(&w);
	fm_json_end_list(&w);
	put_usage(&w, &whole->usage);
	fm_json_end_object(&w);
}

static void put_model(struct fm_json_writer *w, const struct fm_answer_model *model)
{
	fm_json_object(w, NULL);
	fm_json_string(w, "id", model->id);
	fm_json_string(w, "object", "model");
	fm_json_i64(w, "created", model->created_s);
	fm_json_string(w, "owned_by", model->owned_by);
	if (model->window > 0)
		fm_json_u64(w, "max_model_len", model->window);
	fm_json_end_object(w);
}

void fm_answer_put_model(struct fm_buf *buf, const struct fm_answer_model *model)
{
	struct fm_json_writer w = {buf, false};

	put_model(&w, model);
}

void fm_answer_put_models(struct fm_buf *buf, const struct fm_answer_model *models, size_t count)
{
	struct fm_json_writer w = {buf, false};

	fm_json_object(&w, NULL);
	fm_json_string(&w, "object", "list");
	fm_json_list(&w, "data");
	for (size_t i = 0; i < count; i++)
		put_model(&w, &models[i]);
	fm_json_end_list(&w);
	fm_json_end_object(&w);
}
