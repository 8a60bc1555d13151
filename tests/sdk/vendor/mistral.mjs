/* @mistralai/mistralai: the chat completions of its own host. */
import {Mistral} from '@mistralai/mistralai';

export const base = '/v1';
export const open = (url, key) => new Mistral({apiKey: key, serverURL: url, retryConfig: {strategy: 'none'}});

export const send = (client, {model, system, content, settings, maxTokens}) =>
  client.chat.stream({
    model, maxTokens, temperature: settings.temperature, topP: settings.top_p, stop: settings.stop,
    randomSeed: settings.seed,
    messages: [{role: 'system', content: system}, {
      role: 'user',
      content: content.length === 1 ? content[0] : content.map((text) => ({type: 'text', text})),
    }],
  });

export const words = {stop: 'stop', length: 'length', model_length: 'context_full', error: 'error'};

export async function read(stream, said) {
  for await (const {data: {model, choices: [choice], usage}} of stream) {
    said.model = model;
    const content = choice?.delta.content ?? '';
    for (const part of typeof content === 'string' ? [{type: 'text', text: content}] : content)
      if (part.type === 'thinking') said.reasoning += part.thinking.map(({text}) => text).join('');
      else said.text += part.text;
    said.stop = choice?.finishReason ?? said.stop;
    if (usage) said.usage = {in: usage.promptTokens, cached: usage.prompt_tokens_details?.cached_tokens ?? usage.num_cached_tokens,
      out: usage.completionTokens, reasoning: usage.completion_tokens_details?.reasoning_tokens};
  }
}

export const models = async (client) => (await client.models.list()).data.map(({id}) => id);

export const fault = ({statusCode, body, message, constructor}) => {
  const error = body?.startsWith('{') ? JSON.parse(body) : {};
  return {status: statusCode, kind: constructor.name, code: error.code, message: error.message ?? error.detail ?? message};
};
