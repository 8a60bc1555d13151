#ifndef FATHOM_CORPUS_LINES_INTERNAL_H
#define FATHOM_CORPUS_LINES_INTERNAL_H

#include "pack_compile_internal.h"
#include "teller_internal.h"

/* What the files of a pack of lines share with those of all packs. */

/* The next part up to a bare `separator`; one behind a backslash is text. */
bool fm_lines_split(struct fm_span *rest, char separator, struct fm_span *ret_part);

/* The place behind the letter at `at`, or behind the escape that begins there. */
size_t fm_lines_step(struct fm_span text, size_t at);

/*
 * Text as a pack of lines has it: escapes become what they stand for.
 *
 * Memory  in the pack's arena
 * Errors  FM_E_FORMAT  an unknown escape, a bare mark, a control byte, a special token's look
 */
FM_MUST_CHECK enum fm_code fm_lines_unescape(struct fm_pack *pack, struct fm_span text,
                                             struct fm_pack_at at, struct fm_span *ret_text,
                                             struct fm_err *err);

/* A word of a class: one of the kind `text` is taken whole, with its '/' and '^'. */
FM_MUST_CHECK enum fm_code fm_lines_add_word(struct fm_pack *pack, struct fm_pack_class *class,
                                             struct fm_span text, struct fm_pack_at at,
                                             struct fm_err *err);

/* Lines of a pack's files: "chapter access 3", its indented lines, "clock 2019..2024 1h 9s". */
FM_MUST_CHECK enum fm_code fm_lines_read_chapter(struct fm_pack *pack, struct fm_span rest,
                                                 struct fm_pack_at at, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_lines_read_chapter_line(struct fm_pack *pack, struct fm_span line,
                                                      struct fm_pack_at at, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_lines_read_clock(struct fm_pack *pack, struct fm_span rest,
                                               struct fm_pack_at at, struct fm_err *err);

/* "tick", "tick 40ms" */
FM_MUST_CHECK enum fm_code fm_lines_compile_tick(struct fm_pack_compiler *c, struct fm_span slot,
                                                 struct fm_pack_code *code, struct fm_err *err);

FM_MUST_CHECK enum fm_code fm_lines_compile_chapters(struct fm_pack *pack, struct fm_err *err);

/* Every chapter: its plans, what they speak of, how long it may grow, what it begins with. */
FM_MUST_CHECK enum fm_code fm_lines_check(struct fm_pack *pack, struct fm_err *err);

/* May a plan of that chapter tell a letter at all? One that cannot would never end. */
bool fm_lines_tells(struct fm_pack *pack, const struct fm_lines_chapter *kind);

/* Write a text as it stands; its lines begin with the white space of the rule's place. */
void fm_lines_write(struct fm_teller *t, struct fm_term term);

/* End a line. One with white space alone is left out: what might have stood on it did not. */
void fm_lines_end(struct fm_teller *t);

/* A rule that stands inside a line: its own lines begin with that line's white space. */
void fm_lines_tell_rule(struct fm_teller *t, uint32_t rule);

/* One more line of an alternative: what stands behind "| ", with its blanks and tabs. */
FM_MUST_CHECK enum fm_code fm_lines_add_line(struct fm_pack *pack, struct fm_span line,
                                             struct fm_pack_at at, struct fm_err *err);

/* One chapter of a pack of lines: see fm_corpus_chapter. */
struct fm_chapter fm_lines_chapter(const struct fm_pack *pack, uint64_t seed, uint64_t number,
                                   struct fm_arena *arena);

#endif
