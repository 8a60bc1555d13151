#ifndef FATHOM_CORPUS_PACK_INTERNAL_H
#define FATHOM_CORPUS_PACK_INTERNAL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "lines_shape_internal.h"
#include "measure_internal.h"
#include "pack_shape_internal.h"

/*
 * A pack as it is read and then compiled: word classes, syllable-made names, weighted rules, and
 * plans that make paragraphs out of rules. Rules become one array of 32-bit operations, so that
 * telling a chapter is a walk over numbers and copies of short strings.
 */
struct fm_pack {
	struct fm_arena arena; /* all text, and what does not grow */
	const char *name;
	const char *about;
	const char *language;
	uint64_t version;
	enum fm_pack_segment segment;
	enum fm_pack_root root;
	bool repeats; /* the one kind of pack whose text comes again */
	struct fm_id digest;

	struct fm_pack_kind *kinds;
	size_t kind_count, kind_capacity;
	struct fm_pack_class *classes;
	size_t class_count, class_capacity;
	struct fm_pack_part *parts;
	size_t part_count, part_capacity;
	struct fm_pack_rule *rules;
	size_t rule_count, rule_capacity;
	struct fm_pack_plan *plans;
	size_t plan_count, plan_capacity;
	struct fm_lines_chapter *chapters; /* of a pack of lines */
	size_t chapter_count, chapter_capacity;
	uint32_t chapter_weight;
	struct fm_lines_clock clock;
	struct fm_met pieces;  /* hashes of literals, numbered as these are */
	struct fm_met choices; /* hashes of inline choices, and the rules they became */
	uint32_t *choice_rules;
	size_t choice_capacity;
	struct fm_literal *literals;
	size_t literal_count, literal_capacity;
	struct fm_pack_draw *draws; /* of each rule, close together for speed */
	uint32_t *starts;           /* first operations, as often as their weights say */
	uint32_t *ops;
	size_t op_count, op_capacity;

	struct fm_span memories[FM_PACK_MEMORIES_MAX]; /* names of @who and the like */
	uint32_t memory_kinds[FM_PACK_MEMORIES_MAX];   /* FM_PACK_NONE is a person */
	uint32_t memory_bytes[FM_PACK_MEMORIES_MAX];   /* of the longest text bound to it */
	uint32_t memory_count;
	struct fm_span variables[FM_PACK_MEMORIES_MAX];
	uint32_t variable_kinds[FM_PACK_MEMORIES_MAX];
	uint32_t variable_bytes[FM_PACK_MEMORIES_MAX];
	uint32_t variable_count;

	bool no_space;     /* words stand without blanks between them */
	bool family_first; /* family names before first names, and titles behind */
	struct fm_term genitive;
	struct fm_term comma;
	struct fm_term articles[2];
	struct fm_span article_letters;
	struct fm_pack_gender genders[2];
	uint32_t gender_count;
	uint32_t surnames; /* classes */
	uint32_t roles;
	uint32_t months;
	uint32_t intro; /* rules: a person's first naming in a chapter, and in a later paragraph */
	uint32_t again;
	uint32_t plan_weight;
	uint32_t paragraph_bytes_max;
	struct fm_span *lines; /* of a pack whose root is text: each with the end of its line */
	size_t line_count, line_capacity;
	uint64_t unique_sentences; /* among so many none may stand twice; 0 is not promised */
	uint64_t repeats_ppm;      /* repeats expected among so many, in millionths */
	struct fm_pack_at people_at;
	const char *folder;         /* while it is read */
	struct fm_hasher *hasher;   /* of all that is read */
	struct fm_settled *settled; /* a table of all texts that are told */
	size_t settled_bytes;

	struct fm_pack_file *files; /* as they were read, pack.yaml aside */
	size_t file_count, file_capacity;
	bool tried; /* fm_pack_ready was called, and this came of it */
	enum fm_code code;
	struct fm_err wrong;

	struct fm_span *avoid; /* words of needles' keys, which nothing may come near */
	size_t avoid_count, avoid_capacity;
	uint8_t avoid_three[4096]; /* one bit for each three letters that one begins or ends with */
	struct fm_span *allow;     /* forbidden words that may stand here */
	size_t allow_count, allow_capacity;
};

/*
 * Read the files of the pack in a folder: what it is called and its digest are known then. That is
 * all that a haystack needs that was laid before, and compiling takes ten times as long.
 *
 * Errors  FM_E_IO  a file is missing; FM_E_FORMAT  pack.yaml is wrong, a file is not UTF-8
 */
FM_MUST_CHECK enum fm_code fm_pack_find(const char *folder, struct fm_pack **ret_pack,
                                        struct fm_err *err);

/*
 * Compile what was found, and check it, so that chapters can be told. Once; later calls say the
 * same again.
 *
 * Errors  FM_E_FORMAT  "FILE:LINE: what is wrong"; FM_E_LIMIT
 */
FM_MUST_CHECK enum fm_code fm_pack_ready(struct fm_pack *pack, struct fm_err *err);

/* Both in one go. */
FM_MUST_CHECK enum fm_code fm_pack_open(const char *folder, struct fm_pack **ret_pack,
                                        struct fm_err *err);
void fm_pack_close(struct fm_pack *pack); /* NULL is fine */

struct fm_corpus;
struct fm_pack *fm_corpus_pack(const struct fm_corpus *corpus); /* NULL when it is none */

#endif
