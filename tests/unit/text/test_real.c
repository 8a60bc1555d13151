#include "test.h"

#include <string.h>

#include "text/real_internal.h"

/* Bits and text of RFC 8785, appendix B, and of the ends of what a double can be. */
static const struct real_case {
	uint64_t bits;
	const char *want;
} cases[] = {
	{0x0000000000000001, "5e-324"                   },
	{0x8000000000000001, "-5e-324"                  },
	{0x7fefffffffffffff, "1.7976931348623157e+308"  },
	{0xffefffffffffffff, "-1.7976931348623157e+308" },
	{0x4340000000000000, "9007199254740992"         },
	{0xc340000000000000, "-9007199254740992"        },
	{0x4430000000000000, "295147905179352830000"    },
	{0x44b52d02c7e14af5, "9.999999999999997e+22"    },
	{0x44b52d02c7e14af6, "1e+23"                    },
	{0x44b52d02c7e14af7, "1.0000000000000001e+23"   },
	{0x444b1ae4d6e2ef4e, "999999999999999700000"    },
	{0x444b1ae4d6e2ef4f, "999999999999999900000"    },
	{0x444b1ae4d6e2ef50, "1e+21"                    },
	{0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"     },
	{0x3eb0c6f7a0b5ed8d, "0.000001"                 },
	{0x41b3de4355555553, "333333333.3333332"        },
	{0x41b3de4355555554, "333333333.33333325"       },
	{0x41b3de4355555555, "333333333.3333333"        },
	{0x41b3de4355555556, "333333333.3333334"        },
	{0x41b3de4355555557, "333333333.33333343"       },
	{0xbecbf647612f3696, "-0.0000033333333333333333"},
	{0x43143ff3c1cb0959, "1424953923781206.2"       },
	{0x3d30000000000000, "5.684341886080802e-14"    },
	{0x3d10000000000000, "1.4210854715202004e-14"   },
	{0x0010000000000000, "2.2250738585072014e-308"  },
	{0x3fb999999999999a, "0.1"                      },
	{0x0000000000000000, "0"                        },
	{0x8000000000000000, "0"                        },
	{0x3ff0000000000000, "1"                        },
};

static void test_real(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct fm_buf buf;
		double number;

		memcpy(&number, &cases[i].bits, sizeof number);
		fm_buf_init(&buf, 64);
		fm_put_real(&buf, number);
		assert_string_equal(fm_buf_text(&buf), cases[i].want);
		fm_buf_free(&buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_real),
	};

	return cmocka_run_group_tests_name("text/real", tests, NULL, NULL) != 0;
}
