#include "corpus/corpus.h"

#include <string.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/file.h"
#include "base/memory.h"
#include "corpus/added.h"
#include "pack_internal.h"
#include "teller_internal.h"
#include "text/escape.h"
#include "user_internal.h"

/*
 * Rises with every change of what the same pack, text, options and seed come out as; the corpora
 * laid by an older engine are laid anew, and `show` refuses their prompts.
 */
#define ENGINE 3

#define PATH_BYTES_MAX 4096
#define KNOWN_BYTES 120 /* of names, in an error */

struct fm_corpus {
	struct fm_arena arena;
	const char *name;
	struct fm_corpus_spec spec;
	struct fm_pack *pack; /* this or the other one */
	struct fm_user *user;
};

const char *fm_corpora_folder(struct fm_arena *arena)
{
	const char *asked = fm_env_get("FATHOM_CORPORA");

	if (asked != NULL)
		return fm_arena_text(arena, fm_span_of(asked));
	if (fm_folder_exists(FATHOM_DATADIR "/corpora"))
		return FATHOM_DATADIR "/corpora";
	return FATHOM_SOURCE_CORPORA;
}

static bool is_path(const char *name)
{
	return strchr(name, '/') != NULL || strchr(name, '.') != NULL;
}

static bool is_pack(const char *name, struct fm_arena *arena)
{
	return fm_file_exists(
		fm_arena_format(arena, "%s/%s/pack.yaml", fm_corpora_folder(arena), name));
}

/* Packs, and then texts that were added: err's text ends before it would be too long. */
static enum fm_code fail_unknown(const char *name, const char *folder, struct fm_arena *arena,
                                 struct fm_err *err)
{
	struct fm_added_corpus *added = NULL;
	struct fm_buf known;
	const char **names = NULL;
	size_t added_count = 0;
	size_t count = 0;
	enum fm_code rc = fm_corpus_added(arena, &added, &added_count, err);

	if (rc == FM_OK)
		rc = fm_folder_list(folder, arena, &names, &count, err);
	if (rc != FM_OK)
		return rc;
	fm_buf_init(&known, 4096);
	for (size_t i = 0; i < added_count && known.len < KNOWN_BYTES; i++)
		fm_buf_putf(&known, "%s%.64s", known.len > 0 ? ", " : "", added[i].name);
	for (size_t i = 0; i < count && known.len < KNOWN_BYTES; i++)
		if (is_pack(names[i], arena))
			fm_buf_putf(&known, "%s%.64s", known.len > 0 ? ", " : "", names[i]);
	rc = fm_fail(err, FM_E_USAGE,
	             "no corpus is called '%.60s': a file or a folder is './%.60s'; there are %s",
	             name, name, known.len > 0 ? fm_buf_text(&known) : "none");
	fm_buf_free(&known);
	return rc;
}

static enum fm_code open_pack(struct fm_corpus *corpus, const char *name, struct fm_err *err)
{
	const char *folder = fm_corpora_folder(&corpus->arena);
	const char *path = fm_arena_format(&corpus->arena, "%s/%s", folder, name);
	enum fm_code rc;

	if (!fm_file_exists(fm_arena_format(&corpus->arena, "%s/pack.yaml", path)))
		return fail_unknown(name, folder, &corpus->arena, err);
	rc = fm_pack_find(path, &corpus->pack, err);
	return rc == FM_OK ? rc : fm_err_prefix(err, "corpus %s", name);
}

/* A path may hold what a terminal would obey. */
static enum fm_code prefix_path(const char *path, struct fm_err *err)
{
	struct fm_buf text;
	enum fm_code rc;

	fm_buf_init(&text, (size_t)16 * PATH_BYTES_MAX);
	fm_put_visible(&text, fm_span_first(fm_span_of(path), PATH_BYTES_MAX), false);
	rc = fm_err_prefix(err, "corpus %s", fm_buf_text(&text));
	fm_buf_free(&text);
	return rc;
}

/* Who writes a pack names it by its path. */
static bool is_pack_folder(const char *name, struct fm_arena *arena)
{
	return is_path(name) && fm_file_exists(fm_arena_format(arena, "%s/pack.yaml", name));
}

