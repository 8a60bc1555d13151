#ifndef FATHOM_UNIT_WIRE_VOICE_BYTES_TABLE_H
#define FATHOM_UNIT_WIRE_VOICE_BYTES_TABLE_H

/*
 * One answer, "hm" thought and "a\n\"b" said, as each dialect's server writes it: its events, and
 * whole. The vendors' own SDKs read these shapes in tests/sdk; here they are held still. Bedrock's
 * events are not text.
 */

static const char *const openai_chat_stream[] = {
	"data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":170000"
	"0000,\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\","
	"\"content\":\"\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":null}],"
	"\"usage\":null}\n\n",
	"data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":170000"
	"0000,\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\""
	"hm\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n",
	"data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":170000"
	"0000,\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\\n\\\"b\""
	"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n",
	"data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":170000"
	"0000,\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{},\"logprobs\":null,"
	"\"finish_reason\":\"stop\"}],\"usage\":null}\n\n",
	"data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":170000"
	"0000,\"model\":\"m-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":9000,"
	"\"completion_tokens\":12,\"total_tokens\":9012,\"prompt_tokens_details\":{\"cached_t"
	"okens\":8832},\"completion_tokens_details\":{\"reasoning_tokens\":3}}}\n\n",
	"data: [DONE]\n\n",
	NULL,
};

static const char openai_chat_whole[] =
	"{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1700000000,"
	"\"model\":\"m-1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
	"\"content\":\"a\\n\\\"b\",\"refusal\":null,\"reasoning_content\":\"hm\"},"
	"\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9000,"
	"\"completion_tokens\":12,\"total_tokens\":9012,\"prompt_tokens_details\":{\"cached_t"
	"okens\":8832},\"completion_tokens_details\":{\"reasoning_tokens\":3}}}";

