#include "cli/corpus_check.h"

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
};

#define NO_END UINT64_MAX
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

static const struct row word_rows[] = {
	{FIGURE_RATIO,        2, "zstd -19 ratio",              "2.95-3.50", "4.2 or less",  0,       4200  },
	{FIGURE_VOCABULARY,   0, "distinct words of 80,000",    "6185-9369", "5000 or more", 5000000,
         NO_END											     },
	{FIGURE_D3,           3, "distinct 3-grams",            ".859-.909", ".80 or more",  800,     NO_END},
	{FIGURE_D4,           3, "distinct 4-grams",            ".951-.981", ".93 or more",  930,     NO_END},
	{FIGURE_D5,           3, "distinct 5-grams",            ".974-.995", ".97 or more",  970,     NO_END},
	{FIGURE_MEAN,         1, "words a sentence",            "18.6-39.5", "15 to 30",     15000,   30000 },
	{FIGURE_SD,           1, "  their standard deviation",  "14.3-30.7", "8 or more",    8000,    NO_END},
	{FIGURE_TOP50,        3, "share of the 50 commonest",   ".40-.47",   ".42 to .47",   420,     470   },
	{FIGURE_HAPAX,        3, "words seen once",             ".40-.49",   ".15 or more",  150,     NO_END},
	{FIGURE_THOUSAND,     0, "distinct words in 1,000",     "396-477",   "390 to 480",   390000,  480000},
	{FIGURE_BURST,        3, "  by the same, shuffled",     ".747-.918", ".82 to .92",   820,     920   },
	{FIGURE_ENTROPY,      2, "bits a word",                 "9.12-9.73", "9.0 or more",  9000,    NO_END},
	{FIGURE_LONGEST,      0, "longest run of words twice",  "17-65",     "20 or less",   0,       20000 },
	{FIGURE_REPEATED,     0, "sentences that stood before", ".1-3.6 %",  "none",         0,       0     },
	{FIGURE_REPEATED_SIX, 0, "  of six words or more",      "none",      "none",         0,       0     },
};

static const struct row long_word_rows[] = {
	{FIGURE_RATIO,        2, "zstd -12 --long=27 ratio",    "",           "4.2 or less", 0,   4200  },
	{FIGURE_VOCABULARY,   0, "distinct words",              "",           "",            0,   NO_END},
	{FIGURE_D5,           3, "distinct 5-grams",            "",           ".88 or more", 880, NO_END},
	{FIGURE_D8,           3, "distinct 8-grams",            "",           "",            0,   NO_END},
	{FIGURE_LONGEST,      0, "longest run of words twice",  "",           "",            0,   NO_END},
	{FIGURE_REPEATED,     0, "sentences that stood before", "short ones", "none",        0,   0     },
	{FIGURE_REPEATED_SIX, 0, "  of six words or more",      "none",       "none",        0,   0     },
};

static const struct row han_rows[] = {
	{FIGURE_RATIO,      2, "zstd ratio",                  "3.00", "4.2 or less",  0,       4200  },
	{FIGURE_VOCABULARY, 0, "distinct characters",         "1327", "1300 or more", 1300000, NO_END},
	{FIGURE_D2,         3, "distinct 2-grams",            ".33",  "",             0,       NO_END},
	{FIGURE_D3,         3, "distinct 3-grams",            ".70",  "",             0,       NO_END},
	{FIGURE_D4,         3, "distinct 4-grams",            ".89",  ".85 or more",  850,     NO_END},
	{FIGURE_D6,         3, "distinct 6-grams",            ".985", ".96 or more",  960,     NO_END},
	{FIGURE_D8,         3, "distinct 8-grams",            ".997", ".98 or more",  980,     NO_END},
	{FIGURE_MEAN,       1, "characters a sentence",       "28.4", "20 to 40",     20000,   40000 },
	{FIGURE_SD,         1, "  their standard deviation",  "15.2", "10 or more",   10000,   NO_END},
	{FIGURE_MARK,       1, "characters a mark",           "12.7", "",             0,       NO_END},
	{FIGURE_TOP50,      3, "share of the 50 commonest",   ".37",  "",             0,       NO_END},
	{FIGURE_LONGEST,    0, "longest run twice",           "",     "",             0,       NO_END},
	{FIGURE_REPEATED,   0, "sentences that stood before", "",     "none",         0,       0     },
};