enum fm_code fm_corpus_refuse(const char *name, const char *option, struct fm_err *err)
{
	struct fm_arena arena = {0};
	struct fm_added_corpus added;
	bool there = false;
	const bool pack = is_pack_folder(name, &arena) || is_pack(name, &arena);
	enum fm_code rc = fm_corpus_find_added(name, &arena, &there, &added, err);

	if (pack)
		rc = fm_fail(err, FM_E_USAGE,
		             "%s is for own text, and %.100s is a pack, which has no such choice",
		             option, name);
	else if (rc == FM_OK && there)
		rc = fm_fail(err, FM_E_USAGE,
		             "%s: %.100s was added with its own; name its path, or remove it and "
		             "add it anew",
		             option, name);
	else if (rc == FM_OK)
		rc = fm_fail(err, FM_E_USAGE,
		             "%s is for own text, which is named by its path: './%.100s'", option,
		             name);
	fm_arena_free(&arena);
	return rc;
}

/* A pack is as it is, and a name stands for what was said when it was added. */
static enum fm_code check_plain(const struct fm_corpus_spec *spec, struct fm_err *err)
{
	const char *said = spec->pattern != NULL            ? "pattern"
	                   : spec->field != NULL            ? "field"
	                   : spec->unit != FM_UNIT_SENTENCE ? "segment"
	                   : spec->order != FM_ORDER_AS_IS  ? "order"
	                   : spec->wrap                     ? "wrap"
	                                                    : NULL;

	return said == NULL ? FM_OK : fm_corpus_refuse(spec->name, said, err);
}

static enum fm_code open_pack_folder(struct fm_corpus *corpus, struct fm_err *err)
{
	const char *folder = fm_path_real(corpus->name, &corpus->arena);
	enum fm_code rc = check_plain(&corpus->spec, err);

	if (rc != FM_OK)
		return rc;
	rc = fm_pack_find(folder, &corpus->pack, err);
	return rc == FM_OK ? rc : prefix_path(corpus->name, err);
}

static enum fm_code open_user(struct fm_corpus *corpus, struct fm_err *err)
{
	const enum fm_code rc = fm_user_open(&corpus->spec, &corpus->user, err);

	return rc == FM_OK ? rc : prefix_path(corpus->spec.name, err);
}

static enum fm_code open_named(struct fm_corpus *corpus, struct fm_err *err)
{
	struct fm_added_corpus added = {0};
	bool there = false;
	enum fm_code rc = check_plain(&corpus->spec, err);

	if (rc != FM_OK)
		return rc;
	/* A pack's name cannot be given to a text. */
	if (!is_pack(corpus->name, &corpus->arena)) {
		rc = fm_corpus_find_added(corpus->name, &corpus->arena, &there, &added, err);
		if (rc != FM_OK)
			return rc;
	}
	if (!there)
		return open_pack(corpus, corpus->name, err);
	corpus->spec = added.spec;
	rc = fm_user_open(&corpus->spec, &corpus->user, err);
	if (rc != FM_OK)
		return fm_err_prefix(err, "corpus %s: %s", corpus->name, added.spec.name);
	if (fm_id_equal(corpus->user->text_digest, added.text))
		return FM_OK;
	return fm_fail(err, FM_E_CHANGED,
	               "the corpus %s was added from %s, whose text has changed since: fathom "
	               "corpus remove %s, and add it again",
	               corpus->name, added.spec.name, corpus->name);
}

enum fm_code fm_corpus_open(const struct fm_corpus_spec *spec, struct fm_corpus **ret_corpus,
                            struct fm_err *err)
{
	struct fm_corpus *corpus = fm_memory_take(sizeof *corpus);
	enum fm_code rc;

	corpus->name = fm_arena_text(&corpus->arena, fm_span_of(spec->name));
	corpus->spec = *spec;
	corpus->spec.name = corpus->name;
	if (is_pack_folder(spec->name, &corpus->arena))
		rc = open_pack_folder(corpus, err);
	else if (is_path(spec->name))
		rc = open_user(corpus, err);
	else
		rc = open_named(corpus, err);
	if (rc != FM_OK)
		goto out;
	*ret_corpus = corpus;
	corpus = NULL; /* the caller's now */
out:
	fm_corpus_close(corpus);
	return rc;
}

