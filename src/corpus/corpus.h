#ifndef FATHOM_CORPUS_CORPUS_H
#define FATHOM_CORPUS_CORPUS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/span.h"

/* Where filler comes from: a built-in pack, or a person's own text. */
struct fm_corpus;

enum fm_corpus_unit {
	FM_UNIT_SENTENCE,
	FM_UNIT_LINE,
	FM_UNIT_PARAGRAPH,
	FM_UNIT_TURN, /* from a line that a speaker's name or a dash begins to the next one */
};

enum fm_corpus_order {
	FM_ORDER_AS_IS,    /* from a paragraph on that the seed chooses, round to where it
	                      began; seed 0 begins at the beginning */
	FM_ORDER_SHUFFLED, /* segments permuted by the haystack seed */
};

struct fm_corpus_spec {
	const char *name; /* a pack ("prose-en"), one that was added, or, with a '/' or '.' in it,
	                     a file or a folder; a folder with a pack.yaml is a pack */
	enum fm_corpus_unit unit;
	enum fm_corpus_order order;
	bool wrap;           /* begin again at the end instead of failing */
	const char *pattern; /* of a folder's files: "*.md"; NULL: the usual forms of text */
	const char *field;   /* of JSON lines, where the text is; NULL: "text" */
};

/* A segment as it stands in the laid text: its lead, its text, what ends its line or paragraph. */
struct fm_segment {
	struct fm_span text;
};

/* A run of segments that starts a paragraph and ends one; none behind the end of a text. */
struct fm_chapter {
	struct fm_segment *segments;
	size_t count;
};

/*
 * Open a corpus. A person's own text is a file, or a folder's files in the order of their paths'
 * bytes; .gz and .zst are unpacked, and of JSON lines one field is taken. All of it is read once.
 *
 * Memory  closed with fm_corpus_close. It does not grow with the text: what is unpacked, and where
 *         the text can be cut, is in nameless temporary files; plain files are read where they lie
 * Errors  FM_E_IO       a path is missing, unreadable, no regular file, or a folder without text
 *         FM_E_FORMAT   not UTF-8, a NUL, no JSON, damaged: with the file and its byte or line;
 *                       the mistakes of a pack that has a name are told with its first
 *                       chapter
 *         FM_E_LIMIT    a file is empty, a bomb, or cannot be cut for 8 MiB
 *         FM_E_CHANGED  a file was written to while it was read, or a text since it was added
 *         FM_E_FULL     no room for temporary files
 *         FM_E_USAGE    nothing has that name; what there is, is named; or all there is was made
 *                       by fathom, with its facts beside it; a pattern for one file; options of
 *                       own text beside a pack, or a name that was added with its own
 */
FM_MUST_CHECK enum fm_code fm_corpus_open(const struct fm_corpus_spec *spec,
                                          struct fm_corpus **ret_corpus, struct fm_err *err);
void fm_corpus_close(struct fm_corpus *corpus); /* NULL is fine */

/*
 * Refuse an option of own text ("--wrap") beside a name that has no use for it: say why.
 *
 * Errors  FM_E_USAGE  always, but for those of fm_corpus_find_added
 */
FM_MUST_CHECK enum fm_code fm_corpus_refuse(const char *name, const char *option,
                                            struct fm_err *err);

/*
 * Would a file that is written to `path` be read as a part of that corpus: is it one of its files,
 * or lies below its folder under a name that is taken? To write there would destroy a person's
 * text, or tell needles as filler the next time.
 */
bool fm_corpus_would_take(const struct fm_corpus_spec *spec, const char *path);

/* As it is read: what was said when a name was added is in it, the path too. */
const struct fm_corpus_spec *fm_corpus_spec(const struct fm_corpus *corpus);
const char *fm_corpus_name(const struct fm_corpus *corpus);
struct fm_id fm_corpus_digest(const struct fm_corpus *corpus); /* pack, or bytes and options */
uint32_t fm_corpus_engine(const struct fm_corpus *corpus);     /* number of the generator's rules */
bool fm_corpus_is_endless(const struct fm_corpus *corpus);     /* a pack, or wrap */
bool fm_corpus_repeats(const struct fm_corpus *corpus);        /* a pack that says so, or wrap */
uint64_t fm_corpus_bytes(const struct fm_corpus *corpus); /* of a person's text; 0 for a pack */

/*
 * Make one chapter: a pure function of (corpus, seed, number). Chapters 0, 1, 2, … laid one behind
 * the other are the haystack.
 *
 * Memory  segments and their bytes are in `arena`, or borrowed from the corpus
 * Errors  FM_E_FORMAT   the pack has a mistake: "FILE:LINE: what is wrong"
 *         FM_E_CHANGED  a person's file is not the one that was opened; FM_E_IO
 */
FM_MUST_CHECK enum fm_code fm_corpus_chapter(const struct fm_corpus *corpus, uint64_t seed,
                                             uint64_t number, struct fm_arena *arena,
                                             struct fm_chapter *ret_chapter, struct fm_err *err);

#define FM_CORPUS_SHORT_BYTES 24 /* a shorter segment, without the blanks round it, is short */

/*
 * What a person should know of their own text; all zero for a pack. Places are "essays/a.txt:9321",
 * a file and its byte, or for JSON lines its line; NULL when there is none.
 */
struct fm_corpus_notes {
	uint64_t files;
	uint64_t segments;
	uint64_t repeated;       /* segments that stood before, none of them short */
	uint64_t short_repeated; /* short ones that did */
	bool repeated_is_exact;  /* both; else reckoned from samples of more than 100,000 */
	const char *repeated_at;
	const char *short_at;
	uint64_t specials;   /* texts that a tokenizer may take for special tokens */
	const char *special; /* the first of them, with nothing in it that a terminal obeys */
	const char *special_at;
	uint64_t marked; /* files that began with a byte order mark, which was left out */
	const char *marked_at;
	uint64_t made; /* documents that fathom made, left out of a folder: facts lie beside them */
	const char *made_at; /* below the folder */
	uint64_t left;       /* files of a folder that are no text by their names */
	const char *left_at;
	uint64_t doubled; /* files whose text another one has too, each but the first */
	const char *doubled_at;
	const char *doubled_as; /* the one that stands before that */
};
struct fm_corpus_notes fm_corpus_notes(const struct fm_corpus *corpus);

/* Names and one-line descriptions of the built-in packs, for listings. */
struct fm_pack_about {
	const char *name;
	const char *about;
	bool repeats; /* its text comes again and again; that of all others never does */
};
FM_MUST_CHECK enum fm_code fm_corpus_packs(struct fm_arena *arena, struct fm_pack_about **ret_packs,
                                           size_t *ret_count, struct fm_err *err);

/*
 * The folder that `corpora/` of the source became: the one next to the binary's prefix, else the
 * source's; FATHOM_CORPORA in the environment goes first.
 */
const char *fm_corpora_folder(struct fm_arena *arena);

#endif
