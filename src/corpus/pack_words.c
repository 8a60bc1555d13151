#include <string.h>

#include "base/memory.h"
#include "base/num.h"
#include "pack_parts_internal.h"

/* Words: their forms, regular ones by the pack's endings, and names made of syllables. */

#define WORD_BYTES_MAX 60
#define NAMES_MAX 65536
#define NAME_PARTS_MAX 6
#define SYLLABLES_MAX 128

static bool is_vowel(const struct fm_pack *pack, char c)
{
	return fm_span_find_byte(pack->article_letters, fm_to_lower(c)) < pack->article_letters.len;
}

static struct fm_term make_term(struct fm_pack *pack, struct fm_span text)
{
	const struct fm_span kept = fm_arena_copy(&pack->arena, text);

	return (struct fm_term){kept.ptr, (uint32_t)kept.len, is_vowel(pack, kept.ptr[0])};
}

/* The regular form: the first "from>to" whose `from` ends the word. */
static bool inflect(const char *word, struct fm_span endings, char ret_form[WORD_BYTES_MAX * 2])
{
	const struct fm_span base = fm_span_of(word);

	for (struct fm_span rest = endings, one; (one = fm_pack_take_word(&rest)).len > 0;) {
		const size_t at = fm_span_find_byte(one, '>');
		const struct fm_span from = fm_span_first(one, at);
		const struct fm_span to = fm_span_skip(one, at + 1);

		if (base.len < from.len || to.len > 8)
			continue;
		const size_t stem = base.len - from.len;

		if (memcmp(base.ptr + stem, from.ptr, from.len) != 0)
			continue;
		memcpy(ret_form, base.ptr, stem);
		memcpy(ret_form + stem, to.ptr, to.len);
		ret_form[stem + to.len] = '\0';
		return true;
	}
	return false;
}

static struct fm_term *more_terms(struct fm_pack_class *class)
{
	const size_t first = (size_t) class->word_count * class->form_count;

	for (uint32_t i = 0; i < class->form_count; i++)
		class->terms = fm_memory_more(class->terms, first + i, &class->terms_capacity,
		                              sizeof *class->terms);
	return class->terms + first;
}

static enum fm_code check_form(const struct fm_pack *pack, struct fm_span form,
                               struct fm_pack_at at, struct fm_err *err)
{
	if (pack->no_space && fm_span_find_byte(form, ' ') < form.len)
		return fm_fail(err, FM_E_FORMAT, "%s:%u: a blank stands in '%.*s'", at.file,
		               at.line, FM_SPAN_ARGS(form));
	if (form.len == 0)
		return fm_fail(err, FM_E_FORMAT, "%s:%u: an empty word or form", at.file, at.line);
	if (form.len > WORD_BYTES_MAX)
		return fm_fail(err, FM_E_FORMAT, "%s:%u: '%.*s' is longer than %d bytes", at.file,
		               at.line, FM_SPAN_ARGS(form), WORD_BYTES_MAX);
	return FM_OK;
}

enum fm_code fm_pack_add_word(struct fm_pack *pack, struct fm_pack_class *class,
                              struct fm_span text, struct fm_pack_at at, struct fm_err *err)
{
	const struct fm_pack_kind *kind = &pack->kinds[class->kind];
	const size_t flag = fm_span_find_byte(text, '^');
	struct fm_span rest = fm_span_first(text, flag);
	const struct fm_span article = fm_span_skip(text, flag + 1);
	struct fm_term *terms;
	struct fm_span form;
	const char *base;
	char regular[WORD_BYTES_MAX * 2];
	enum fm_code rc = FM_OK;

	if (!fm_span_split(&rest, '/', &form))
		return check_form(pack, rest, at, err);
	rc = check_form(pack, form, at, err);
	if (rc != FM_OK)
		return rc;
	rc = fm_pack_check_words(pack, form, at, err);
	if (rc != FM_OK)
		return rc;
	terms = more_terms(class);
	terms[0] = make_term(pack, form);
	base = terms[0].ptr;
	for (uint32_t i = 1; i < class->form_count; i++) {
		if (fm_span_split(&rest, '/', &form)) {
			rc = check_form(pack, form, at, err);
			if (rc != FM_OK)
				return rc;
		} else if (inflect(base, kind->endings[i], regular)) {
			form = fm_span_of(regular);
		} else {
			return fm_fail(err, FM_E_FORMAT, "%s:%u: '%s' has no form '%.*s'", at.file,
			               at.line, base, FM_SPAN_ARGS(kind->forms[i]));
		}
		rc = fm_pack_check_words(pack, form, at, err);
		if (rc != FM_OK)
			return rc;
		terms[i] = make_term(pack, form);
	}
	if (rest.len > 0)
		return fm_fail(err, FM_E_FORMAT, "%s:%u: '%s' has more forms than its kind",
		               at.file, at.line, base);
	if (flag < text.len) {
		if (!fm_span_is(article, "a") && !fm_span_is(article, "an"))
			return fm_fail(err, FM_E_FORMAT, "%s:%u: '%s' is marked ^%.*s: ^a or ^an",
			               at.file, at.line, base, FM_SPAN_ARGS(article));
		terms[0].vowel = article.len == 2;
	}
	class->word_count++;
	return FM_OK;
}

/* "onset vowel coda": each part's syllables, cut up once. */
struct syllables {
	struct fm_span list[NAME_PARTS_MAX][SYLLABLES_MAX];
	uint64_t counts[NAME_PARTS_MAX];
	uint32_t parts;
	uint64_t product;
};

