#ifndef FATHOM_CLI_HAYSTACK_SAY_H
#define FATHOM_CLI_HAYSTACK_SAY_H

#include "cli/haystack_facts.h"

/*
 * What a person should know of the filler of a document that was made: files that were left out,
 * and text that comes again and again in it. One line each, on stderr.
 */
void fm_made_say_filler(const struct fm_made *made);

#endif
