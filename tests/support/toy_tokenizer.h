#ifndef FATHOM_TESTS_SUPPORT_TOY_TOKENIZER_H
#define FATHOM_TESTS_SUPPORT_TOY_TOKENIZER_H

#include "test.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/macro.h"
#include "text/utf8.h"

/*
 * A small tokenizer in the shape of Llama 2: a blank before every text, bytes for what is no token,
 * line ends among them. Counts of one text alone and behind a seam differ, and a line end costs
 * more than a blank.
 */
static inline void toy_tokenizer_write(const char *path)
{
	static const char *const merges[][2] = {
		{"t",            "h"     },
                {"th",           "e"     },
                {"\xe2\x96\x81", "the"   },
                {"\xe2\x96\x81", "a"     },
		{"T",            "h"     },
                {"Th",           "e"     },
                {"\xe2\x96\x81", "The"   },
                {"a",            "n"     },
		{"an",           "d"     },
                {"i",            "n"     },
                {"\xe2\x96\x81", "in"    },
                {"\xe2\x96\x81", "I"     },
		{"e",            "r"     },
                {"o",            "n"     },
                {"\xe2\x96\x81", "on"    },
                {"\xe2\x96\x81", "of"    },
		{"o",            "f"     },
                {"o",            "r"     },
                {"\xe2\x96\x81", "or"    },
                {"\xe2\x96\x81", "and"   },
		{"r",            "i"     },
                {"v",            "er"    },
                {"ri",           "ver"   },
                {"\xe2\x96\x81", "river" },
		{"n",            "ot"    },
                {"o",            "t"     },
                {"\xe2\x96\x81", "not"   },
                {"N",            "u"     },
		{"Nu",           "m"     },
                {"b",            "er"    },
                {"Num",          "ber"   },
                {"\xe2\x96\x81", "Number"},
	};
	struct fm_err err;
	struct fm_buf buf;
	unsigned id = 0;

	fm_buf_init(&buf, (size_t)1 << 20);
	fm_buf_puts(&buf,
	            "{\"version\":\"1.0\",\"added_tokens\":[{\"id\":0,\"content\":\"<unk>\","
	            "\"special\":true,\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"
	            "\"normalized\":false}],\"normalizer\":{\"type\":\"Sequence\","
	            "\"normalizers\":[{\"type\":\"Prepend\",\"prepend\":\"\xe2\x96\x81\"},"
	            "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},"
	            "\"content\":\"\xe2\x96\x81\"}]},\"pre_tokenizer\":null,\"model\":{"
	            "\"type\":\"BPE\",\"unk_token\":\"<unk>\",\"fuse_unk\":true,"
	            "\"byte_fallback\":true,\"vocab\":{\"<unk>\":0");
	for (unsigned byte = 0; byte < 256; byte++)
		fm_buf_putf(&buf, ",\"<0x%02X>\":%u", byte, ++id);
	for (unsigned c = 0x21; c < 0x7f; c++)
		if (c != '"' && c != '\\')
			fm_buf_putf(&buf, ",\"%c\":%u", c, ++id);
	fm_buf_putf(&buf, ",\"\xe2\x96\x81\":%u", ++id);
	for (size_t i = 0; i < FM_COUNT(merges); i++)
		fm_buf_putf(&buf, ",\"%s%s\":%u", merges[i][0], merges[i][1], ++id);
	fm_buf_puts(&buf, "},\"merges\":[");
	for (size_t i = 0; i < FM_COUNT(merges); i++)
		fm_buf_putf(&buf, "%s\"%s %s\"", i == 0 ? "" : ",", merges[i][0], merges[i][1]);
	fm_buf_puts(&buf, "]}}\n");
	if (fm_file_replace(path, fm_buf_span(&buf), &err) != FM_OK)
		fail_msg("%s", err.text);
	fm_buf_free(&buf);
}

/* One in the shape of GPT-2: each byte a token, but for two words that pad what is missing. */
static inline void toy_gpt2_write(const char *path)
{
	struct fm_err err;
	struct fm_buf buf;
	unsigned above = 0x100;

	fm_buf_init(&buf, (size_t)1 << 20);
	fm_buf_puts(&buf, "{\"version\":\"1.0\",\"pre_tokenizer\":{\"type\":\"ByteLevel\","
	                  "\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":true},"
	                  "\"model\":{\"type\":\"BPE\",\"vocab\":{");
	for (unsigned byte = 0; byte < 256; byte++) {
		/* The bytes that cannot be seen are moved up, in their order. */
		const bool seen = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte != 0xad);

		fm_buf_puts(&buf, byte == 0 ? "\"" : ",\"");
		if (byte == '"' || byte == '\\')
			fm_buf_putc(&buf, '\\');
		fm_utf8_put(&buf, seen ? byte : above++);
		fm_buf_putf(&buf, "\":%u", byte);
	}
	fm_buf_puts(&buf,
	            ",\"\xc4\xa0"
	            "a\":256,\"\xc4\xa0I\":257},\"merges\":[\"\xc4\xa0 a\",\"\xc4\xa0 I\"]}}\n");
	if (fm_file_replace(path, fm_buf_span(&buf), &err) != FM_OK)
		fail_msg("%s", err.text);
	fm_buf_free(&buf);
}

#endif
