#include "cli/corpus_form.h"

#include <string.h>

#include "base/num.h"

/* The figures of a corpus beside those of real text. */

enum figure {
	FIGURE_RATIO,
	FIGURE_VOCABULARY,
	FIGURE_D2,
	FIGURE_D3,
	FIGURE_D4,
	FIGURE_D5,
	FIGURE_D6,
	FIGURE_D8,
	FIGURE_MEAN,
	FIGURE_SD,
	FIGURE_TOP50,
	FIGURE_HAPAX,
	FIGURE_THOUSAND,
	FIGURE_BURST,
	FIGURE_ENTROPY,
	FIGURE_LONGEST,
	FIGURE_REPEATED,
	FIGURE_REPEATED_SIX,
	FIGURE_UNIQUE,
	FIGURE_SHAPES,
	FIGURE_DIGITS,
	FIGURE_MARK,
	FIGURE_TURN,
	FIGURE_TURN_SD,
	FIGURE_ASKING,
	FIGURE_BLANK,
	FIGURE_COMMENTS,
	FIGURE_INDENT,
	FIGURE_NAMES,
	FIGURE_NAMES_ONCE,
	FIGURE_NAMES_TOP,
	FIGURE_NAMES_JOINED,
};

#define ANY UINT64_MAX
#define MILLI_OF_PPM 1000

/* One row; `low` and `high` are thousandths of the figure as it is printed. */
struct row {
	enum figure figure;
	unsigned digits; /* behind the point */
	const char *name;
	const char *real;
	const char *aim;
	uint64_t low;
	uint64_t high;
};

static const struct row prose_rows[] = {
	{FIGURE_RATIO,        2, "zstd -19 ratio",              "2.95-3.50", "4.2 or less",  0,       4200  },
	{FIGURE_VOCABULARY,   0, "distinct words of 80,000",    "6185-9369", "5000 or more", 5000000,
         ANY												},
	{FIGURE_D3,           3, "distinct 3-grams",            ".859-.909", ".80 or more",  800,     ANY   },
	{FIGURE_D4,           3, "distinct 4-grams",            ".951-.981", ".93 or more",  930,     ANY   },
	{FIGURE_D5,           3, "distinct 5-grams",            ".974-.995", ".97 or more",  970,     ANY   },
	{FIGURE_MEAN,         1, "words a sentence",            "18.6-39.5", "15 to 30",     15000,   30000 },
	{FIGURE_SD,           1, "  their standard deviation",  "14.3-30.7", "8 or more",    8000,    ANY   },
	{FIGURE_TOP50,        3, "share of the 50 commonest",   ".40-.47",   ".42 to .47",   420,     470   },
	{FIGURE_HAPAX,        3, "words seen once",             ".40-.49",   ".15 or more",  150,     ANY   },
	{FIGURE_THOUSAND,     0, "distinct words in 1,000",     "396-477",   "390 to 480",   390000,  480000},
	{FIGURE_BURST,        3, "  by the same, shuffled",     ".747-.918", ".82 to .92",   820,     920   },
	{FIGURE_ENTROPY,      2, "bits a word",                 "9.12-9.73", "9.0 or more",  9000,    ANY   },
	{FIGURE_LONGEST,      0, "longest run of words twice",  "17-65",     "20 or less",   0,       20000 },
	{FIGURE_REPEATED,     0, "sentences that stood before", ".1-3.6 %",  "none",         0,       0     },
	{FIGURE_REPEATED_SIX, 0, "  of six words or more",      "none",      "none",         0,       0     },
};

static const struct row long_prose_rows[] = {
	{FIGURE_RATIO,        2, "zstd -12 --long=27 ratio",    "",           "4.2 or less", 0,   4200},
	{FIGURE_VOCABULARY,   0, "distinct words",              "",           "",            0,   ANY },
	{FIGURE_D5,           3, "distinct 5-grams",            "",           ".88 or more", 880, ANY },
	{FIGURE_D8,           3, "distinct 8-grams",            "",           "",            0,   ANY },
	{FIGURE_LONGEST,      0, "longest run of words twice",  "",           "",            0,   ANY },
	{FIGURE_REPEATED,     0, "sentences that stood before", "short ones", "none",        0,   0   },
	{FIGURE_REPEATED_SIX, 0, "  of six words or more",      "none",       "none",        0,   0   },
};

