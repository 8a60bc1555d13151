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
