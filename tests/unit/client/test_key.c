#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macro.h"
#include "client/key.h"
#include "client/key_internal.h"

/* Every way of saying an address must give the one that libcurl would go to, or none. */
static struct origin_case {
	const char *name, *url;
	bool path;
	const char *want; /* NULL: refused */
} origins[] = {
	{"port by default",             "https://api.openai.com/v1",               false, "https://api.openai.com:443"    },
	{"with its path",               "https://api.openai.com/v1",               true,  "https://api.openai.com:443/v1" },
	{"slash at the end",            "https://api.openai.com/v1/",              true,  "https://api.openai.com:443/v1" },
	{"no path",		     "https://api.openai.com",                  true,  "https://api.openai.com:443"    },
	{"port given",                  "http://127.0.0.1:8808/v1",                false, "http://127.0.0.1:8808"         },
	{"capitals",                    "https://API.OpenAI.com/v1",               false, "https://api.openai.com:443"    },
	{"IPv6",			"http://[::1]:8000/v1",                    false, "http://[::1]:8000"             },
	{"octal",		       "http://0177.0.0.1/v1",                    false, "http://127.0.0.1:80"           },
	{"one number",                  "http://2130706433/",                      false, "http://127.0.0.1:80"           },
	{"dot at the end",              "https://api.openai.com./v1",              false, "https://api.openai.com.:443"   },
	{"name in the path",            "https://evil.example/api.openai.com",     false,
         "https://evil.example:443"										       },
	{"dots in the path",            "https://a.example/b/../v1",               true,  "https://a.example:443/v1"      },
	{"user",			"https://api.openai.com@evil.example/",    false, NULL                            },
	{"user and password",           "https://a:b@evil.example/",               false, NULL                            },
	{"query of an address",         "https://a.example/v1?x=1",                true,  NULL                            },
	{"query of a request",          "https://a.example/v1/m:s?alt=sse",        false, "https://a.example:443"         },
	{"fragment",                    "https://a.example/v1#x",                  false, NULL                            },
	{"ftp",			 "ftp://a.example/",                        false, NULL                            },
	{"file",			"file:///etc/passwd",                      false, NULL                            },
	{"no scheme",                   "a.example/v1",                            false, NULL                            },
	{"blank inside",                "https://a.exa mple/v1",                   false, NULL                            },
	{"line end inside",             "https://a.example/v1\r\nX: y",            false, NULL                            },
	{"bad port",                    "https://a.example:99999/",                false, NULL                            },
	{"three slashes",               "https:///v1",                             false, "https://v1:443"                },
	{"backslash",                   "https://a.example\\@evil.example/",       false, NULL                            },
	{"percent in the host",         "https://a%2eexample%20/",                 false, NULL                            },
	{"letters of others",           "https://\xd0\xb0pi.openai.com/",          false, NULL                            },
	{"mapped IPv4",                 "https://[::ffff:127.0.0.1]/",             false, "https://[::ffff:127.0.0.1]:443"},
	{"zone of an interface",        "https://[fe80::1%25eth0]/",               false, NULL                            },
	{"NUL in the host",             "https://api.openai.com%00.evil.example/", false, NULL                            },
	{"zero before the port",        "https://api.openai.com:0443/",            false,
         "https://api.openai.com:443"										     },
	{"no port behind its colon",    "https://api.openai.com:/v1",              false,
         "https://api.openai.com:443"										     },
	{"two ports",                   "https://api.openai.com:443:1/",           false, NULL                            },
	{"blank in the port",           "https://api.openai.com:80 80/",           false, NULL                            },
	{"one slash",                   "https:/api.openai.com",                   false, NULL                            },
	{"two backslashes",             "https:\\\\api.openai.com",                false, NULL                            },
	{"hex",			 "https://0x7f.1/",                         false, "https://127.0.0.1:443"         },
	{"semicolon",                   "https://api.openai.com;evil.example/",    false, NULL                            },
	{"comma",		       "https://api.openai.com,evil.example/",    false, NULL                            },
	{"tab",			 "https://api.openai.com\t.evil.example/",  false, NULL                            },
	{"longer name",                 "https://api.openai.com.evil.example/",    false,
         "https://api.openai.com.evil.example:443"									},
	{"name before a question mark", "https://evil.example?@api.openai.com",    false,
         "https://evil.example:443"										       },
	{"name behind a number sign",   "https://evil.example#@api.openai.com",    false, NULL                            },
	{"nothing",		     "",					false, NULL                            },
};