static const struct row dialogue_rows[] = {
	{FIGURE_RATIO,        2, "zstd -19 ratio",              "", "4.8 or less", 0,     4800 },
	{FIGURE_VOCABULARY,   0, "distinct words of 80,000",    "", "",            0,     ANY  },
	{FIGURE_D3,           3, "distinct 3-grams",            "", "",            0,     ANY  },
	{FIGURE_D4,           3, "distinct 4-grams",            "", ".90 or more", 900,   ANY  },
	{FIGURE_D5,           3, "distinct 5-grams",            "", "",            0,     ANY  },
	{FIGURE_TURN,         1, "words a turn",                "", "8 to 30",     8000,  30000},
	{FIGURE_TURN_SD,      1, "  their standard deviation",  "", "10 or more",  10000, ANY  },
	{FIGURE_ASKING,       3, "turns that ask",              "", ".15 to .30",  150,   300  },
	{FIGURE_MEAN,         1, "words a sentence",            "", "",            0,     ANY  },
	{FIGURE_TOP50,        3, "share of the 50 commonest",   "", "",            0,     ANY  },
	{FIGURE_THOUSAND,     0, "distinct words in 1,000",     "", "",            0,     ANY  },
	{FIGURE_LONGEST,      0, "longest run of words twice",  "", "",            0,     ANY  },
	{FIGURE_REPEATED,     0, "sentences that stood before", "", "",            0,     ANY  },
	{FIGURE_REPEATED_SIX, 0, "  of six words or more",      "", "none",        0,     0    },
};

static const struct row han_rows[] = {
	{FIGURE_RATIO,      2, "zstd -19 ratio",              "3.00", "4.2 or less",  0,       4200 },
	{FIGURE_VOCABULARY, 0, "distinct characters",         "1327", "1300 or more", 1300000, ANY  },
	{FIGURE_D2,         3, "distinct 2-grams",            ".33",  "",             0,       ANY  },
	{FIGURE_D3,         3, "distinct 3-grams",            ".70",  "",             0,       ANY  },
	{FIGURE_D4,         3, "distinct 4-grams",            ".89",  ".85 or more",  850,     ANY  },
	{FIGURE_D6,         3, "distinct 6-grams",            ".985", ".96 or more",  960,     ANY  },
	{FIGURE_D8,         3, "distinct 8-grams",            ".997", ".98 or more",  980,     ANY  },
	{FIGURE_MEAN,       1, "characters a sentence",       "28.4", "20 to 40",     20000,   40000},
	{FIGURE_SD,         1, "  their standard deviation",  "15.2", "10 or more",   10000,   ANY  },
	{FIGURE_MARK,       1, "characters a mark",           "12.7", "",             0,       ANY  },
	{FIGURE_TOP50,      3, "share of the 50 commonest",   ".37",  "",             0,       ANY  },
	{FIGURE_LONGEST,    0, "longest run twice",           "",     "",             0,       ANY  },
	{FIGURE_REPEATED,   0, "sentences that stood before", "",     "none",         0,       0    },
};

static const struct row log_rows[] = {
	{FIGURE_RATIO,      2, "zstd -19 ratio",              "4.2-15.0", "5 to 12",     5000,   12000},
	{FIGURE_UNIQUE,     3, "distinct lines",              ".99",      ".98 or more", 980,    ANY  },
	{FIGURE_SHAPES,     3, "distinct shapes of lines",    ".36-.77",  ".30 to .80",  300,    800  },
	{FIGURE_D8,         3, "distinct 8-grams of tokens",  ".27-.50",  ".25 to .50",  250,    500  },
	{FIGURE_VOCABULARY, 0, "distinct words of 80,000",    "777",      "500 or more", 500000, ANY  },
	{FIGURE_DIGITS,     3, "digits of all bytes",         ".23-.33",  ".12 to .33",  120,    330  },
	{FIGURE_MEAN,       1, "tokens a line",               "",         "",            0,      ANY  },
	{FIGURE_SD,         1, "  their standard deviation",  "",         "",            0,      ANY  },
	{FIGURE_LONGEST,    0, "longest run of tokens twice", "",         "",            0,      ANY  },
};

