#include "cli/command.h"

#include <signal.h>
#include <string.h>

#include "base/env.h"
#include "base/num.h"
#include "corpus/corpus.h"
#include "sim/sim.h"
#include "text/json_write.h"
#include "token/counter.h"

#define GREETING_BYTES_MAX 65536

struct sim_settings {
	uint32_t port;
	const char *config;
	const char *history;
};

#define AT(field, type) FM_AT(struct sim_settings, field, type)

static const struct fm_opt opts[] = {
	{FM_OPT_COUNT, 'p', "port",    "PORT", AT(port,    uint32_t),     "0",  "0 takes a free one", NULL},
	{FM_OPT_TEXT,  0,   "config",  "FILE", AT(config,  const char *), NULL,
         "models, windows, surfaces, faults",							 NULL},
	{FM_OPT_TEXT,  0,   "history", "FILE", AT(history, const char *), NULL,
         "a line for each body that came",							    NULL},
};

static struct fm_sim *serving; /* for the signal handler alone */

static void stop_serving(int signal_number)
{
	(void)signal_number;
	fm_sim_stop(serving);
}

static void greet_json(const struct fm_sim *sim, struct fm_buf *buf)
{
	struct fm_json_writer w = {.buf = buf};
	size_t count;
	const char *const *models = fm_sim_models(sim, &count);
	char url[64];
	struct fm_buf address;

	fm_buf_init(&address, sizeof url);
	fm_buf_putf(&address, "http://127.0.0.1:%u/v1", fm_sim_port(sim));
	fm_json_object(&w, NULL);
	fm_json_u64(&w, "fathom_sim", 1);
	fm_json_text(&w, "base_url", fm_buf_span(&address));
	fm_json_list(&w, "models");
	for (size_t i = 0; i < count; i++)
		fm_json_string(&w, NULL, models[i]);
	fm_json_end_list(&w);
	fm_json_end_object(&w);
	fm_buf_putc(buf, '\n');
	fm_buf_free(&address);
}

static void greet(const struct fm_sim *sim, struct fm_buf *buf)
{
	size_t count;
	const char *const *models = fm_sim_models(sim, &count);

	fm_buf_putf(buf, "listening on http://127.0.0.1:%u/v1\n", fm_sim_port(sim));
	fm_buf_puts(buf, "models:");
	for (size_t i = 0; i < count; i++)
		fm_buf_putf(buf, " %s", models[i]);
	fm_buf_putc(buf, '\n');
}

static enum fm_code serve(struct fm_call *call, struct fm_sim *sim, struct fm_err *err)
{
	struct sigaction action = {.sa_handler = stop_serving};
	struct fm_buf buf;
	enum fm_code rc;

	serving = sim;
	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGHUP, &action, NULL);
	fm_buf_init(&buf, GREETING_BYTES_MAX);
	if (call->common.json)
		greet_json(sim, &buf);
	else
		greet(sim, &buf);
	rc = fm_tell(fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	return rc == FM_OK ? fm_sim_run(sim, err) : rc;
}

static int run(struct fm_call *call)
{
	const struct sim_settings *s = call->settings;
	const struct fm_counter_place place = {fm_corpora_folder(call->arena),
	                                       fm_env_cache_folder(call->arena),
	                                       fm_env_data_folder(call->arena)};
	struct fm_sim_spec spec = {
		.config_path = s->config,
		.address = "127.0.0.1",
		.history_path = s->history,
		.place = &place,
	};
	struct fm_sim *sim = NULL;
	struct fm_err err = {0};
	enum fm_code rc;

	if (s->port > UINT16_MAX) {
		(void)fm_fail(&err, FM_E_USAGE, "--port: a port is at most 65535");
		return fm_call_fail(&err, "fathom sim -h");
	}
	spec.port = (uint16_t)s->port;
	rc = fm_sim_open(&spec, &sim, &err);
	if (rc != FM_OK)
		return fm_call_fail(&err, "fathom sim -h");
	rc = serve(call, sim, &err);
	/* A late signal must not find what is closed. */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	fm_sim_close(sim);
	return rc == FM_OK ? FM_EXIT_OK : fm_call_fail(&err, NULL);
}

const struct fm_command fm_command_sim = {
	.name = "sim",
	.about = "an endpoint that reads and answers, on this machine",
	.operands = "",
	.examples = "  fathom sim -p 8808\n"
		    "  fathom sim --config sim.yaml --history history.jsonl\n",
	.words = "Serves all dialects on loopback until it is interrupted, each at the paths that\n"
		 "its vendor has, whatever stands before them; its first line says where. Its\n"
		 "models read the document they are sent, within the window and with the errors\n"
		 "that the configuration gives them; they never learn the expected answer in\n"
		 "another way. The history has a line for each body that came, with its digests,\n"
		 "and whether it came whole; one for each answer, with the fault that fired; and\n"
		 "one for each connection, when it has ended.\n"
		 "\n"
		 "Chats:   /chat/completions  /responses  /messages  /models/NAME:generateContent\n"
		 "         /models/NAME:streamGenerateContent?alt=sse  /model/NAME/converse\n"
		 "         /model/NAME/converse-stream  /v2/chat  /api/chat\n"
		 "         /llama/.../chat/completions, or the model has `vendor: llama`\n"
		 "Models:  /models  /api/tags  /api/show  /api/ps  /props  /info\n"
		 "Counts:  /messages/count_tokens  /responses/input_tokens  /tokenize\n"
		 "         /models/NAME:countTokens  /model/NAME/count-tokens\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.settings_size = sizeof(struct sim_settings),
	.run = run,
};
