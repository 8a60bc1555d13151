#include "task/layout.h"

#include "base/buf.h"
#include "base/num.h"
#include "haystack/document.h"
#include "haystack/haystack.h"
#include "task/task.h"

#define WORDS_BYTES_MAX ((size_t)64 * 1024)

/* Separators stand where counts add up: LF before a sign, or " \n" behind a word. */
#define DOCUMENT_OPEN "<document>\n"
#define DOCUMENT_CLOSE "</document>"
#define PARAGRAPH_CLOSE " \n\n" /* ends a paragraph that the document left open */

static const struct shape {
	const char *name;
	bool question_before;
	bool question_behind;
} shapes[] = {
	{FM_LAYOUT_DEFAULT,  false, true },
	{"question-first/1", true,  false},
	{"both-ends/1",      true,  true },
};

/* The user's message around the document. */
struct frame {
	struct fm_span head;
	struct fm_span tail; /* with PARAGRAPH_CLOSE before it where that is needed */
	uint64_t head_tokens;
	uint64_t tail_tokens;
	uint64_t open_tail_tokens;
	size_t question_at;    /* in the tail; 0 when it is not there */
	size_t question_until; /* in the head; 0 when it is not there */
};

static const struct shape *shape_named(const char *name)
{
	for (size_t i = 0; i < FM_COUNT(shapes); i++)
		if (fm_span_is(fm_span_of(name), shapes[i].name))
			return &shapes[i];
	return NULL;
}

/*
 * Before a document the question leads its paragraph, behind it it is a paragraph of its own: a
 * reader that looks for it at either end of the message finds it.
 */