static const struct row jsonl_rows[] = {
	{FIGURE_RATIO,      2, "zstd -19 ratio",              "3.4-11", "6 to 10",     6000, 10000},
	{FIGURE_UNIQUE,     3, "distinct lines",              "",       "all",         1000, ANY  },
	{FIGURE_SHAPES,     3, "distinct shapes of lines",    "",       "",            0,    ANY  },
	{FIGURE_D8,         3, "distinct 8-grams of tokens",  ".33",    ".30 or more", 300,  ANY  },
	{FIGURE_VOCABULARY, 0, "distinct words of 80,000",    "2576",   "",            0,    ANY  },
	{FIGURE_DIGITS,     3, "digits of all bytes",         "",       "",            0,    ANY  },
	{FIGURE_MEAN,       1, "tokens a line",               "",       "",            0,    ANY  },
	{FIGURE_SD,         1, "  their standard deviation",  "",       "",            0,    ANY  },
	{FIGURE_LONGEST,    0, "longest run of tokens twice", "",       "",            0,    ANY  },
};

static const struct row csv_rows[] = {
	{FIGURE_RATIO,      2, "zstd -19 ratio",              "3.0-24", "3 to 8", 3000, 8000},
	{FIGURE_UNIQUE,     3, "distinct lines",              "",       "",       0,    ANY },
	{FIGURE_SHAPES,     3, "distinct shapes of lines",    "",       "",       0,    ANY },
	{FIGURE_D8,         3, "distinct 8-grams of tokens",  ".95",    "",       0,    ANY },
	{FIGURE_VOCABULARY, 0, "distinct words of 80,000",    "",       "",       0,    ANY },
	{FIGURE_DIGITS,     3, "digits of all bytes",         "",       "",       0,    ANY },
	{FIGURE_MEAN,       1, "tokens a line",               "",       "",       0,    ANY },
	{FIGURE_SD,         1, "  their standard deviation",  "",       "",       0,    ANY },
	{FIGURE_LONGEST,    0, "longest run of tokens twice", "",       "",       0,    ANY },
};

static const struct row c_rows[] = {
	{FIGURE_RATIO,        2, "zstd -19 ratio",              "6.8",  "7 or less",    0,       7000},
	{FIGURE_UNIQUE,       3, "distinct lines",              ".67",  ".60 or more",  600,     ANY },
	{FIGURE_D8,           3, "distinct 8-grams of tokens",  ".65",  ".60 or more",  600,     ANY },
	{FIGURE_VOCABULARY,   0, "distinct words of 80,000",    "8242", "",             0,       ANY },
	{FIGURE_NAMES,        0, "distinct names of 30,000",    "",     "3000 or more", 3000000, ANY },
	{FIGURE_NAMES_ONCE,   3, "  of these, seen once",       ".55",  "",             0,       ANY },
	{FIGURE_NAMES_JOINED, 3, "  of these, with a _",        ".33",  "",             0,       ANY },
	{FIGURE_NAMES_TOP,    3, "share of the 20 commonest",   ".34",  "",             0,       ANY },
	{FIGURE_COMMENTS,     3, "comments of all bytes",       ".25",  ".15 to .30",   150,     300 },
	{FIGURE_BLANK,        3, "blank lines",                 ".09",  "",             0,       ANY },
	{FIGURE_INDENT,       1, "blanks before a line",        "",     "",             0,       ANY },
	{FIGURE_SHAPES,       3, "distinct shapes of lines",    "",     "",             0,       ANY },
	{FIGURE_DIGITS,       3, "digits of all bytes",         "",     "",             0,       ANY },
	{FIGURE_LONGEST,      0, "longest run of tokens twice", "",     "",             0,       ANY },
};

