/* ollama: its own chat. */
import {Ollama} from 'ollama';

export const base = '';
export const open = (url, key) => new Ollama({host: url, headers: {Authorization: `Bearer ${key}`}});

export const send = (client, {model, system, content: [content], settings, maxTokens, window}) =>
  client.chat({
    model, stream: true, options: {...settings, num_predict: maxTokens, num_ctx: window},
    messages: [{role: 'system', content: system}, {role: 'user', content}],
  });
