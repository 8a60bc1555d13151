#include "frame_internal.h"

/* Words that frame a question and need not stand in its answer. English; sorted is not needed. */
const char *const fm_frame_words[] = {
	"a",        "about",     "according", "after",  "all",      "an",       "and",
	"answer",   "any",       "are",       "as",     "asked",    "assigned", "associated",
	"at",       "be",        "been",      "before", "below",    "by",       "can",
	"context",  "could",     "did",       "do",     "document", "does",     "each",
	"every",    "exactly",   "find",      "for",    "from",     "give",     "given",
	"had",      "has",       "have",      "her",    "his",      "how",      "i",
	"in",       "into",      "is",        "it",     "its",      "list",     "many",
	"me",       "mentioned", "much",      "my",     "name",     "named",    "of",
	"on",       "one",       "only",      "or",     "our",      "passage",  "please",
	"provided", "question",  "reply",     "return", "s",        "said",     "say",
	"should",   "state",     "stated",    "tell",   "text",     "that",     "the",
	"their",    "them",      "then",      "there",  "these",    "they",     "this",
	"those",    "to",        "us",        "was",    "we",       "were",     "what",
	"when",     "where",     "which",     "who",    "whom",     "whose",    "why",
	"will",     "with",      "within",    "would",  "write",    "you",      "your",
};
const size_t fm_frame_word_count = sizeof fm_frame_words / sizeof fm_frame_words[0];

/* Words by which a sentence without a question mark asks. */
const char *const fm_cue_words[] = {
	"what", "which", "who",  "whose", "where", "when",
	"how",  "find",  "list", "give",  "name",  "tell",
};
const size_t fm_cue_word_count = sizeof fm_cue_words / sizeof fm_cue_words[0];

const char *const fm_all_words[] = {"all", "every", "each", "list"};
const size_t fm_all_word_count = sizeof fm_all_words / sizeof fm_all_words[0];