static const struct row python_rows[] = {
	{FIGURE_RATIO,        2, "zstd -19 ratio",              "4.9",  "6 or less",    0,       6000},
	{FIGURE_UNIQUE,       3, "distinct lines",              ".67",  ".60 or more",  600,     ANY },
	{FIGURE_D8,           3, "distinct 8-grams of tokens",  ".73",  ".60 or more",  600,     ANY },
	{FIGURE_VOCABULARY,   0, "distinct words of 80,000",    "7119", "",             0,       ANY },
	{FIGURE_NAMES,        0, "distinct names of 30,000",    "3435", "3000 or more", 3000000, ANY },
	{FIGURE_NAMES_ONCE,   3, "  of these, seen once",       "",     "",             0,       ANY },
	{FIGURE_NAMES_JOINED, 3, "  of these, with a _",        "",     "",             0,       ANY },
	{FIGURE_NAMES_TOP,    3, "share of the 20 commonest",   "",     "",             0,       ANY },
	{FIGURE_COMMENTS,     3, "comments of all bytes",       ".54",  ".15 to .55",   150,     550 },
	{FIGURE_BLANK,        3, "blank lines",                 ".15",  "",             0,       ANY },
	{FIGURE_INDENT,       1, "blanks before a line",        "8.5",  "",             0,       ANY },
	{FIGURE_SHAPES,       3, "distinct shapes of lines",    "",     "",             0,       ANY },
	{FIGURE_DIGITS,       3, "digits of all bytes",         "",     "",             0,       ANY },
	{FIGURE_LONGEST,      0, "longest run of tokens twice", "",     "",             0,       ANY },
};

static const struct row long_rows[] = {
	{FIGURE_RATIO,        2, "zstd -12 --long=27 ratio",     "", "", 0, ANY},
	{FIGURE_VOCABULARY,   0, "distinct words or characters", "", "", 0, ANY},
	{FIGURE_UNIQUE,       3, "distinct sentences or lines",  "", "", 0, ANY},
	{FIGURE_D8,           3, "distinct 8-grams",             "", "", 0, ANY},
	{FIGURE_LONGEST,      0, "longest run twice",            "", "", 0, ANY},
	{FIGURE_REPEATED,     0, "that stood before",            "", "", 0, ANY},
	{FIGURE_REPEATED_SIX, 0, "  of six units or more",       "", "", 0, ANY},
};

struct fm_corpus_form {
	const char *name;
	const char *unit;
	enum fm_measure_kind kind;
	enum fm_measure_comments comments;
	const struct row *rows;
	size_t count;
	const struct row *long_rows;
	size_t long_count;
};

static const struct fm_corpus_form forms[] = {
	{"prose",    "words",      FM_MEASURE_WORDS,      FM_COMMENTS_NONE,   prose_rows,    FM_COUNT(prose_rows),
         long_prose_rows,												     FM_COUNT(long_prose_rows)},
	{"dialogue", "words",      FM_MEASURE_WORDS,      FM_COMMENTS_NONE,   dialogue_rows,
         FM_COUNT(dialogue_rows),										  long_rows, FM_COUNT(long_rows)      },
	{"chinese",  "characters", FM_MEASURE_CHARACTERS, FM_COMMENTS_NONE,   han_rows,
         FM_COUNT(han_rows),										       long_rows, FM_COUNT(long_rows)      },
	{"logs",     "tokens",     FM_MEASURE_LINES,      FM_COMMENTS_NONE,   log_rows,      FM_COUNT(log_rows),
         long_rows,													   FM_COUNT(long_rows)      },
	{"jsonl",    "tokens",     FM_MEASURE_LINES,      FM_COMMENTS_NONE,   jsonl_rows,    FM_COUNT(jsonl_rows),
         long_rows,													   FM_COUNT(long_rows)      },
	{"csv",      "tokens",     FM_MEASURE_LINES,      FM_COMMENTS_NONE,   csv_rows,      FM_COUNT(csv_rows),
         long_rows,													   FM_COUNT(long_rows)      },
	{"c",        "tokens",     FM_MEASURE_LINES,      FM_COMMENTS_C,      c_rows,        FM_COUNT(c_rows),     long_rows,
         FM_COUNT(long_rows)															   },
	{"python",   "tokens",     FM_MEASURE_LINES,      FM_COMMENTS_PYTHON, python_rows,
         FM_COUNT(python_rows),										    long_rows, FM_COUNT(long_rows)      },
};

const struct fm_corpus_form *fm_corpus_form_find(const char *name)
{
	for (size_t i = 0; i < FM_COUNT(forms); i++)
		if (strcmp(forms[i].name, name) == 0)
			return &forms[i];
	return NULL;
}

const char *fm_corpus_form_name(const struct fm_corpus_form *form)
{
	return form->name;
}

const char *fm_corpus_form_unit(const struct fm_corpus_form *form)
{
	return form->unit;
}

