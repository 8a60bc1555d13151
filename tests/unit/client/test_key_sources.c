#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/macro.h"
#include "client/key.h"
#include "client/key_internal.h"
#include "client/key_read_internal.h"
#include "client/key_store.h"
#include "text/secret.h"

#define ORIGIN "https://a.example:443"

/* What a .env says of NAME; NULL: nothing. */
static struct dotenv_case {
	const char *name, *text, *want;
} dotenvs[] = {
	{"plain",			   "NAME=value\n",                              "value"             },
	{"no line end",                     "NAME=value",                                "value"             },
	{"line ends of Windows",            "A=b\r\nNAME=value\r\nC=d\r\n",              "value"             },
	{"line ends of old",                "A=b\rNAME=value\rC=d",                      "value"             },
	{"byte order mark",                 "\xef\xbb\xbfNAME=value",                    "value"             },
	{"blanks",			  "  NAME \t= \t value \t\n",                  "value"             },
	{"export",			  "export NAME=value",                         "value"             },
	{"export and tab",                  "\texport\tNAME = value",                    "value"             },
	{"a name that begins with export",  "exportNAME=value",                          NULL                },
	{"single quotes",                   "NAME='a \"b\\n$C # d'",                     "a \"b\\n$C # d"    },
	{"double quotes",                   "NAME=\"a 'b\\t\\\"c\\\\ # d\\x\"",          "a 'b\t\"c\\ # d\\x"},
	{"back quotes",                     "NAME=`a 'b\" c`",                           "a 'b\" c"          },
	{"nothing is expanded",             "A=1\nNAME=$A${A}",                          "$A${A}"            },
	{"comment",			 "#NAME=no\n # NAME=no\nNAME=value # said\n", "value"             },
	{"comment behind quotes",           "NAME=\"value\" # said",                     "value"             },
	{"number sign in a value",          "NAME=va#lue",                               "va#lue"            },
	{"a comment alone",                 "NAME= # nothing",                           NULL                },
	{"equals in a value",               "NAME=dmFsdWU==",                            "dmFsdWU=="         },
	{"the last one counts",             "NAME=first\nNAME=second\nOTHER=third",      "second"            },
	{"one behind quotes counts",        "NAME='first'\nNAME=second",                 "second"            },
	{"in another's value",              "OTHER='\nNAME=no\n'\n",                     NULL                },
	{"behind a value of many lines",    "OTHER=\"a\nb\"\nNAME=value",                "value"             },
	{"a quote without its pair",        "NAME='value\nA=b\n",                        NULL                },
	{"behind a quote without its pair", "A='value\nNAME=value\n",                    "value"             },
	{"empty",			   "NAME=\n",				   NULL                },
	{"empty quotes",                    "NAME=''\n",                                 NULL                },
	{"no equals",		       "NAME\n",				    NULL                },
	{"a longer name",                   "NAMES=value\nMY_NAME=value",                NULL                },
	{"small letters",                   "name=value",                                NULL                },
	{"nothing",			 "",					  NULL                },
	{"only line ends",                  "\n\r\n\r",                                  NULL                },
};

static void test_dotenv(void **state)
{
	const struct dotenv_case *c = *state;
	char *room = malloc(strlen(c->text) + 1);
	struct fm_span value;
	const bool found = fm_dotenv_find(fm_span_of(c->text), fm_span_of("NAME"), room, &value);

	assert_int_equal(found, c->want != NULL);
	assert_true(fm_span_equal(value, fm_span_of(c->want)));
	free(room);
}

