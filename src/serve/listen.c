#include "listen_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/file.h"

union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

static socklen_t read_address(const char *text, uint16_t port, union address *ret_address,
                              bool *ret_loopback)
{
	union address address;

	memset(&address, 0, sizeof address);
	if (strcmp(text, "localhost") == 0)
		text = "127.0.0.1";
	if (inet_pton(AF_INET, text, &address.four.sin_addr) == 1) {
		address.four.sin_family = AF_INET;
		address.four.sin_port = htons(port);
		*ret_loopback = ntohl(address.four.sin_addr.s_addr) >> 24 == 127;
		*ret_address = address;
		return sizeof address.four;
	}
	if (inet_pton(AF_INET6, text, &address.six.sin6_addr) == 1) {
		address.six.sin6_family = AF_INET6;
		address.six.sin6_port = htons(port);
		*ret_loopback = IN6_IS_ADDR_LOOPBACK(&address.six.sin6_addr);
		*ret_address = address;
		return sizeof address.six;
	}
	return 0;
}

static enum fm_code bind_and_listen(int fd, union address *address, socklen_t len,
                                    uint16_t *ret_port, struct fm_err *err)
{
	const int on = 1;

	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, &address->any, len) != 0)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot take it");
	if (listen(fd, SOMAXCONN) != 0)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot listen");
	if (getsockname(fd, &address->any, &len) != 0)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot ask its name");
	*ret_port = ntohs(address->any.sa_family == AF_INET ? address->four.sin_port
	                                                    : address->six.sin6_port);
	return FM_OK;
}

enum fm_code fm_listen_open(const char *address, uint16_t port, bool anywhere, int *ret_fd,
                            uint16_t *ret_port, struct fm_err *err)
{
	union address to;
	bool loopback = false;
	const socklen_t len = read_address(address, port, &to, &loopback);
	enum fm_code rc;
	int fd;

	if (len == 0)
		return fm_fail(err, FM_E_USAGE, "%s is not an address of this machine", address);
	if (!loopback && !anywhere)
		return fm_fail(err, FM_E_USAGE, "%s can be reached from other machines", address);
	fd = socket(to.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot make a socket");
	rc = bind_and_listen(fd, &to, len, ret_port, err);
	if (rc != FM_OK) {
		fm_fd_close(&fd);
		return fm_err_prefix(err, "address %s port %u", address, (unsigned)port);
	}
	*ret_fd = fd;
	return FM_OK;
}