static const char *const openai_responses_stream[] = {
	"event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,"
	"\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1700000000,"
	"\"status\":\"in_progress\",\"error\":null,\"incomplete_details\":null,\"model\":\"m-"
	"1\",\"output\":[],\"background\":false,\"instructions\":null,\"max_output_tokens\":n"
	"ull,\"metadata\":{},\"parallel_tool_calls\":true,\"previous_response_id\":null,"
	"\"reasoning\":{\"effort\":null,\"summary\":null},\"service_tier\":\"default\","
	"\"temperature\":null,\"text\":{\"format\":{\"type\":\"text\"}},\"tool_choice\":\"aut"
	"o\",\"tools\":[],\"top_p\":null,\"truncation\":\"disabled\"}}\n\n",
	"event: response.in_progress\ndata: {\"type\":\"response.in_progress\",\"sequence_num"
	"ber\":1,\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":17000"
	"00000,\"status\":\"in_progress\",\"error\":null,\"incomplete_details\":null,"
	"\"model\":\"m-1\",\"output\":[],\"background\":false,\"instructions\":null,"
	"\"max_output_tokens\":null,\"metadata\":{},\"parallel_tool_calls\":true,"
	"\"previous_response_id\":null,\"reasoning\":{\"effort\":null,\"summary\":null},"
	"\"service_tier\":\"default\",\"temperature\":null,\"text\":{\"format\":{\"type\":\"t"
	"ext\"}},\"tool_choice\":\"auto\",\"tools\":[],\"top_p\":null,\"truncation\":\"disabl"
	"ed\"}}\n\n",
	"event: response.output_item.added\ndata: {\"type\":\"response.output_item.added\","
	"\"sequence_number\":2,\"output_index\":0,\"item\":{\"id\":\"rs_1\",\"type\":\"reason"
	"ing\",\"status\":\"in_progress\",\"summary\":[]}}\n\n",
	"event: response.reasoning_summary_part.added\ndata: {\"type\":\"response.reasoning_s"
	"ummary_part.added\",\"sequence_number\":3,\"item_id\":\"rs_1\",\"output_index\":0,"
	"\"summary_index\":0,\"part\":{\"type\":\"summary_text\",\"text\":\"\"}}\n\n",
	"event: response.reasoning_summary_text.delta\ndata: {\"type\":\"response.reasoning_s"
	"ummary_text.delta\",\"sequence_number\":4,\"item_id\":\"rs_1\",\"output_index\":0,"
	"\"summary_index\":0,\"delta\":\"hm\"}\n\n",
	"event: response.reasoning_summary_text.done\ndata: {\"type\":\"response.reasoning_su"
	"mmary_text.done\",\"sequence_number\":5,\"item_id\":\"rs_1\",\"output_index\":0,"
	"\"summary_index\":0,\"text\":\"hm\"}\n\n",
	"event: response.reasoning_summary_part.done\ndata: {\"type\":\"response.reasoning_su"
	"mmary_part.done\",\"sequence_number\":6,\"item_id\":\"rs_1\",\"output_index\":0,"
	"\"summary_index\":0,\"part\":{\"type\":\"summary_text\",\"text\":\"hm\"}}\n\n",
	"event: response.output_item.done\ndata: {\"type\":\"response.output_item.done\","
	"\"sequence_number\":7,\"output_index\":0,\"item\":{\"id\":\"rs_1\",\"type\":\"reason"
	"ing\",\"status\":\"completed\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm"
	"\"}]}}\n\n",
	"event: response.output_item.added\ndata: {\"type\":\"response.output_item.added\","
	"\"sequence_number\":8,\"output_index\":1,\"item\":{\"id\":\"msg_1\",\"type\":\"messa"
	"ge\",\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}}\n\n",
	"event: response.content_part.added\ndata: {\"type\":\"response.content_part.added\","
	"\"sequence_number\":9,\"item_id\":\"msg_1\",\"output_index\":1,\"content_index\":0,"
	"\"part\":{\"type\":\"output_text\",\"text\":\"\",\"annotations\":[],\"logprobs\":[]}"
	"}\n\n",
	"event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
	"\"sequence_number\":10,\"item_id\":\"msg_1\",\"output_index\":1,\"content_index\":0,"
	"\"delta\":\"a\\n\\\"b\",\"logprobs\":[]}\n\n",
	"event: response.output_text.done\ndata: {\"type\":\"response.output_text.done\","
	"\"sequence_number\":11,\"item_id\":\"msg_1\",\"output_index\":1,\"content_index\":0,"
	"\"text\":\"a\\n\\\"b\",\"logprobs\":[]}\n\n",
	"event: response.content_part.done\ndata: {\"type\":\"response.content_part.done\","
	"\"sequence_number\":12,\"item_id\":\"msg_1\",\"output_index\":1,\"content_index\":0,"
	"\"part\":{\"type\":\"output_text\",\"text\":\"a\\n\\\"b\",\"annotations\":[],"
	"\"logprobs\":[]}}\n\n",
	"event: response.output_item.done\ndata: {\"type\":\"response.output_item.done\","
	"\"sequence_number\":13,\"output_index\":1,\"item\":{\"id\":\"msg_1\",\"type\":\"mess"
	"age\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\"type\":\"outpu"
	"t_text\",\"text\":\"a\\n\\\"b\",\"annotations\":[],\"logprobs\":[]}]}}\n\n",
	"event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\""
	":14,\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":170000000"
	"0,\"status\":\"completed\",\"error\":null,\"incomplete_details\":null,\"model\":\"m-"
	"1\",\"output\":[{\"id\":\"rs_1\",\"type\":\"reasoning\",\"status\":\"completed\","
	"\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm\"}]},{\"id\":\"msg_1\","
	"\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\""
	"type\":\"output_text\",\"text\":\"a\\n\\\"b\",\"annotations\":[],\"logprobs\":[]}]}],"
	"\"background\":false,\"instructions\":null,\"max_output_tokens\":null,\"metadata\":{"
	"},\"parallel_tool_calls\":true,\"previous_response_id\":null,\"reasoning\":{\"effort"
	"\":null,\"summary\":null},\"service_tier\":\"default\",\"temperature\":null,"
	"\"text\":{\"format\":{\"type\":\"text\"}},\"tool_choice\":\"auto\",\"tools\":[],"
	"\"top_p\":null,\"truncation\":\"disabled\",\"usage\":{\"input_tokens\":9000,"
	"\"input_tokens_details\":{\"cached_tokens\":8832,\"cache_write_tokens\":0},"
	"\"output_tokens\":12,\"output_tokens_details\":{\"reasoning_tokens\":3},"
	"\"total_tokens\":9012}}}\n\n",
	NULL,
};