static struct command_case {
	const char *name;
	const char *program, *first, *second; /* its words, as many as are not NULL */
	const char *want, *want_error;
} commands[] = {
	{"prints it",           "printf",          "sk-0123456789\\n", NULL,                                                 "sk-0123456789", NULL                                     },
	{"without a shell",     "echo",            "$HOME;#",          NULL,                                                 "$HOME;#",       NULL                                     },
	{"reads nothing",       "sh",              "-c",               "cat; echo sk-0123456789",                            "sk-0123456789", NULL                                     },
	{"says more on stderr", "sh",              "-c",               "echo more >&2; echo sk-01",                          "sk-01",         NULL                                     },
	{"is not there",        "/nowhere/at/all", NULL,               NULL,                                                 NULL,
         "key command /nowhere/at/all: cannot run: No such file or directory"													  },
	{"fails",               "sh",              "-c",               "echo sk-01; exit 3",                                 NULL,            "key command sh: ended with status 3"    },
	{"is killed",           "sh",              "-c",               "kill -9 $$",                                         NULL,            "key command sh: was killed"             },
	{"prints nothing",      "true",            NULL,               NULL,						 NULL,            "key command true: is empty"             },
	{"prints two lines",    "printf",          "sk-01\\nsk-02\\n", NULL,                                                 NULL,
         "key command printf: holds what a header cannot carry"															},
	{"prints without end",  "yes",             NULL,               NULL,                                                 NULL,            "key command yes: prints more than a key"},
	{"gets SIGPIPE",        "sh",              "-c",               "(yes; echo $? >&2) | head -c 5 >/dev/null; echo ok", "ok",
         NULL																					  },
};

static void test_command(void **state)
{
	const struct command_case *c = *state;
	const char *const words[] = {c->program, c->first, c->second, NULL};
	const struct fm_key_spec spec = {FM_KEY_COMMAND, NULL, ORIGIN, words};
	struct fm_key *key = NULL;
	struct fm_err err = {0};
	const enum fm_code rc = fm_key_open(&spec, &key, &err);

	if (c->want_error != NULL) {
		assert_int_equal(rc, FM_E_AUTH);
		assert_string_equal(err.text, c->want_error);
		return;
	}
	assert_int_equal(rc, FM_OK);
	assert_true(fm_span_is(fm_key_part(key, FM_KEY_TEXT), c->want));
	fm_key_close(key);
}

static char folder[] = "/tmp/fathom-keys-XXXXXX";

/* In an empty folder, which is our configuration's as well. */
static int set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(setenv("XDG_CONFIG_HOME", folder, 1), 0);
	(void)umask(077);
	return 0;
}

static int tear_down(void **state)
{
	char command[80];

	(void)state;
	fm_secret_forget();
	(void)snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	struct fm_err err;

	assert_int_equal(fm_file_replace(path, fm_span_of(text), &err), FM_OK);
	assert_int_equal(chmod(path, mode), 0);
}

/* What is in the environment, in .env and in the store; then where the key is found. */
static struct look_case {
	const char *name, *words, *environment, *dotenv, *stored;
	enum fm_key_source want;
	const char *want_name;
} looks[] = {
	{"nowhere",		      "LOOK_A LOOK_B",                NULL,     "",                   NULL,                     FM_KEY_NONE,   "LOOK_A"},
	{"no word at all",               "",                             NULL,     "LOOK_A=x",           NULL,                     FM_KEY_NONE,   NULL    },
	{"environment",                  "LOOK_A LOOK_B",                "LOOK_B", "",                   NULL,                     FM_KEY_ENV,    "LOOK_B"},
	{"environment goes before .env", "LOOK_A LOOK_B",                "LOOK_B", "LOOK_A=x",           NULL,                     FM_KEY_ENV,
         "LOOK_B"																	 },
	{".env",			 "LOOK_A LOOK_B",                NULL,     "LOOK_B=x",           NULL,                     FM_KEY_DOTENV, "LOOK_B"},
	{".env goes before the store",   "LOOK_A",                       NULL,     "LOOK_A=x",           ORIGIN,                   FM_KEY_DOTENV, "LOOK_A"},
	{"only what is named",           "LOOK_A",                       NULL,     "LOOK_B=x",           NULL,                     FM_KEY_NONE,   "LOOK_A"},
	{"store",			"LOOK_A",                       NULL,     "",                   ORIGIN,                   FM_KEY_STORE,  "me"    },
	{"store without a word",         "",                             NULL,     "",                   ORIGIN,                   FM_KEY_STORE,  "me"    },
	{"stored for another host",      "LOOK_A",                       NULL,     "",                   "https://b.example:443",  FM_KEY_NONE,
         "LOOK_A"																	 },
	{"stored for another port",      "LOOK_A",                       NULL,     "",                   "https://a.example:8443", FM_KEY_NONE,
         "LOOK_A"																	 },
	{"stored for another scheme",    "LOOK_A",                       NULL,     "",                   "http://a.example:443",   FM_KEY_NONE,
         "LOOK_A"																	 },
	{"all parts in one place",       "LOOK_A+LOOK_B+LOOK_C? LOOK_D", "LOOK_A", "LOOK_B=x\nLOOK_D=y",
         NULL,														     FM_KEY_DOTENV, "LOOK_D"},
	{"parts in .env",                "LOOK_A+LOOK_B+LOOK_C?",        NULL,     "LOOK_B=x\nLOOK_A=y", NULL,                     FM_KEY_DOTENV,
         "LOOK_A+LOOK_B+LOOK_C?"															  },
};

