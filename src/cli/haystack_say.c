#include "cli/haystack_say.h"

#include "cli/screen.h"
#include "corpus/corpus.h"

static void say_left_out(const struct fm_made *m)
{
	const struct fm_corpus_notes notes = fm_corpus_notes(m->corpus);

	if (notes.made > 0)
		fm_say("%s has %llu document%s that fathom made (%s%s): left out",
		       fm_corpus_name(m->corpus), (unsigned long long)notes.made,
		       notes.made == 1 ? "" : "s", notes.made_at, notes.made == 1 ? "" : ", …");
}

static void say_repeated(const struct fm_made *m)
{
	const uint64_t all = fm_corpus_bytes(m->corpus);

	if (!fm_made_repeats(m))
		return;
	if (all == 0)
		fm_say("%s repeats: its few sentences come again and again",
		       fm_corpus_name(m->corpus));
	else
		fm_say("%s is repeated: the document is %.1f times as long",
		       fm_corpus_name(m->corpus), (double)m->document.raw_bytes / (double)all);
}

void fm_made_say_filler(const struct fm_made *made)
{
	say_left_out(made);
	say_repeated(made);
}
