#ifndef FATHOM_TESTS_UNIT_SIM_SERVER_H
#define FATHOM_TESTS_UNIT_SIM_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/sim.h"

/* A simulator that serves from a child, on a port it chose itself. */
struct server {
	struct fm_sim *sim;
	pid_t child;
};

static inline void start_server(struct server *server, const char *config, const char *history_path)
{
	const struct fm_sim_spec spec = {
		.address = "127.0.0.1", .config_text = config, .history_path = history_path};
	struct fm_err err;

	assert_int_equal(fm_sim_open(&spec, &server->sim, &err), FM_OK);
	server->child = fork();
	assert_true(server->child >= 0);
	if (server->child == 0) {
		const enum fm_code rc = fm_sim_run(server->sim, &err);

		fm_sim_close(server->sim);
		_exit(rc == FM_OK ? 0 : 1);
	}
}

/* It must end well. */
static inline void stop_server(struct server *server)
{
	int status = 0;

	fm_sim_stop(server->sim);
	assert_int_equal(waitpid(server->child, &status, 0), server->child);
	assert_int_equal(status, 0);
	fm_sim_close(server->sim);
}

static inline int connect_to(const struct server *server)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	                         .sin_port = htons(fm_sim_port(server->sim))};
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

#endif
