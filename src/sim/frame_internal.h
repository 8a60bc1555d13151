#ifndef FATHOM_SIM_FRAME_INTERNAL_H
#define FATHOM_SIM_FRAME_INTERNAL_H

#include <stddef.h>

/* The reader's English, as tables: another language is more rows. */
extern const char *const fm_frame_words[];
extern const size_t fm_frame_word_count;
extern const char *const fm_cue_words[];
extern const size_t fm_cue_word_count;
extern const char *const fm_all_words[];
extern const size_t fm_all_word_count;

#endif