enum fm_measure_kind fm_corpus_form_kind(const struct fm_corpus_form *form)
{
	return form->kind;
}

enum fm_measure_comments fm_corpus_form_comments(const struct fm_corpus_form *form)
{
	return form->comments;
}

static uint64_t gram_milli(const struct fm_measures *m, unsigned n)
{
	return m->distinct_ppm[n] / MILLI_OF_PPM;
}

static uint64_t line_milli(const struct fm_line_measures *line, enum figure figure)
{
	switch (figure) {
	case FIGURE_TURN:
		return line->words_milli;
	case FIGURE_TURN_SD:
		return line->words_sd_milli;
	case FIGURE_ASKING:
		return line->asking_ppm / MILLI_OF_PPM;
	case FIGURE_BLANK:
		return line->blank_ppm / MILLI_OF_PPM;
	case FIGURE_COMMENTS:
		return line->comments_ppm / MILLI_OF_PPM;
	case FIGURE_INDENT:
		return line->indent_milli;
	case FIGURE_NAMES:
		return line->names_distinct * 1000;
	case FIGURE_NAMES_ONCE:
		return line->names_once_ppm / MILLI_OF_PPM;
	case FIGURE_NAMES_TOP:
		return line->names_top20_ppm / MILLI_OF_PPM;
	case FIGURE_NAMES_JOINED:
		return line->names_joined_ppm / MILLI_OF_PPM;
	default:
		return 0;
	}
}

/* A row's figure in thousandths of what is printed. */
static uint64_t figure_milli(const struct fm_measures *m, enum figure figure)
{
	switch (figure) {
	case FIGURE_RATIO:
		return m->packed_bytes == 0 ? 0 : m->bytes * 1000 / m->packed_bytes;
	case FIGURE_VOCABULARY:
		return m->vocabulary * 1000;
	case FIGURE_D2:
		return gram_milli(m, 2);
	case FIGURE_D3:
		return gram_milli(m, 3);
	case FIGURE_D4:
		return gram_milli(m, 4);
	case FIGURE_D5:
		return gram_milli(m, 5);
	case FIGURE_D6:
		return gram_milli(m, 6);
	case FIGURE_D8:
		return gram_milli(m, 8);
	case FIGURE_MEAN:
		return m->sentence_mean_milli;
	case FIGURE_SD:
		return m->sentence_sd_milli;
	case FIGURE_TOP50:
		return m->top50_ppm / MILLI_OF_PPM;
	case FIGURE_HAPAX:
		return m->hapax_ppm / MILLI_OF_PPM;
	case FIGURE_THOUSAND:
		return m->thousand_milli;
	case FIGURE_BURST:
		return m->burst_ppm / MILLI_OF_PPM;
	case FIGURE_ENTROPY:
		return m->entropy_milli;
	case FIGURE_LONGEST:
		return m->longest_repeat * 1000;
	case FIGURE_REPEATED:
		return m->repeated * 1000;
	case FIGURE_REPEATED_SIX:
		return m->repeated_six * 1000;
	case FIGURE_UNIQUE:
		return m->sentences == 0 ? 0 : (m->sentences - m->repeated) * 1000 / m->sentences;
	case FIGURE_SHAPES:
		return m->shapes_ppm / MILLI_OF_PPM;
	case FIGURE_DIGITS:
		return m->digits_ppm / MILLI_OF_PPM;
	case FIGURE_MARK:
		return m->mark_every_milli;
	default:
		return line_milli(&m->line, figure);
	}
}

static const char *figure_text(uint64_t milli, unsigned digits, char text[FM_NUM_TEXT_MAX])
{
	static const uint64_t steps[] = {1000, 100, 10, 1};
	struct fm_buf buf;

	fm_buf_init(&buf, FM_NUM_TEXT_MAX);
	milli = (milli + steps[digits] / 2) / steps[digits];
	const uint64_t one = 1000 / steps[digits];

	if (digits == 0)
		fm_buf_putf(&buf, "%llu", (unsigned long long)milli);
	else
		fm_buf_putf(&buf, "%llu.%0*llu", (unsigned long long)(milli / one), (int)digits,
		            (unsigned long long)(milli % one));
	for (size_t i = 0; i <= buf.len; i++)
		text[i] = fm_buf_text(&buf)[i];
	fm_buf_free(&buf);
	return text;
}

