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