static void test_look(void **state)
{
	const struct look_case *c = *state;
	const struct fm_key_wish wish = {c->words, "me", ORIGIN};
	struct fm_arena arena = {0};
	struct fm_key_found found;
	struct fm_err err = {0};
	bool removed;

	write_file(".env", c->dotenv, 0600);
	if (c->stored != NULL)
		assert_int_equal(
			fm_key_store_set("me", c->stored, fm_span_of("sk-0123456789"), &err),
			FM_OK);
	if (c->environment != NULL)
		assert_int_equal(setenv(c->environment, "sk-environment", 1), 0);
	assert_int_equal(fm_key_look(&wish, &arena, &found, &err), FM_OK);
	assert_int_equal(found.source, c->want);
	assert_true(fm_span_equal(fm_span_of(found.name), fm_span_of(c->want_name)));
	assert_false(found.exposed);
	if (c->environment != NULL)
		assert_int_equal(unsetenv(c->environment), 0);
	assert_int_equal(fm_key_store_remove("me", &removed, &err), FM_OK);
	assert_int_equal(removed, c->stored != NULL);
	assert_int_equal(unlink(".env"), 0);
	fm_arena_free(&arena);
}

static enum fm_code look(struct fm_key_found *ret_found, struct fm_err *err)
{
	const struct fm_key_wish wish = {"LOOK_A", "me", ORIGIN};
	struct fm_arena arena = {0};
	const enum fm_code rc = fm_key_look(&wish, &arena, ret_found, err);

	fm_arena_free(&arena);
	return rc;
}

/* A .env that others may read is said; a store that they may read is not used. */
static void test_others(void **state)
{
	struct fm_key_found found;
	struct fm_err err = {0};

	(void)state;
	write_file(".env", "LOOK_A=sk-0123456789", 0644);
	assert_int_equal(look(&found, &err), FM_OK);
	assert_true(found.exposed);
	assert_int_equal(unlink(".env"), 0);
	assert_int_equal(mkdir(".env", 0700), 0);
	/* Python's tools make folders of that name. */
	assert_int_equal(look(&found, &err), FM_OK);
	assert_int_equal(found.source, FM_KEY_NONE);
	assert_int_equal(rmdir(".env"), 0);
	assert_int_equal(fm_key_store_set("me", ORIGIN, fm_span_of("sk-0123456789"), &err), FM_OK);
	assert_int_equal(chmod("fathom/keys", 0640), 0);
	assert_int_equal(look(&found, &err), FM_E_USAGE);
	assert_non_null(strstr(err.text, "fathom/keys: may be read by others: chmod 600 it"));
	assert_int_equal(unlink("fathom/keys"), 0);
	write_file("fathom/keys", "me " ORIGIN " sk-0123456789\nsk-ABCDEFGHIJ\n", 0600);
	assert_int_equal(look(&found, &err), FM_E_FORMAT);
	assert_non_null(strstr(err.text, "line 2 is not: owner, origin, key"));
	assert_null(strstr(err.text, "sk-"));
	assert_int_equal(unlink("fathom/keys"), 0);
}

static void assert_stored(const char *owner, const char *origin, const char *want)
{
	const struct fm_key_spec spec = {FM_KEY_STORE, owner, origin, NULL};
	struct fm_key *key = NULL;
	struct fm_err err = {0};
	const enum fm_code rc = fm_key_open(&spec, &key, &err);

	assert_int_equal(rc, want == NULL ? FM_E_AUTH : FM_OK);
	if (want != NULL)
		assert_true(fm_span_is(fm_key_part(key, FM_KEY_TEXT), want));
	fm_key_close(key);
}