void fm_corpus_close(struct fm_corpus *corpus)
{
	if (corpus == NULL)
		return;
	fm_pack_close(corpus->pack);
	fm_user_close(corpus->user);
	fm_arena_free(&corpus->arena);
	fm_memory_free(corpus);
}

struct fm_pack *fm_corpus_pack(const struct fm_corpus *corpus)
{
	return corpus->pack;
}

const struct fm_corpus_spec *fm_corpus_spec(const struct fm_corpus *corpus)
{
	return &corpus->spec;
}

const char *fm_corpus_name(const struct fm_corpus *corpus)
{
	return corpus->name;
}

struct fm_id fm_corpus_digest(const struct fm_corpus *corpus)
{
	return corpus->pack != NULL ? corpus->pack->digest : corpus->user->digest;
}

uint32_t fm_corpus_engine(const struct fm_corpus *corpus)
{
	(void)corpus; /* packs and files have one engine yet */
	return ENGINE;
}

bool fm_corpus_is_endless(const struct fm_corpus *corpus)
{
	return corpus->pack != NULL || corpus->spec.wrap;
}

bool fm_corpus_repeats(const struct fm_corpus *corpus)
{
	return corpus->pack != NULL ? corpus->pack->repeats : corpus->spec.wrap;
}

uint64_t fm_corpus_bytes(const struct fm_corpus *corpus)
{
	return corpus->pack != NULL ? 0 : corpus->user->bytes;
}

struct fm_corpus_notes fm_corpus_notes(const struct fm_corpus *corpus)
{
	const struct fm_corpus_notes none = {0};

	return corpus->pack != NULL ? none : corpus->user->notes;
}

enum fm_code fm_corpus_chapter(const struct fm_corpus *corpus, uint64_t seed, uint64_t number,
                               struct fm_arena *arena, struct fm_chapter *ret_chapter,
                               struct fm_err *err)
{
	enum fm_code rc;

	if (corpus->pack == NULL)
		return fm_user_chapter(corpus->user, seed, number, arena, ret_chapter, err);
	rc = fm_pack_ready(corpus->pack, err);
	if (rc != FM_OK)
		return fm_err_prefix(err, "corpus %s", corpus->name);
	*ret_chapter = fm_pack_chapter(corpus->pack, seed, number, arena);
	return FM_OK;
}

static enum fm_code read_about(const char *folder, const char *name, struct fm_arena *arena,
                               struct fm_pack_about *ret_about, struct fm_err *err)
{
	struct fm_pack *pack = NULL;
	enum fm_code rc = fm_pack_find(fm_arena_format(arena, "%s/%s", folder, name), &pack, err);

	if (rc != FM_OK)
		return fm_err_prefix(err, "corpus %s", name);
	ret_about->name = name;
	ret_about->about = fm_arena_text(arena, fm_span_of(pack->about));
	ret_about->repeats = pack->repeats;
	fm_pack_close(pack);
	return FM_OK;
}

enum fm_code fm_corpus_packs(struct fm_arena *arena, struct fm_pack_about **ret_packs,
                             size_t *ret_count, struct fm_err *err)
{
	const char *folder = fm_corpora_folder(arena);
	struct fm_pack_about *packs;
	const char **names;
	size_t listed;
	size_t count = 0;
	enum fm_code rc = fm_folder_list(folder, arena, &names, &listed, err);

	if (rc != FM_OK)
		return rc;
	packs = fm_arena_array(arena, listed + 1, sizeof *packs);
	for (size_t i = 0; i < listed && rc == FM_OK; i++)
		if (fm_file_exists(fm_arena_format(arena, "%s/%s/pack.yaml", folder, names[i])))
			rc = read_about(folder, names[i], arena, &packs[count++], err);
	if (rc != FM_OK)
		return rc;
	*ret_packs = packs;
	*ret_count = count;
	return FM_OK;
}
