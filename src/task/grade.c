#include "answer_internal.h"
#include "task_internal.h"
#include "value_internal.h"

/* What an answer names and says, in one way of reading it. */
struct reading {
	enum fm_reading how;
	struct fm_span text;
	uint32_t found; /* asked values */
	bool names_decoy;
	bool names_other; /* a value that was not planted */
	bool abstains;
	bool empty;
};

static bool is_among(const char value[FM_VALUE_LEN], const struct fm_span *values, size_t count)
{
	const struct fm_span text = fm_span_make(value, FM_VALUE_LEN);

	for (size_t i = 0; i < count; i++)
		if (fm_answer_names(text, values[i], FM_READ_LENIENT))
			return true;
	return false;
}

static bool names_other(const struct fm_question *question, struct fm_span text,
                        enum fm_reading how)
{
	char value[FM_VALUE_LEN];

	while (fm_answer_next_value(&text, how, value))
		if (!is_among(value, question->expected, question->expected_count) &&
		    !is_among(value, question->decoys, question->decoy_count))
			return true;
	return false;
}

static void read_answer(const struct fm_task *task, const struct fm_question *question,
                        struct reading *reading)
{
	const struct fm_words_list *phrases = &task->words.abstentions;
	const struct fm_span text = reading->text;

	for (size_t i = 0; i < question->expected_count; i++)
		if (fm_answer_names(text, question->expected[i], reading->how))
			reading->found++;
	for (size_t i = 0; i < question->decoy_count && !reading->names_decoy; i++)
		reading->names_decoy = fm_answer_names(text, question->decoys[i], reading->how);
	reading->names_other = names_other(question, text, reading->how);
	for (size_t i = 0; i < phrases->count && !reading->abstains; i++)
		reading->abstains = fm_answer_says(text, phrases->items[i]);
	reading->empty = fm_span_trim(text).len == 0;
}

/*
 * An answer that names a value has not abstained, whatever else it says. One that names the asked
 * value and another has not told which of them it means: it is wrong, not half right.
 */
static enum fm_outcome judge(const struct fm_question *question, const struct reading *reading)
{
	if (reading->names_other || (reading->names_decoy && reading->found > 0))
		return FM_WRONG_VALUE;
	if (reading->names_decoy)
		return FM_DISTRACTOR;
	if (reading->found > 0)
		return reading->found == question->expected_count ? FM_HIT : FM_MISS;
	if (reading->empty)
		return FM_EMPTY;
	if (reading->abstains)
		return FM_ABSTAINED;
	return FM_MISS;
}

struct fm_grade fm_task_grade(const struct fm_task *task, const struct fm_question *question,
                              struct fm_span answer)
{
	struct fm_buf text;
	struct reading strict = {.how = FM_READ_STRICT, .text = answer};
	struct reading lenient = {.how = FM_READ_LENIENT};
	struct fm_grade grade = {.grader = task->grader, .of = (uint32_t)question->expected_count};

	fm_answer_normalise(answer, &text);
	lenient.text = fm_buf_span(&text);
	read_answer(task, question, &strict);
	read_answer(task, question, &lenient);
	grade.outcome = judge(question, &lenient);
	grade.found = lenient.found;
	grade.strict = judge(question, &strict) == grade.outcome;
	fm_buf_free(&text);
	return grade;
}