static const char openai_responses_whole[] =
	"{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1700000000,\"status\":\"co"
	"mpleted\",\"error\":null,\"incomplete_details\":null,\"model\":\"m-1\",\"output\":[{"
	"\"id\":\"rs_1\",\"type\":\"reasoning\",\"status\":\"completed\",\"summary\":[{\"type"
	"\":\"summary_text\",\"text\":\"hm\"}]},{\"id\":\"msg_1\",\"type\":\"message\","
	"\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text"
	"\",\"text\":\"a\\n\\\"b\",\"annotations\":[],\"logprobs\":[]}]}],\"background\":fals"
	"e,\"instructions\":null,\"max_output_tokens\":null,\"metadata\":{},\"parallel_tool_c"
	"alls\":true,\"previous_response_id\":null,\"reasoning\":{\"effort\":null,"
	"\"summary\":null},\"service_tier\":\"default\",\"temperature\":null,\"text\":{\"form"
	"at\":{\"type\":\"text\"}},\"tool_choice\":\"auto\",\"tools\":[],\"top_p\":null,"
	"\"truncation\":\"disabled\",\"usage\":{\"input_tokens\":9000,\"input_tokens_details\""
	":{\"cached_tokens\":8832,\"cache_write_tokens\":0},\"output_tokens\":12,"
	"\"output_tokens_details\":{\"reasoning_tokens\":3},\"total_tokens\":9012}}";

static const char *const anthropic_stream[] = {
	"event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\","
	"\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m-1\",\"content\":[],"
	"\"stop_reason\":null,\"stop_sequence\":null,\"container\":null,\"stop_details\":null,"
	"\"diagnostics\":null,\"usage\":{\"input_tokens\":168,\"cache_creation_input_tokens\""
	":null,\"cache_read_input_tokens\":8832,\"output_tokens\":1,\"server_tool_use\":null,"
	"\"output_tokens_details\":null,\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,"
	"\"ephemeral_1h_input_tokens\":0},\"inference_geo\":null,\"service_tier\":\"standard\","
	"\"speed\":null}}}\n\n",
	"event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
	"\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}}\n\n",
	"event: ping\ndata: {\"type\":\"ping\"}\n\n",
	"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
	"\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}}\n\n",
	"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
	"\"delta\":{\"type\":\"signature_delta\",\"signature\":\"1\"}}\n\n",
	"event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
	"event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":1,"
	"\"content_block\":{\"type\":\"text\",\"text\":\"\",\"citations\":null}}\n\n",
	"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":1,"
	"\"delta\":{\"type\":\"text_delta\",\"text\":\"a\\n\\\"b\"}}\n\n",
	"event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":1}\n\n",
	"event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\""
	"end_turn\",\"stop_sequence\":null,\"container\":null,\"stop_details\":null},"
	"\"usage\":{\"input_tokens\":168,\"cache_creation_input_tokens\":null,\"cache_read_in"
	"put_tokens\":8832,\"output_tokens\":12,\"server_tool_use\":null,\"output_tokens_deta"
	"ils\":{\"thinking_tokens\":3}}}\n\n",
	"event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
	NULL,
};

static const char anthropic_whole[] =
	"{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m-1\","
	"\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"1\"},"
	"{\"type\":\"text\",\"text\":\"a\\n\\\"b\",\"citations\":null}],\"stop_reason\":\"end"
	"_turn\",\"stop_sequence\":null,\"container\":null,\"stop_details\":null,"
	"\"diagnostics\":null,\"usage\":{\"input_tokens\":168,\"cache_creation_input_tokens\""
	":null,\"cache_read_input_tokens\":8832,\"output_tokens\":12,\"server_tool_use\":null,"
	"\"output_tokens_details\":{\"thinking_tokens\":3},\"cache_creation\":{\"ephemeral_5m"
	"_input_tokens\":0,\"ephemeral_1h_input_tokens\":0},\"inference_geo\":null,"
	"\"service_tier\":\"standard\",\"speed\":null}}";