static const struct row line_rows[] = {
	{FIGURE_RATIO,      2, "zstd ratio",                 "4.2-15.0", "", 0, NO_END},
	{FIGURE_UNIQUE,     3, "distinct lines",             ".50-.99",  "", 0, NO_END},
	{FIGURE_SHAPES,     3, "distinct shapes of lines",   ".36-.77",  "", 0, NO_END},
	{FIGURE_D8,         3, "distinct 8-grams of tokens", ".27-.95",  "", 0, NO_END},
	{FIGURE_VOCABULARY, 0, "distinct words of 80,000",   "777-8242", "", 0, NO_END},
	{FIGURE_DIGITS,     3, "digits of all bytes",        ".23-.33",  "", 0, NO_END},
	{FIGURE_MEAN,       1, "tokens a line",              "",         "", 0, NO_END},
	{FIGURE_SD,         1, "  their standard deviation", "",         "", 0, NO_END},
	{FIGURE_LONGEST,    0, "longest run twice",          "",         "", 0, NO_END},
};

static uint64_t gram_milli(const struct fm_measures *m, unsigned n)
{
	return m->distinct_ppm[n] / MILLI_OF_PPM;
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
	}
	return 0;
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

static void put_row(const struct row *row, const struct fm_measures *m, struct fm_buf *buf)
{
	const uint64_t milli = figure_milli(m, row->figure);
	char text[FM_NUM_TEXT_MAX];

	fm_buf_putf(buf, "  %-30s %9s", row->name, figure_text(milli, row->digits, text));
	if (row->real[0] != '\0' || row->aim[0] != '\0')
		fm_buf_putf(buf, "   %-12s", row->real);
	if (row->aim[0] != '\0')
		fm_buf_putf(buf, " %s%s", row->aim,
		            milli < row->low || milli > row->high ? "  (not met)" : "");
	while (buf->ptr[buf->len - 1] == ' ')
		buf->len--;
	fm_buf_putc(buf, '\n');
}

void fm_corpus_check_table(const struct fm_measures *measures, enum fm_measure_kind kind,
                           bool is_long, struct fm_buf *buf)
{
	const struct row *rows = line_rows;
	size_t count = FM_COUNT(line_rows);

	if (kind == FM_MEASURE_CHARACTERS) {
		rows = han_rows;
		count = FM_COUNT(han_rows);
	} else if (kind == FM_MEASURE_WORDS) {
		rows = is_long ? long_word_rows : word_rows;
		count = is_long ? FM_COUNT(long_word_rows) : FM_COUNT(word_rows);
	}
	for (size_t i = 0; i < count; i++)
		put_row(&rows[i], measures, buf);
}

void fm_corpus_check_json(const struct fm_measures *m, const char *name, struct fm_json_writer *w)
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
	fm_json_end_object(w);
}

/* Two in a hundred sentences are shorter, or longer: then length alone tells a needle. */
#define RARE_PERCENT 2
#define KNOWN_PERCENT 90 /* of its words but key and value */

void fm_corpus_check_needles(const struct fm_needle_look *look, struct fm_buf *buf)
{
	const struct fm_shine *s = &look->sum;
	const uint64_t all = s->sentences * look->needles;
	const uint64_t known = s->words == 0 ? 0 : s->known * 100 / s->words;
	const uint64_t shorter = all == 0 ? 0 : s->shorter * 100 / all;
	const uint64_t digits = s->sentences == 0 ? 0 : s->with_digits * 100 / s->sentences;

	fm_buf_putf(buf,
	            "  needles of %s: %llu %% of their words are known here, %llu %% of the "
	            "sentences are shorter, %llu %% have figures\n",
	            look->task, (unsigned long long)known, (unsigned long long)shorter,
	            (unsigned long long)digits);
	if (known < KNOWN_PERCENT)
		fm_buf_puts(buf, "    they shine: the text does not know their words\n");
	if (shorter < RARE_PERCENT || shorter > 100 - RARE_PERCENT)
		fm_buf_puts(buf, "    they shine: hardly a sentence is as long as they are\n");
	if (s->has_digits && digits < RARE_PERCENT)
		fm_buf_puts(buf, "    they shine: hardly a sentence has a figure in it\n");
}
