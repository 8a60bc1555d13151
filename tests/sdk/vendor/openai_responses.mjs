/* openai: Responses. */
import OpenAI from 'openai';

export const base = '/v1';
export const open = (url, key) => new OpenAI({apiKey: key, baseURL: url + base, maxRetries: 0});

export const send = (client, {model, system, content, settings, maxTokens}) =>
  client.responses.create({
    model, stream: true, stream_options: {include_obfuscation: false}, store: false,
    truncation: 'disabled', max_output_tokens: maxTokens, ...settings, instructions: system,
    input: [{
      role: 'user',
      content: content.length === 1 ? content[0] : content.map((text) => ({type: 'input_text', text})),
    }],
  });

/* A status, or why it is not complete. */
export const words = {completed: 'stop', max_output_tokens: 'length', content_filter: 'content_filter'};

export async function read(stream, said) {
  for await (const {type, delta, response} of stream) {
    said.model = response?.model ?? said.model;
    if (type === 'response.output_text.delta') said.text += delta;
    if (type === 'response.refusal.delta') said.refusal += delta;
    if (/^response[.]reasoning.*[.]delta$/.test(type)) said.reasoning += delta;
    if (!/^response[.](completed|incomplete)$/.test(type)) continue;
    const {status, incomplete_details: why, usage} = response;
    said.stop = why?.reason ?? status;
    said.usage = {in: usage.input_tokens, cached: usage.input_tokens_details?.cached_tokens,
      written: usage.input_tokens_details?.cache_write_tokens, out: usage.output_tokens,
      reasoning: usage.output_tokens_details?.reasoning_tokens};
  }
}

export const models = async (client) => (await client.models.list()).data.map(({id}) => id);
export const count = async (client, {model, system, content}) => (await client.responses.inputTokens.count({
  model, instructions: system, input: [{role: 'user', content: content[0]}],
})).input_tokens;

export const fault = ({status, error, code, constructor}) =>
  ({status, kind: constructor.name, code, message: error?.message});