static const char *const gemini_stream[] = {
	"data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"hm\",\"thought\":true}],"
	"\"role\":\"model\"},\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":9000,"
	"\"cachedContentTokenCount\":8832,\"thoughtsTokenCount\":3,\"totalTokenCount\":9003,"
	"\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":9000}]},\"modelVersio"
	"n\":\"m-1\",\"responseId\":\"1\"}\r\n\r\n",
	"data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\\n\\\"b\"}],"
	"\"role\":\"model\"},\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":9000,"
	"\"cachedContentTokenCount\":8832,\"candidatesTokenCount\":9,\"thoughtsTokenCount\":3,"
	"\"totalTokenCount\":9012,\"promptTokensDetails\":[{\"modality\":\"TEXT\","
	"\"tokenCount\":9000}]},\"modelVersion\":\"m-1\",\"responseId\":\"1\"}\r\n\r\n",
	"data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}],\"role\":\"model\"},"
	"\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":9000,"
	"\"cachedContentTokenCount\":8832,\"candidatesTokenCount\":9,\"thoughtsTokenCount\":3,"
	"\"totalTokenCount\":9012,\"promptTokensDetails\":[{\"modality\":\"TEXT\","
	"\"tokenCount\":9000}]},\"modelVersion\":\"m-1\",\"responseId\":\"1\"}\r\n\r\n",
	NULL,
};

static const char gemini_whole[] =
	"{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"hm\",\"thought\":true},"
	"{\"text\":\"a\\n\\\"b\"}],\"role\":\"model\"},\"finishReason\":\"STOP\","
	"\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":9000,\"cachedContentTokenCount"
	"\":8832,\"candidatesTokenCount\":9,\"thoughtsTokenCount\":3,\"totalTokenCount\":9012,"
	"\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":9000}]},\"modelVersio"
	"n\":\"m-1\",\"responseId\":\"1\"}";

static const char *const cohere_stream[] = {
	"event: message-start\ndata: {\"type\":\"message-start\",\"id\":\"1\",\"delta\":{\"me"
	"ssage\":{\"role\":\"assistant\"}}}\n\n",
	"event: content-start\ndata: {\"type\":\"content-start\",\"index\":0,\"delta\":{\"mes"
	"sage\":{\"content\":{\"type\":\"thinking\",\"thinking\":\"\"}}}}\n\n",
	"event: content-delta\ndata: {\"type\":\"content-delta\",\"index\":0,\"delta\":{\"mes"
	"sage\":{\"content\":{\"thinking\":\"hm\"}}}}\n\n",
	"event: content-end\ndata: {\"type\":\"content-end\",\"index\":0}\n\n",
	"event: content-start\ndata: {\"type\":\"content-start\",\"index\":1,\"delta\":{\"mes"
	"sage\":{\"content\":{\"type\":\"text\",\"text\":\"\"}}}}\n\n",
	"event: content-delta\ndata: {\"type\":\"content-delta\",\"index\":1,\"delta\":{\"mes"
	"sage\":{\"content\":{\"text\":\"a\\n\\\"b\"}}}}\n\n",
	"event: content-end\ndata: {\"type\":\"content-end\",\"index\":1}\n\n",
	"event: message-end\ndata: {\"type\":\"message-end\",\"id\":\"1\",\"delta\":{\"finish"
	"_reason\":\"COMPLETE\",\"usage\":{\"billed_units\":{\"input_tokens\":9000,"
	"\"output_tokens\":12},\"tokens\":{\"input_tokens\":9000,\"output_tokens\":12},"
	"\"cached_tokens\":8832}}}\n\n",
	NULL,
};

