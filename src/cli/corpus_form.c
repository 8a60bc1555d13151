#include "cli/corpus_form.h"

/* What a text looks like, by what most of its first lines are. */

#define LOOK_BYTES 65536

/* Shares, in hundredths, from which on a text is of a form. */
#define HAN_PERCENT 20
#define RECORD_PERCENT 90
#define TABLE_PERCENT 80
#define C_PERCENT 30
#define PYTHON_PERCENT 15
#define TURN_PERCENT 60
#define PROSE_PERCENT 92 /* of its bytes are letters, blanks and the marks of sentences */

struct look {
	size_t lines;
	size_t records; /* in braces */
	size_t alike;   /* with as many commas as the first line, two or more */
	size_t c;
	size_t python;
	size_t functions; /* of Python: docstrings and long names alone read as prose */
	size_t turns;
	size_t commas; /* of the first line */
};

static bool is_part(size_t part, size_t whole, size_t percent)
{
	return whole > 0 && part * 100 >= whole * percent;
}

/* Lead bytes of the three-byte forms that Han characters have: one byte in three of a text of them. */
static bool is_han(struct fm_span text)
{
	size_t han = 0;

	for (size_t i = 0; i < text.len; i++)
		han += (unsigned char)text.ptr[i] >= 0xe4 && (unsigned char)text.ptr[i] <= 0xe9;
	return is_part(han, text.len, HAN_PERCENT);
}

static bool is_prose(struct fm_span text)
{
	size_t plain = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char c = text.ptr[i];

		plain += (fm_is_alnum(c) && !fm_is_digit(c)) || fm_is_space(c) || c == '.' ||
		         c == ',' || c == '\'' || c == '"' || (unsigned char)c >= 0x80;
	}
	return is_part(plain, text.len, PROSE_PERCENT);
}

/* Commas outside quotation marks. */
static size_t count_commas(struct fm_span line)
{
	size_t commas = 0;
	bool quoted = false;

	for (size_t i = 0; i < line.len; i++) {
		quoted = quoted != (line.ptr[i] == '"');
		commas += line.ptr[i] == ',' && !quoted;
	}
	return commas;
}

static bool starts_any(struct fm_span line, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fm_span_starts(line, words[i]))
			return true;
	return false;
}

static bool is_c(struct fm_span line)
{
	static const char *const starts[] = {"#include", "#define", "/*", "* ", "//"};

	return fm_span_ends(line, ";") || fm_span_ends(line, "{") || fm_span_ends(line, "}") ||
	       fm_span_ends(line, "*/") || starts_any(line, starts, FM_COUNT(starts));
}

static bool is_python(struct fm_span line)
{
	static const char *const starts[] = {"def ", "class ", "import ", "return ",
	                                     "@",    "self.",  "elif ",   "\"\"\"",
	                                     "# ",   "raise ", "assert "};

	return fm_span_ends(line, ":") || starts_any(line, starts, FM_COUNT(starts));
}

/* "Jorin Glarmley: ", a name of letters, not too long a one. */
static bool is_turn(struct fm_span line)
{
	const size_t colon = fm_span_find(line, fm_span_of(": "));

	if (colon >= line.len || colon > 40 || line.ptr[0] < 'A' || line.ptr[0] > 'Z')
		return false;
	for (size_t i = 0; i < colon; i++)
		if (fm_is_digit(line.ptr[i]) || line.ptr[i] == ',' || line.ptr[i] == '.')
			return false;
	return true;
}

static struct look look_at(struct fm_span text)
{
	struct look look = {0};

	for (struct fm_span rest = text, one; fm_span_split(&rest, '\n', &one);) {
		const struct fm_span line = fm_span_trim(one);
		const size_t commas = count_commas(line);

		if (line.len == 0)
			continue;
		if (look.lines++ == 0)
			look.commas = commas;
		look.records += line.ptr[0] == '{' && fm_span_ends(line, "}") && line.len > 2;
		look.alike += commas >= 2 && commas == look.commas;
		look.c += is_c(line);
		look.python += is_python(line);
		look.functions += fm_span_starts(line, "def ");
		look.turns += is_turn(line);
	}
	return look;
}

const struct fm_corpus_form *fm_corpus_form_guess(struct fm_span text)
{
	const struct fm_span first =
		fm_span_first(text, text.len < LOOK_BYTES ? text.len : LOOK_BYTES);
	const struct look look = look_at(first);

	if (is_han(first))
		return fm_corpus_form_find("chinese");
	if (is_part(look.records, look.lines, RECORD_PERCENT))
		return fm_corpus_form_find("jsonl");
	if (is_part(look.alike, look.lines, TABLE_PERCENT) && look.lines > 1)
		return fm_corpus_form_find("csv");
	if (look.functions > 0 && is_part(look.python, look.lines, PYTHON_PERCENT))
		return fm_corpus_form_find("python");
	if (is_prose(first))
		return fm_corpus_form_find(
			is_part(look.turns, look.lines, TURN_PERCENT) ? "dialogue" : "prose");
	if (is_part(look.c, look.lines, C_PERCENT))
		return fm_corpus_form_find("c");
	if (is_part(look.python, look.lines, PYTHON_PERCENT))
		return fm_corpus_form_find("python");
	return fm_corpus_form_find("logs");
}
