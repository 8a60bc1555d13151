#include "cli/corpus_notes.h"

#include "base/num.h"
#include "cli/screen.h"

/* Some short segments come back in any text; so many are worth a line. */
#define SHORT_SHARE 4

static void say_short(const struct fm_corpus_notes *notes)
{
	char count[FM_NUM_TEXT_MAX];
	char all[FM_NUM_TEXT_MAX];

	if (notes->short_at == NULL || notes->short_repeated < notes->segments / SHORT_SHARE)
		return;
	fm_say("%s%s of the text's %s segments are shorter than %d bytes and stood before; the "
	       "first at %s",
	       notes->repeated_is_exact ? "" : "about ",
	       fm_num_grouped(notes->short_repeated, count), fm_num_grouped(notes->segments, all),
	       FM_CORPUS_SHORT_BYTES, notes->short_at);
}

void fm_corpus_say_notes(const struct fm_corpus_notes *notes)
{
	char count[FM_NUM_TEXT_MAX];
	char all[FM_NUM_TEXT_MAX];

	if (notes->repeated > 0)
		fm_say("%s%s of the text's %s segments stood before; the first at %s",
		       notes->repeated_is_exact ? "" : "about ",
		       fm_num_grouped(notes->repeated, count), fm_num_grouped(notes->segments, all),
		       notes->repeated_at);
	say_short(notes);
	if (notes->specials > 0)
		fm_say("%s text%s may be taken for special tokens; the first, %s, at %s",
		       fm_num_grouped(notes->specials, count), notes->specials == 1 ? "" : "s",
		       notes->special, notes->special_at);
	if (notes->doubled > 0)
		fm_say("%s of %s files repeat%s another one; the first: %s is %s again",
		       fm_num_grouped(notes->doubled, count), fm_num_grouped(notes->files, all),
		       notes->doubled == 1 ? "s" : "", notes->doubled_at, notes->doubled_as);
	if (notes->left > 0)
		fm_say("%s file%s left out, by %s; the first: %s (--pattern says "
		       "which to take)",
		       fm_num_grouped(notes->left, count), notes->left == 1 ? " is" : "s are",
		       notes->left == 1 ? "its name" : "their names", notes->left_at);
	if (notes->marked > 0)
		fm_say("a byte order mark is left out at the start of %s of %s files; the first: "
		       "%s",
		       fm_num_grouped(notes->marked, count), fm_num_grouped(notes->files, all),
		       notes->marked_at);
}