static const char cohere_whole[] =
	"{\"id\":\"1\",\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\","
	"\"thinking\":\"hm\"},{\"type\":\"text\",\"text\":\"a\\n\\\"b\"}]},\"finish_reason\":"
	"\"COMPLETE\",\"usage\":{\"billed_units\":{\"input_tokens\":9000,\"output_tokens\":12"
	"},\"tokens\":{\"input_tokens\":9000,\"output_tokens\":12},\"cached_tokens\":8832}}";

static const char *const ollama_stream[] = {
	"{\"model\":\"m-1\",\"created_at\":\"2023-11-14T22:13:20.000Z\",\"message\":{\"role\""
	":\"assistant\",\"content\":\"\",\"thinking\":\"hm\"},\"done\":false}\n",
	"{\"model\":\"m-1\",\"created_at\":\"2023-11-14T22:13:20.000Z\",\"message\":{\"role\""
	":\"assistant\",\"content\":\"a\\n\\\"b\"},\"done\":false}\n",
	"{\"model\":\"m-1\",\"created_at\":\"2023-11-14T22:13:20.000Z\",\"message\":{\"role\""
	":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\","
	"\"total_duration\":1520000000,\"load_duration\":0,\"prompt_eval_count\":9000,"
	"\"prompt_eval_duration\":1500000000,\"eval_count\":12,\"eval_duration\":20000000}\n",
	NULL,
};

static const char ollama_whole[] =
	"{\"model\":\"m-1\",\"created_at\":\"2023-11-14T22:13:20.000Z\",\"message\":{\"role\""
	":\"assistant\",\"content\":\"a\\n\\\"b\",\"thinking\":\"hm\"},\"done\":true,"
	"\"done_reason\":\"stop\",\"total_duration\":1520000000,\"load_duration\":0,"
	"\"prompt_eval_count\":9000,\"prompt_eval_duration\":1500000000,\"eval_count\":12,"
	"\"eval_duration\":20000000}";

static const char *const llama_stream[] = {
	"data: {\"id\":\"1\",\"event\":{\"event_type\":\"start\",\"delta\":{\"type\":\"text\","
	"\"text\":\"\"}}}\n\n",
	"data: {\"id\":\"1\",\"event\":{\"event_type\":\"progress\",\"delta\":{\"type\":\"tex"
	"t\",\"text\":\"a\\n\\\"b\"}}}\n\n",
	"data: {\"id\":\"1\",\"event\":{\"event_type\":\"complete\",\"delta\":{\"type\":\"tex"
	"t\",\"text\":\"\"},\"stop_reason\":\"stop\"}}\n\n",
	"data: {\"id\":\"1\",\"event\":{\"event_type\":\"metrics\",\"delta\":{\"type\":\"text"
	"\",\"text\":\"\"},\"metrics\":[{\"metric\":\"num_prompt_tokens\",\"value\":9000,"
	"\"unit\":\"tokens\"},{\"metric\":\"num_completion_tokens\",\"value\":12,"
	"\"unit\":\"tokens\"},{\"metric\":\"num_total_tokens\",\"value\":9012,\"unit\":\"toke"
	"ns\"}]}}\n\n",
	NULL,
};

static const char llama_whole[] =
	"{\"id\":\"1\",\"completion_message\":{\"role\":\"assistant\",\"content\":{\"type\":\""
	"text\",\"text\":\"a\\n\\\"b\"},\"stop_reason\":\"stop\"},\"metrics\":[{\"metric\":\""
	"num_prompt_tokens\",\"value\":9000,\"unit\":\"tokens\"},{\"metric\":\"num_completion"
	"_tokens\",\"value\":12,\"unit\":\"tokens\"},{\"metric\":\"num_total_tokens\","
	"\"value\":9012,\"unit\":\"tokens\"}]}";

static const char bedrock_whole[] =
	"{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"reasoningContent\":"
	"{\"reasoningText\":{\"text\":\"hm\",\"signature\":\"1\"}}},{\"text\":\"a\\n\\\"b\"}]"
	"}},\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":168,\"outputTokens\":12,"
	"\"totalTokens\":9012,\"cacheReadInputTokens\":8832},\"metrics\":{\"latencyMs\":1520}"
	"}";

#endif
