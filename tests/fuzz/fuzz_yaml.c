#include "fuzz.h"

#include <assert.h>

#include "text/utf8.h"
#include "text/yaml.h"

/* A tree's members are counted, named in maps only, and lie within the text. */
static void hold_node(const struct fm_yaml *node, unsigned line_count, unsigned depth)
{
	const struct fm_yaml *before = node;
	size_t count = 0;

	assert(depth <= 16);
	assert(node->line >= 1 && node->line <= line_count && node->column >= 1);
	assert(node->kind == FM_YAML_SCALAR || node->text.len == 0);
	assert(node->kind != FM_YAML_SCALAR || node->first == NULL);
	assert(fm_utf8_check(node->text) == node->text.len);
	for (const struct fm_yaml *member = node->first; member != NULL; member = member->next) {
		assert((member->key != NULL) == (node->kind == FM_YAML_MAP));
		assert(member->key == NULL || member->key->kind == FM_YAML_SCALAR);
		assert(member->line >= before->line); /* in the file's order */
		hold_node(member, line_count, depth + (member->kind != FM_YAML_SCALAR));
		before = member;
		count++;
	}
	assert(count == node->count);
}

/* Every sign that YAML takes for a line's end; a file cannot have more lines. */
static unsigned count_lines(struct fm_span text)
{
	unsigned count = 2; /* the first, and one behind the last */

	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == '\n' || text.ptr[i] == '\r' || (text.ptr[i] & 0x80) != 0;
	return count;
}

void fuzz_one(struct fm_span input)
{
	struct fm_arena arena = {0};
	struct fm_yaml *root = NULL;
	struct fm_err err = {0};
	const enum fm_code rc = fm_yaml_read(input, &arena, &root, &err);

	assert(rc == FM_OK || rc == FM_E_FORMAT || rc == FM_E_LIMIT);
	assert((rc == FM_OK) == (root != NULL));
	if (rc == FM_OK)
		hold_node(root, count_lines(input), root->kind != FM_YAML_SCALAR);
	else if (input.len <= (size_t)1 << 20)
		assert(fm_is_digit(err.text[0])); /* LINE:COLUMN comes first */
	fm_arena_free(&arena);
}