static struct frame make_frame(const struct fm_question *question, const struct shape *shape,
                               const char *salt, struct fm_arena *arena)
{
	struct frame frame = {0};
	struct fm_buf buf;

	fm_buf_init(&buf, WORDS_BYTES_MAX);
	if (salt[0] != '\0')
		fm_buf_putf(&buf, "%s\n", salt);
	if (shape->question_before) {
		fm_buf_put(&buf, question->question);
		frame.question_until = buf.len;
		fm_buf_puts(&buf, "\n");
		fm_buf_put(&buf, question->instruction);
		fm_buf_puts(&buf, "\n\n");
	}
	fm_buf_puts(&buf, DOCUMENT_OPEN);
	frame.head = fm_arena_copy(arena, fm_buf_span(&buf));
	fm_buf_clear(&buf);
	fm_buf_puts(&buf, PARAGRAPH_CLOSE DOCUMENT_CLOSE);
	if (shape->question_behind) {
		fm_buf_puts(&buf, "\n\n");
		fm_buf_put(&buf, question->instruction);
		fm_buf_puts(&buf, "\n\n");
		frame.question_at = buf.len;
		fm_buf_put(&buf, question->question);
	}
	frame.tail = fm_arena_copy(arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return frame;
}

static void count_frame(const struct fm_haystack *haystack, struct frame *frame)
{
	const size_t lead = sizeof PARAGRAPH_CLOSE - 1;

	frame->head_tokens = fm_haystack_count(haystack, frame->head);
	frame->open_tail_tokens = fm_haystack_count_more(haystack, frame->tail);
	frame->tail_tokens = fm_haystack_count_more(haystack, fm_span_skip(frame->tail, lead));
}

/* Tokens between needles and question, on whichever side of the document that stands last. */
static void measure_needles(const struct fm_haystack *haystack, const struct frame *frame,
                            uint64_t system_tokens, const struct fm_document *document,
                            struct fm_prompt *prompt, struct fm_span tail)
{
	const size_t skipped = frame->tail.len - tail.len;
	uint64_t behind = 0;
	uint64_t before = 0;

	if (frame->question_at > 0)
		behind = fm_haystack_count_more(haystack,
		                                fm_span_first(tail, frame->question_at - skipped));
	else
		before = frame->head_tokens -
		         fm_haystack_count(haystack,
		                           fm_span_first(frame->head, frame->question_until));
	for (size_t i = 0; i < prompt->needle_count; i++) {
		struct fm_needle *needle = &prompt->needles[i];
		/* Here the document stands behind other words. */
		const uint64_t lead = needle->at_tokens > 0 ? (uint64_t)document->lead_tokens : 0;
		const uint64_t at_tokens = needle->at_tokens - lead;

		needle->prompt_tokens = system_tokens + frame->head_tokens + at_tokens;
		if (frame->question_at > 0)
			needle->question_tokens += behind;
		else
			needle->question_tokens = before + at_tokens;
	}
}

/* Needles alone stand behind line ends, of which some tokenizers make other tokens when joined. */
static uint64_t count_whole(const struct fm_haystack *haystack, const struct fm_rope *rope)
{
	struct fm_buf buf;
	uint64_t tokens;

	fm_buf_init(&buf, SIZE_MAX);
	for (size_t i = 0; i < rope->count; i++)
		fm_buf_put(&buf, rope->pieces[i].raw);
	tokens = fm_haystack_count(haystack, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return tokens;
}

static struct fm_rope *add_message(struct fm_prompt *prompt, enum fm_role role)
{
	struct fm_message *message = &prompt->messages[prompt->count++];

	message->role = role;
	return &message->text;
}

static enum fm_code spec_document(const struct fm_layout_spec *spec, const struct frame *frame,
                                  uint64_t system_tokens, struct fm_document_spec *document,
                                  struct fm_err *err)
{
	const uint64_t words = system_tokens + frame->head_tokens + frame->tail_tokens;
	char text[FM_NUM_TEXT_MAX];
	char length[FM_NUM_TEXT_MAX];

	document->length_tokens = spec->length;
	document->alone = spec->length_of_document;
	document->open_tail = frame->tail;
	document->tail = fm_span_skip(frame->tail, sizeof PARAGRAPH_CLOSE - 1);
	if (spec->length_of_document || document->empty)
		return FM_OK;
	if (words >= spec->length)
		return fm_fail(err, FM_E_LIMIT,
		               "a prompt of %s tokens is too short: its words alone take %s",
		               fm_num_grouped(spec->length, length), fm_num_grouped(words, text));
	document->length_tokens = spec->length - words;
	document->closing_tokens = frame->open_tail_tokens - frame->tail_tokens;
	return FM_OK;
}

enum fm_code fm_layout_make(const struct fm_haystack *haystack, const struct fm_question *question,
                            const struct fm_layout_spec *spec, struct fm_arena *arena,
                            struct fm_prompt *ret_prompt, struct fm_err *err)
{
	const struct shape *shape = shape_named(spec->layout);
	const uint64_t system_tokens = fm_haystack_count(haystack, question->system);
	struct fm_document_spec document_spec = {.empty = question->control ==
	                                                  FM_CONTROL_NO_HAYSTACK,
	                                         .needle_count = question->needle_count};
	struct fm_document document;
	struct fm_prompt prompt = {0};
	struct fm_rope *user;
	struct frame frame;
	struct fm_span tail;
	enum fm_code rc;

	if (shape == NULL)
		return fm_fail(err, FM_E_USAGE,
		               "no layout is named \"%.60s\"; there are document-first/1, "
		               "question-first/1, both-ends/1",
		               spec->layout);
	frame = make_frame(question, shape, spec->salt, arena);
	count_frame(haystack, &frame);
	rc = spec_document(spec, &frame, system_tokens, &document_spec, err);
	if (rc != FM_OK)
		return rc;
	prompt.needle_count = question->needle_count;
	prompt.needles = fm_arena_array(arena, prompt.needle_count, sizeof *prompt.needles);
	for (size_t i = 0; i < prompt.needle_count; i++)
		prompt.needles[i] = question->needles[i];
	document_spec.needles = prompt.needles;
	rc = fm_document_lay(haystack, &document_spec, arena, &document, err);
	if (rc != FM_OK)
		return rc;
	if (question->system.len > 0)
		fm_rope_add_text(add_message(&prompt, FM_ROLE_SYSTEM), arena, question->system);
	user = add_message(&prompt, FM_ROLE_USER);
	tail = document.open_paragraph ? frame.tail
	                               : fm_span_skip(frame.tail, sizeof PARAGRAPH_CLOSE - 1);
	fm_rope_add_text(user, arena, frame.head);
	fm_rope_add_rope(user, arena, &document.text);
	fm_rope_add_text(user, arena, tail);
	measure_needles(haystack, &frame, system_tokens, &document, &prompt, tail);
	prompt.document_tokens = document.tokens;
	prompt.tokens = system_tokens + frame.head_tokens + document.tokens -
	                (uint64_t)document.lead_tokens +
	                (document.open_paragraph ? frame.open_tail_tokens : frame.tail_tokens);
	if (document_spec.empty)
		prompt.tokens = system_tokens + count_whole(haystack, user);
	*ret_prompt = prompt;
	return FM_OK;
}
