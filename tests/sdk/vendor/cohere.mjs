/* cohere-ai: version 2 of its chat. */
import {CohereClientV2} from 'cohere-ai';

export const base = '/v2';
export const open = (url, key) => new CohereClientV2({token: key, environment: url, maxRetries: 0});

export const send = (client, {model, system, content: [content], settings, maxTokens}) =>
  client.chatStream({
    model, maxTokens, temperature: settings.temperature, p: settings.top_p, k: settings.top_k,
    seed: settings.seed, stopSequences: settings.stop,
    messages: [{role: 'system', content: system}, {role: 'user', content}],
  }, {maxRetries: 0});

export const words = {COMPLETE: 'stop', MAX_TOKENS: 'length', ERROR: 'error'};

export async function read(stream, said) {
  for await (const {type, delta} of stream) {
    said.text += delta?.message?.content?.text ?? '';
    said.reasoning += delta?.message?.content?.thinking ?? '';
    if (type !== 'message-end') continue;
    said.stop = delta.finishReason;
    said.error = delta.error;
    said.usage = {in: delta.usage?.tokens?.inputTokens, cached: delta.usage?.cachedTokens,
      out: delta.usage?.tokens?.outputTokens};
  }
}

export const models = async (client) => (await client.models.list()).models.map(({name}) => name);

export const fault = ({statusCode, body, message, constructor}) =>
  ({status: statusCode, kind: constructor.name, message: body?.message ?? message});
