/* ollama: its own chat. */
import {Ollama} from 'ollama';

export const base = '';
export const open = (url, key) => new Ollama({host: url, headers: {Authorization: `Bearer ${key}`}});

export const send = (client, {model, system, content: [content], settings, maxTokens, window, more}) =>
  client.chat({
    model, stream: true, ...more, options: {...settings, num_predict: maxTokens, num_ctx: window},
    messages: [{role: 'system', content: system}, {role: 'user', content}],
  });

export const words = {stop: 'stop', length: 'length'};

export async function read(stream, said) {
  for await (const {model, message, done, done_reason: reason, prompt_eval_count: prompt, eval_count: out} of stream) {
    said.model = model;
    said.text += message?.content ?? '';
    said.reasoning += message?.thinking ?? '';
    if (!done) continue;
    said.stop = reason;
    said.usage = {in: prompt, out};
  }
}

export const models = async (client) => (await client.list()).models.map(({name}) => name);

export const fault = ({status_code: status, error, message, constructor}) =>
  ({status, kind: constructor.name, message: typeof error === 'string' ? error : message});
