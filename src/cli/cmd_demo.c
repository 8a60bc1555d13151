#include "cli/command.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/carry.h"
#include "cli/plan_load.h"
#include "sim/sim.h"

#define DEMOS_MAX 10000

struct demo_settings {
	const char *seed;
};

#define AT(field, type) FM_AT(struct demo_settings, field, type)

static const struct fm_opt opts[] = {
	{FM_OPT_TEXT, 0, "seed", "N", AT(seed, const char *), "7", "another seed, other documents",
         NULL},
};

/* The simulator in a child of ours, which dies with us. */
struct helper {
	pid_t pid;
	uint16_t port;
};

static enum fm_code fork_helper(struct fm_sim *sim, struct helper *ret_helper, struct fm_err *err)
{
	const pid_t parent = getpid();
	const pid_t pid = fork();

	if (pid < 0)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot start the simulator");
	if (pid > 0) {
		*ret_helper = (struct helper){pid, fm_sim_port(sim)};
		return FM_OK;
	}
	/* Ctrl-C goes to both; what is in flight is finished first, so the endpoint must stay. */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() == parent)
		(void)!fm_sim_run(sim, err);
	_exit(0);
}

/* Listening comes before the fork, so that the port is known and no request comes too early. */
static enum fm_code start_helper(struct helper *ret_helper, struct fm_err *err)
{
	const struct fm_sim_spec spec = {.address = "127.0.0.1"};
	struct fm_sim *sim = NULL;
	enum fm_code rc = fm_sim_open(&spec, &sim, err);

	if (rc == FM_OK)
		rc = fork_helper(sim, ret_helper, err);
	fm_sim_close(sim);
	return rc == FM_OK ? rc : fm_err_prefix(err, "simulator");
}

static void stop_helper(const struct helper *helper)
{
	(void)kill(helper->pid, SIGTERM);
	while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/*
 * Each demo listens at another port, so it is another plan: it gets a folder of its own, made here,
 * so that two demos at once do not take the same. Why none can be made, the run will say.
 */
static const char *free_name(struct fm_arena *arena)
{
	const char *name = "demo";
	struct fm_err ignored;

	(void)!fm_folder_make(FM_RUNS_FOLDER, &ignored);
	for (unsigned i = 2; i < DEMOS_MAX; i++) {
		const char *folder = fm_arena_format(arena, "%s/%s", FM_RUNS_FOLDER, name);

		if (mkdir(folder, S_IRWXU) == 0 || errno != EEXIST)
			break;
		name = fm_arena_format(arena, "demo-%u", i);
	}
	return name;
}

static enum fm_code set_plan(struct fm_call *call, const struct helper *helper,
                             struct fm_loaded *loaded, struct fm_err *err)
{
	const struct demo_settings *s = call->settings;
	const char *url =
		fm_arena_format(call->arena, "http://127.0.0.1:%u/v1", (unsigned)helper->port);
	const struct fm_opt_pair pairs[] = {
		{"", "name",             free_name(call->arena)},
		{"", "models",           "sim/demo"            },
		{"", "base_url",         url                   },
		{"", "tasks",            "niah"                },
		{"", "length",           "4k..128k/x2"         },
		{"", "depth",            "0..100/25"           },
		{"", "repeats",          "10"                  },
		{"", "seed",             s->seed               },
		{"", "pace.concurrency", "16"                  },
	};

	fm_settings_init(&loaded->settings, call->arena);
	for (size_t i = 0; i < FM_COUNT(pairs); i++)
		if (fm_settings_set(&loaded->settings, pairs[i].key, fm_span_of(pairs[i].value),
		                    call->arena, err) != FM_OK)
			return fm_err_prefix(err, "%s", pairs[i].key);
	return fm_loaded_finish(call, loaded, err);
}

static int carry_out(struct fm_call *call, struct fm_loaded *loaded)
{
	struct fm_run_result result;
	const char *folder =
		fm_arena_format(call->arena, "%s/%s", FM_RUNS_FOLDER, loaded->plan.name);
	const char *page = fm_arena_format(call->arena, "%s/report.html", folder);
	const struct fm_carry carry = {
		.loaded = loaded,
		.folder = folder,
		/* Its window cuts on purpose: that is what the map is to show. */
		.allow_invalid_ppm = 1000000,
		.go_on = "fathom demo",
		.page = page,
		.last_words = fm_arena_format(call->arena,
	                                      "no key, no network, $0: the built-in simulator "
	                                      "answered; the same as a page: %s",
	                                      page),
		.after = fm_arena_format(call->arena, "fathom show %s", loaded->plan.name),
	};

	return fm_carry_out(call, &carry, &result);
}

static int run(struct fm_call *call)
{
	struct fm_loaded *loaded = fm_arena_take(call->arena, sizeof *loaded);
	struct helper helper = {0};
	struct fm_err err = {0};
	int status;

	if (start_helper(&helper, &err) != FM_OK)
		return fm_call_fail(&err, NULL);
	if (set_plan(call, &helper, loaded, &err) == FM_OK)
		status = carry_out(call, loaded);
	else
		status = fm_call_fail(&err, NULL);
	stop_helper(&helper);
	return status;
}

const struct fm_command fm_command_demo = {
	.name = "demo",
	.about = "a sweep on this machine: no key, no network, no cost",
	.operands = "",
	.examples = "  fathom demo\n"
		    "  fathom demo --seed 8         other documents, other needles\n",
	.words = "Starts the simulator and sweeps a needle through six lengths and five depths,\n"
		 "ten times each; ends with the map. The model overlooks what lies in the middle\n"
		 "of long documents, and its window cuts the longest ones: both can be seen. The\n"
		 "run stays in runs/demo with its journal and a page.\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.settings_size = sizeof(struct demo_settings),
	.run = run,
};
