/* openai: Chat Completions, also of the many hosts that speak it. */
import OpenAI from 'openai';

export const base = '/v1';
export const open = (url, key) => new OpenAI({apiKey: key, baseURL: url + base, maxRetries: 0});

export const send = (client, {model, system, content, settings, maxTokens, maxTokensName, more, headers}) =>
  client.chat.completions.create({
    model, stream: true, stream_options: {include_usage: true}, [maxTokensName]: maxTokens, ...settings, ...more,
    messages: [{role: 'system', content: system}, {
      role: 'user',
      content: content.length === 1 ? content[0] : content.map((text) => ({type: 'text', text})),
    }],
  }, {headers});

export const words = {stop: 'stop', length: 'length', content_filter: 'content_filter'};

export async function read(stream, said) {
  for await (const {model, choices: [choice], usage} of stream) {
    said.model = model;
    said.text += choice?.delta.content ?? '';
    said.refusal += choice?.delta.refusal ?? '';
    said.reasoning += choice?.delta.reasoning_content ?? ''; // not in the vendor's types
    said.stop = choice?.finish_reason ?? said.stop;
    if (usage) said.usage = {in: usage.prompt_tokens, cached: usage.prompt_tokens_details?.cached_tokens,
      written: usage.prompt_tokens_details?.cache_write_tokens, out: usage.completion_tokens,
      reasoning: usage.completion_tokens_details?.reasoning_tokens};
  }
}

export const models = async (client) => (await client.models.list()).data.map(({id}) => id);

export const fault = ({status, error, code, constructor}) =>
  ({status, kind: constructor.name, code, message: error?.message});
