#include "price_internal.h"

/*
 * USD per million tokens in units of 0.0001: 2.00 USD is 20000. Order: input, output, cached read,
 * cache write, then the tier: from how many prompt tokens, input, output, cached read.
 *
 * Source: the litellm price list of 2026-07-24. Prices move: a person's own
 * `price:` goes before, and the list that a run was planned with is kept in its journal.
 * What runs on a person's own machine costs no money by the token.
 */
const struct fm_price_row fm_price_rows[] = {
	{"openai",   "gpt-4.1",            20000, 80000,  5000,  20000, 0,      0,      0,      0     },
	{"openai",   "gpt-4.1-mini",       4000,  16000,  4000,  4000,  0,      0,      0,      0     },
	{"openai",   "gpt-4.1-nano",       1000,  4000,   1000,  1000,  0,      0,      0,      0     },
	{"openai",   "gpt-5",              12500, 100000, 12500, 12500, 0,      0,      0,      0     },
	{"openai",   "gpt-5.1",            12500, 100000, 12500, 12500, 0,      0,      0,      0     },
	{"openai",   "gpt-5.2",            17500, 140000, 17500, 17500, 0,      0,      0,      0     },
	{"openai",   "gpt-5.4",            25000, 150000, 2500,  25000, 272000, 50000,  225000, 5000  },
	{"openai",   "gpt-5.5",            50000, 300000, 50000, 50000, 272000, 100000, 450000, 100000},
	{"deepseek", "deepseek-chat",      2800,  4200,   2800,  2800,  0,      0,      0,      0     },
	{"deepseek", "deepseek-reasoner",  2800,  4200,   2800,  2800,  0,      0,      0,      0     },
	{"deepseek", "deepseek-v4-flash",  1400,  2800,   28,    1400,  0,      0,      0,      0     },
	{"deepseek", "deepseek-v4-pro",    4350,  8700,   4350,  4350,  0,      0,      0,      0     },
	{"xai",      "grok-4",             30000, 150000, 30000, 30000, 0,      0,      0,      0     },
	{"xai",      "grok-4-fast",        2000,  5000,   500,   2000,  128000, 4000,   10000,  4000  },
	{"mistral",  "mistral-large-3",    5000,  15000,  5000,  5000,  0,      0,      0,      0     },
	{"mistral",  "mistral-medium-3.5", 15000, 75000,  15000, 15000, 0,      0,      0,      0     },
	{"sim",      "*",                  0,     0,      0,     0,     0,      0,      0,      0     },
	{"ollama",   "*",                  0,     0,      0,     0,     0,      0,      0,      0     },
	{"llamacpp", "*",                  0,     0,      0,     0,     0,      0,      0,      0     },
	{"vllm",     "*",                  0,     0,      0,     0,     0,      0,      0,      0     },
	{"lmstudio", "*",                  0,     0,      0,     0,     0,      0,      0,      0     },
	{"local",    "*",                  0,     0,      0,     0,     0,      0,      0,      0     },
};

const size_t fm_price_row_count = sizeof fm_price_rows / sizeof fm_price_rows[0];