static enum fm_code cut_syllables(const struct fm_pack *pack, struct fm_span parts,
                                  struct syllables *ret_cut, struct fm_pack_at at,
                                  struct fm_err *err)
{
	ret_cut->product = 1;
	for (struct fm_span rest = parts, name; (name = fm_pack_take_word(&rest)).len > 0;) {
		const uint32_t p = ret_cut->parts;
		size_t i = 0;
		uint64_t n = 0;

		while (i < pack->part_count && !fm_span_equal(pack->parts[i].name, name))
			i++;
		if (i == pack->part_count || p == NAME_PARTS_MAX)
			return fm_fail(err, FM_E_FORMAT, "%s:%u: no part is called '%.*s'", at.file,
			               at.line, FM_SPAN_ARGS(name));
		for (struct fm_span all = pack->parts[i].syllables, one;
		     (one = fm_pack_take_word(&all)).len > 0 && n < SYLLABLES_MAX; n++)
			ret_cut->list[p][n] = fm_span_is(one, "-") ? (struct fm_span){0} : one;
		ret_cut->counts[p] = n;
		ret_cut->product *= n;
		ret_cut->parts++;
	}
	return FM_OK;
}

/* A set of hashes, open addressing, for names that come out alike by different syllables. */
struct name_set {
	uint64_t *slots;
	uint64_t mask;
};

static bool name_is_new(struct name_set *set, struct fm_span name)
{
	const uint64_t hash = fm_hash64(name) | 1U;

	for (uint64_t i = hash >> 20;; i++) {
		uint64_t *slot = &set->slots[i & set->mask];

		if (*slot == hash)
			return false;
		if (*slot == 0) {
			*slot = hash;
			return true;
		}
	}
}

/* No letter thrice in a row: "Tralllow". */
static bool name_is_fair(struct fm_span name)
{
	if (name.len < 3)
		return false;
	for (size_t i = 2; i < name.len; i++) {
		const char c = fm_to_lower(name.ptr[i]);

		if (fm_to_lower(name.ptr[i - 1]) == c && fm_to_lower(name.ptr[i - 2]) == c)
			return false;
	}
	return true;
}

static struct fm_span spell(const struct syllables *cut, uint64_t index, char *to)
{
	size_t len = 0;

	for (uint32_t p = 0; p < cut->parts; p++) {
		const struct fm_span one = cut->list[p][index % cut->counts[p]];

		index /= cut->counts[p];
		if (one.len == 0 || len + one.len > WORD_BYTES_MAX)
			continue;
		memcpy(to + len, one.ptr, one.len);
		len += one.len;
	}
	return fm_span_make(to, len);
}

/* Near the golden share of the product, so that neighbours in the table share few syllables. */
static uint64_t coprime_step(uint64_t product)
{
	for (uint64_t step = product * 618 / 1000 | 1U;; step++) {
		uint64_t a = product;
		uint64_t b = step;

		while (b != 0) {
			const uint64_t left = a % b;

			a = b;
			b = left;
		}
		if (a == 1)
			return step;
	}
}

static void fill_names(struct fm_pack *pack, struct fm_pack_class *class,
                       const struct syllables *cut, uint64_t count)
{
	struct name_set set = {.mask = 4 * (uint64_t)NAMES_MAX - 1};
	const uint64_t step = coprime_step(cut->product);
	char spelled[WORD_BYTES_MAX];

	while (set.mask / 8 > count)
		set.mask /= 2;
	set.slots = fm_memory_take((set.mask + 1) * sizeof *set.slots);
	class->terms = fm_memory_take(count * sizeof *class->terms);
	class->terms_capacity = count;
	for (uint64_t i = 0; i < cut->product && class->word_count < count; i++) {
		const struct fm_span name = spell(cut, i * step % cut->product, spelled);

		if (name_is_fair(name) && fm_pack_name_is_clear(pack, name) &&
		    name_is_new(&set, name))
			class->terms[class->word_count++] = make_term(pack, name);
	}
	class->common_count = class->word_count;
	fm_memory_free(set.slots);
}

/* "surname 8192 = onset vowel coda ending" */
enum fm_code fm_pack_make_names(struct fm_pack *pack, struct fm_span declaration,
                                struct fm_pack_at at, struct fm_err *err)
{
	struct fm_pack_class class = {.is_names = true, .form_count = 1, .at = at};
	struct syllables cut = {0};
	uint64_t count = 0;
	enum fm_code rc;

	class.name = fm_pack_take_word(&declaration);
	const struct fm_span number = fm_pack_take_word(&declaration);

	if (!fm_num_u64(number, &count) || count < 16 || count > NAMES_MAX ||
	    (count & (count - 1)) != 0 || !fm_span_is(fm_pack_take_word(&declaration), "="))
		return fm_fail(err, FM_E_FORMAT,
		               "%s:%u: names are 'names NAME COUNT = PART…', COUNT a power of two "
		               "from 16 to %d",
		               at.file, at.line, NAMES_MAX);
	rc = cut_syllables(pack, declaration, &cut, at, err);
	if (rc != FM_OK)
		return rc;
	class.kind = 0;
	pack->classes = fm_memory_more(pack->classes, pack->class_count, &pack->class_capacity,
	                               sizeof *pack->classes);
	fill_names(pack, &class, &cut, count);
	pack->classes[pack->class_count++] = class;
	if (class.word_count < count)
		return fm_fail(err, FM_E_FORMAT, "%s:%u: these parts make %u names, not %llu",
		               at.file, at.line, class.word_count, (unsigned long long)count);
	return FM_OK;
}