static void test_origin(void **state)
{
	const struct origin_case *c = *state;
	char origin[200] = "";
	struct fm_err err;
	const enum fm_code rc = fm_origin_of(c->url, c->path, origin, sizeof origin, &err);

	if (c->want == NULL) {
		assert_int_equal(rc, FM_E_USAGE);
		return;
	}
	assert_int_equal(rc, FM_OK);
	assert_string_equal(origin, c->want);
}

static void test_origin_room(void **state)
{
	char origin[20];
	struct fm_err err;

	(void)state;
	assert_int_equal(
		fm_origin_of("https://a.long.example/", false, origin, sizeof origin, &err),
		FM_E_USAGE);
}

static struct key_case {
	const char *name, *text;
	enum fm_code want;
} keys[] = {
	{"plain",               "sk-0123456789",      FM_OK    },
	{"line end of Windows", "sk-0123456789\r\n",  FM_OK    },
	{"blanks around",       "  sk-0123456789 \n", FM_OK    },
	{"empty",               "",                   FM_E_AUTH},
	{"only a line end",     "\n",                 FM_E_AUTH},
	{"line end inside",     "sk-01\r\nX-Evil: 1", FM_E_AUTH},
	{"blank inside",        "sk 01",              FM_E_AUTH},
	{"not ASCII",           "sk-\xC3\xA4",        FM_E_AUTH},
	{"control",             "sk-\x01",            FM_E_AUTH},
};

static void assert_silent(const struct fm_err *err, const char *text)
{
	if (text[0] != '\0' && text[0] != '\n')
		assert_null(strstr(err->text, text));
}

static void test_key(void **state)
{
	const struct key_case *c = *state;
	char path[] = "/tmp/fathom-key-XXXXXX";
	const int fd = mkstemp(path);
	const struct fm_key_spec file = {FM_KEY_FILE, path, "https://a.example:443", NULL};
	const struct fm_key_spec env = {FM_KEY_ENV, "FATHOM_TEST_KEY", "https://a.example:443",
	                                NULL};
	struct fm_key *key = NULL;
	struct fm_err err = {0};

	assert_true(fd >= 0);
	assert_int_equal(write(fd, c->text, strlen(c->text)), strlen(c->text));
	(void)close(fd);
	assert_int_equal(fm_key_open(&file, &key, &err), c->want);
	assert_silent(&err, c->text);
	fm_key_close(key);
	key = NULL;
	assert_int_equal(setenv("FATHOM_TEST_KEY", c->text, 1), 0);
	assert_int_equal(fm_key_open(&env, &key, &err), c->want);
	assert_silent(&err, c->text);
	fm_key_close(key);
	(void)unlink(path);
}