static void test_store(void **state)
{
	struct fm_err err = {0};
	struct stat st;
	bool found;

	(void)state;
	assert_int_equal(fm_key_store_set("a", ORIGIN, fm_span_of(" sk-first \r\n"), &err), FM_OK);
	assert_int_equal(fm_key_store_set("b", "http://127.0.0.1:80", fm_span_of("sk-b"), &err),
	                 FM_OK);
	assert_stored("a", ORIGIN, "sk-first");
	assert_int_equal(fm_key_store_set("a", ORIGIN, fm_span_of("sk-second"), &err), FM_OK);
	assert_stored("a", ORIGIN, "sk-second");
	assert_stored("b", "http://127.0.0.1:80", "sk-b");
	assert_stored("b", ORIGIN, NULL);
	assert_stored("c", ORIGIN, NULL);
	assert_int_equal(stat("fathom/keys", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(fm_key_store_set("a", ORIGIN, fm_span_of("sk two"), &err), FM_E_AUTH);
	assert_string_equal(err.text, "the key: holds what a header cannot carry");
	assert_int_equal(fm_key_store_remove("a", &found, &err), FM_OK);
	assert_true(found);
	assert_int_equal(fm_key_store_remove("a", &found, &err), FM_OK);
	assert_false(found);
	assert_stored("a", ORIGIN, NULL);
	assert_stored("b", "http://127.0.0.1:80", "sk-b");
	assert_int_equal(fm_key_store_remove("b", &found, &err), FM_OK);
}

/* What is kept can be read again: a store is never made longer than that. */
static void test_full_store(void **state)
{
	struct fm_stored_key *list;
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	struct fm_buf lines;
	size_t count;

	(void)state;
	fm_buf_init(&lines, 1 << 20);
	for (int i = 0; i < 256; i++)
		fm_buf_putf(&lines, "o%d " ORIGIN " sk-0123456789\n", i);
	write_file("fathom/keys", fm_buf_text(&lines), 0600);
	assert_int_equal(fm_key_store_set("more", ORIGIN, fm_span_of("sk-more"), &err), FM_E_LIMIT);
	assert_non_null(strstr(err.text, "fathom/keys: is full"));
	assert_int_equal(fm_key_store_set("o7", ORIGIN, fm_span_of("sk-seven"), &err), FM_OK);
	assert_stored("o7", ORIGIN, "sk-seven");
	assert_int_equal(fm_key_store_list(&arena, &list, &count, &err), FM_OK);
	assert_int_equal(count, 256);
	assert_int_equal(unlink("fathom/keys"), 0);
	fm_buf_free(&lines);
	fm_arena_free(&arena);
}

/* Services run without a home: they have no store, and may need none. */
static void test_no_place(void **state)
{
	const char *home = getenv("HOME");
	struct fm_key_found found;
	struct fm_err err = {0};

	(void)state;
	assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
	assert_int_equal(unsetenv("HOME"), 0);
	assert_int_equal(look(&found, &err), FM_OK);
	assert_int_equal(found.source, FM_KEY_NONE);
	assert_int_equal(fm_key_store_set("me", ORIGIN, fm_span_of("sk-me"), &err), FM_E_USAGE);
	assert_int_equal(setenv("XDG_CONFIG_HOME", folder, 1), 0);
	if (home != NULL)
		assert_int_equal(setenv("HOME", home, 1), 0);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(dotenvs) + FM_COUNT(commands) + FM_COUNT(looks) + 4];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(dotenvs); i++)
		tests[n++] =
			(struct CMUnitTest){dotenvs[i].name, test_dotenv, NULL, NULL, &dotenvs[i]};
	for (size_t i = 0; i < FM_COUNT(commands); i++)
		tests[n++] = (struct CMUnitTest){commands[i].name, test_command, NULL, NULL,
		                                 &commands[i]};
	for (size_t i = 0; i < FM_COUNT(looks); i++)
		tests[n++] = (struct CMUnitTest){looks[i].name, test_look, NULL, NULL, &looks[i]};
	tests[n++] = (struct CMUnitTest){"what others may read", test_others, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"store", test_store, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"a full store", test_full_store, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"no place for one", test_no_place, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("client/key_sources", tests, set_up, tear_down) != 0;
}
