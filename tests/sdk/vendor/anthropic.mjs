/* @anthropic-ai/sdk: Messages. */
import Anthropic from '@anthropic-ai/sdk';

export const base = '/v1';
export const open = (url, key) => new Anthropic({apiKey: key, authToken: null, baseURL: url, maxRetries: 0});

export const send = (client, {model, system, content, settings: {stop, ...settings}, maxTokens}) =>
  client.messages.create({
    model, stream: true, max_tokens: maxTokens, ...settings, stop_sequences: stop,
    system: [{type: 'text', text: system}],
    messages: [{role: 'user', content: content.length === 1 ? content[0] : content.map((text) => ({type: 'text', text}))}],
  });

export const words = {
  end_turn: 'stop', max_tokens: 'length', refusal: 'refusal', model_context_window_exceeded: 'context_full',
};

/* Counts are of the answer so far: the last that is said holds. */
export async function read(stream, said) {
  let usage = {};
  for await (const {type, message, delta, usage: more} of stream) {
    if (type === 'message_start') said.model = message.model;
    if (type === 'content_block_delta') {
      said.text += delta.text ?? '';
      said.reasoning += delta.thinking ?? '';
    }
    if (type === 'message_delta') said.stop = delta.stop_reason;
    usage = {...usage, ...message?.usage, ...more};
  }
  const {input_tokens: rest, cache_read_input_tokens: cached, cache_creation_input_tokens: written} = usage;
  said.usage = {in: rest + (cached ?? 0) + (written ?? 0), cached, written, out: usage.output_tokens,
    reasoning: usage.output_tokens_details?.thinking_tokens};
}

export const models = async (client) => (await client.models.list()).data.map(({id}) => id);
export const count = async (client, {model, system, content}) => (await client.messages.countTokens({
  model, system: [{type: 'text', text: system}], messages: [{role: 'user', content: content[0]}],
})).input_tokens;

export const fault = ({status, error, constructor}) =>
  ({status, kind: constructor.name, code: error?.error?.type, message: error?.error?.message});
