#ifndef FATHOM_CLI_CORPUS_FORM_H
#define FATHOM_CLI_CORPUS_FORM_H

#include <stdbool.h>

#include "base/buf.h"
#include "corpus/measure.h"
#include "text/json_write.h"

/* What a corpus is read as: each form has its own figures, and its own real texts beside them. */
struct fm_corpus_form;

#define FM_CORPUS_FORMS "prose, dialogue, chinese, logs, jsonl, csv, c, python"

/* The form of that name; NULL when none has it. */
const struct fm_corpus_form *fm_corpus_form_find(const char *name);

/* The form that a text looks like. It is a guess, from what most of its lines are. */
const struct fm_corpus_form *fm_corpus_form_guess(struct fm_span text);

const char *fm_corpus_form_name(const struct fm_corpus_form *form);
const char *fm_corpus_form_unit(const struct fm_corpus_form *form); /* "words" */
enum fm_measure_kind fm_corpus_form_kind(const struct fm_corpus_form *form);
enum fm_measure_comments fm_corpus_form_comments(const struct fm_corpus_form *form);

/*
 * Statistics as a table for people: the corpus, real text of its form, what a pack aims at, and a
 * mark where it misses. `is_long` takes the rows that are measured over 46 MB. Returns how many
 * aims are missed.
 */
unsigned fm_corpus_form_table(const struct fm_corpus_form *form, const struct fm_measures *measures,
                              bool is_long, struct fm_buf *buf);

void fm_corpus_form_json(const struct fm_measures *measures, const char *name,
                         struct fm_json_writer *w);

#endif