static void test_key_file(void **state)
{
	char path[] = "/tmp/fathom-key-XXXXXX";
	char link[40];
	const int fd = mkstemp(path);
	struct fm_key_spec spec = {FM_KEY_FILE, path, "https://a.example:443", NULL};
	struct fm_key *key = NULL;
	struct fm_err err;

	(void)state;
	(void)snprintf(link, sizeof link, "%s.link", path);
	assert_int_equal(write(fd, "sk-01234567", 11), 11);
	(void)close(fd);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(fm_key_open(&spec, &key, &err), FM_E_USAGE);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(symlink(path, link), 0);
	spec.name = link;
	assert_int_equal(fm_key_open(&spec, &key, &err), FM_E_AUTH);
	spec.name = "/tmp";
	assert_int_equal(fm_key_open(&spec, &key, &err), FM_E_USAGE);
	spec.name = "/nowhere/at/all";
	assert_int_equal(fm_key_open(&spec, &key, &err), FM_E_AUTH);
	(void)unlink(link);
	(void)unlink(path);
	(void)unsetenv("FATHOM_TEST_KEY");
	spec = (struct fm_key_spec){FM_KEY_ENV, "FATHOM_TEST_KEY", "https://a.example:443", NULL};
	assert_int_equal(fm_key_open(&spec, &key, &err), FM_E_AUTH);
	fm_key_close(NULL);
}

/* A key that signs: its parts, of which the session may be missing. */
static struct parts_case {
	const char *name, *id, *secret, *session;
	enum fm_code want;
	const char *want_error;
} parts[] = {
	{"all three",              "AKIDEXAMPLE", "secret/with+signs", "session==", FM_OK,     NULL},
	{"no session",             "AKIDEXAMPLE", "secret/with+signs", NULL,        FM_OK,     NULL},
	{"no secret",              "AKIDEXAMPLE", NULL,                "session==", FM_E_AUTH,
         "key variable PART_SECRET: is not set"						    },
	{"no name",                NULL,          "secret/with+signs", "session==", FM_E_AUTH,
         "key variable PART_ID: is not set"							},
	{"line end in the secret", "AKIDEXAMPLE", "sec\r\nret",        NULL,        FM_E_AUTH,
         "key variable PART_SECRET: holds what a header cannot carry"                              },
};

static void set_or_drop(const char *name, const char *value)
{
	assert_int_equal(value == NULL ? unsetenv(name) : setenv(name, value, 1), 0);
}

static void assert_part(const struct fm_key *key, enum fm_key_part part, const char *want)
{
	assert_true(fm_span_equal(fm_key_part(key, part), fm_span_of(want)));
}

static void test_parts(void **state)
{
	const struct parts_case *c = *state;
	const struct fm_key_spec spec = {.source = FM_KEY_ENV,
	                                 .name = "PART_ID+PART_SECRET+PART_SESSION?",
	                                 .origin = "https://a.example:443"};
	struct fm_key *key = NULL;
	struct fm_err err = {0};

	set_or_drop("PART_ID", c->id);
	set_or_drop("PART_SECRET", c->secret);
	set_or_drop("PART_SESSION", c->session);
	assert_int_equal(fm_key_open(&spec, &key, &err), c->want);
	if (c->want_error != NULL)
		assert_string_equal(err.text, c->want_error);
	if (c->want == FM_OK) {
		assert_part(key, FM_KEY_TEXT, c->id);
		assert_part(key, FM_KEY_SECRET, c->secret);
		assert_part(key, FM_KEY_SESSION, c->session);
		fm_key_drop(&spec);
		assert_null(getenv("PART_ID"));
		assert_null(getenv("PART_SECRET"));
		assert_null(getenv("PART_SESSION"));
	}
	fm_key_close(key);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(origins) + FM_COUNT(keys) + FM_COUNT(parts) + 2];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(origins); i++)
		tests[n++] =
			(struct CMUnitTest){origins[i].name, test_origin, NULL, NULL, &origins[i]};
	for (size_t i = 0; i < FM_COUNT(keys); i++)
		tests[n++] = (struct CMUnitTest){keys[i].name, test_key, NULL, NULL, &keys[i]};
	for (size_t i = 0; i < FM_COUNT(parts); i++)
		tests[n++] = (struct CMUnitTest){parts[i].name, test_parts, NULL, NULL, &parts[i]};
	tests[n++] = (struct CMUnitTest){"origin too long", test_origin_room, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"key files", test_key_file, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("client/key", tests, NULL, NULL) != 0;
}
