#include "cli/catalogue_load.h"

#include "base/env.h"
#include "base/file.h"
#include "cli/command.h"
#include "corpus/corpus.h"

#define CATALOGUE_BYTES_MAX ((size_t)1 << 20)
#define COMPLAINTS_BYTES_MAX ((size_t)1 << 20)

static enum fm_code add_file(struct fm_call *call, const char *path, struct fm_catalogue *catalogue,
                             struct fm_err *err)
{
	struct fm_buf complaints;
	struct fm_span text;
	enum fm_code rc;

	if (!fm_file_exists(path))
		return FM_OK;
	rc = fm_file_read(path, CATALOGUE_BYTES_MAX, call->arena, &text, err);
	if (rc != FM_OK)
		return fm_err_prefix(err, "models %s", path);
	fm_buf_init(&complaints, COMPLAINTS_BYTES_MAX);
	rc = fm_catalogue_add(catalogue, path, text, call->arena, &complaints, err);
	if (rc != FM_OK)
		fm_say_raw(fm_buf_span(&complaints));
	fm_buf_free(&complaints);
	return rc;
}

enum fm_code fm_catalogue_load(struct fm_call *call, struct fm_catalogue *ret_catalogue,
                               struct fm_err *err)
{
	const char *config = fm_env_config_folder(call->arena);
	struct fm_catalogue catalogue = {0};
	enum fm_code rc = add_file(call,
	                           fm_arena_format(call->arena, "%s/models/models.yaml",
	                                           fm_corpora_folder(call->arena)),
	                           &catalogue, err);

	if (rc == FM_OK && config != NULL)
		rc = add_file(call, fm_arena_format(call->arena, "%s/" FM_MODELS_FILE, config),
		              &catalogue, err);
	if (rc == FM_OK)
		rc = add_file(call, FM_MODELS_HERE, &catalogue, err);
	if (rc == FM_OK)
		*ret_catalogue = catalogue;
	return rc;
}