/* Returns whether the row's aim is missed. */
static bool put_row(const struct row *row, const struct fm_measures *m, struct fm_buf *buf)
{
	const uint64_t milli = figure_milli(m, row->figure);
	const bool missed = milli < row->low || milli > row->high;
	char text[FM_NUM_TEXT_MAX];

	fm_buf_putf(buf, "  %-28s %8s   %-10s", row->name, figure_text(milli, row->digits, text),
	            row->real);
	if (row->aim[0] != '\0')
		fm_buf_putf(buf, "  %s%s", row->aim, missed ? "  (not met)" : "");
	while (buf->ptr[buf->len - 1] == ' ')
		buf->len--;
	fm_buf_putc(buf, '\n');
	return missed;
}

unsigned fm_corpus_form_table(const struct fm_corpus_form *form, const struct fm_measures *measures,
                              bool is_long, struct fm_buf *buf)
{
	const struct row *rows = is_long ? form->long_rows : form->rows;
	const size_t count = is_long ? form->long_count : form->count;
	unsigned missed = 0;

	fm_buf_putf(buf, "  %-28s %8s   %-10s  %s\n", "", "here", "real", "aim");
	for (size_t i = 0; i < count; i++)
		missed += put_row(&rows[i], measures, buf);
	return missed;
}

static void line_json(const struct fm_line_measures *line, struct fm_json_writer *w)
{
	fm_json_object(w, "line");
	fm_json_u64(w, "lines", line->lines);
	fm_json_u64(w, "blank_ppm", line->blank_ppm);
	fm_json_u64(w, "words_milli", line->words_milli);
	fm_json_u64(w, "words_sd_milli", line->words_sd_milli);
	fm_json_u64(w, "asking_ppm", line->asking_ppm);
	fm_json_u64(w, "indent_milli", line->indent_milli);
	fm_json_u64(w, "comments_ppm", line->comments_ppm);
	fm_json_u64(w, "names", line->names);
	fm_json_u64(w, "names_distinct", line->names_distinct);
	fm_json_u64(w, "names_once_ppm", line->names_once_ppm);
	fm_json_u64(w, "names_top20_ppm", line->names_top20_ppm);
	fm_json_u64(w, "names_joined_ppm", line->names_joined_ppm);
	fm_json_end_object(w);
}

void fm_corpus_form_json(const struct fm_measures *m, const char *name, struct fm_json_writer *w)
{
	static const char *const grams[] = {"",       "d1_ppm", "d2_ppm", "d3_ppm", "d4_ppm",
	                                    "d5_ppm", "d6_ppm", "d7_ppm", "d8_ppm"};

	fm_json_object(w, name);
	fm_json_u64(w, "bytes", m->bytes);
	fm_json_u64(w, "packed_bytes", m->packed_bytes);
	fm_json_u64(w, "units", m->units);
	fm_json_u64(w, "counted", m->counted);
	fm_json_u64(w, "vocabulary", m->vocabulary);
	for (size_t n = 1; n < FM_COUNT(grams); n++)
		fm_json_u64(w, grams[n], m->distinct_ppm[n]);
	fm_json_u64(w, "top50_ppm", m->top50_ppm);
	fm_json_u64(w, "hapax_ppm", m->hapax_ppm);
	fm_json_u64(w, "thousand_milli", m->thousand_milli);
	fm_json_u64(w, "burst_ppm", m->burst_ppm);
	fm_json_u64(w, "entropy_milli", m->entropy_milli);
	fm_json_u64(w, "longest_repeat", m->longest_repeat);
	fm_json_u64(w, "sentences", m->sentences);
	fm_json_u64(w, "sentence_mean_milli", m->sentence_mean_milli);
	fm_json_u64(w, "sentence_sd_milli", m->sentence_sd_milli);
	fm_json_u64(w, "repeated", m->repeated);
	fm_json_u64(w, "repeated_six", m->repeated_six);
	fm_json_u64(w, "shapes_ppm", m->shapes_ppm);
	fm_json_u64(w, "digits_ppm", m->digits_ppm);
	fm_json_u64(w, "mark_every_milli", m->mark_every_milli);
	line_json(&m->line, w);
	fm_json_end_object(w);
}
