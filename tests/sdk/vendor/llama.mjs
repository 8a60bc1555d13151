/* llama-api-client: Meta's own host. */
import LlamaAPIClient from 'llama-api-client';

export const base = '/v1';
export const open = (url, key) => new LlamaAPIClient({apiKey: key, baseURL: `${url}${base}/`, maxRetries: 0});

export const send = (client, {model, system, content: [content], settings, maxTokens}) =>
  client.chat.completions.create({
    model, stream: true, max_completion_tokens: maxTokens, ...settings,
    messages: [{role: 'system', content: system}, {role: 'user', content}],
  });

export const words = {stop: 'stop', length: 'length'};

export async function read(stream, said) {
  for await (const {event, detail} of stream) {
    if (!event) {
      said.error = detail; // handed on as it came
      return;
    }
    const {delta, stop_reason: reason, metrics} = event;
    said.text += delta.text ?? '';
    said.stop = reason ?? said.stop;
    const of = Object.fromEntries((metrics ?? []).map(({metric, value}) => [metric, value]));
    if (metrics) said.usage = {in: of.num_prompt_tokens, out: of.num_completion_tokens};
  }
}

export const models = async (client) => (await client.models.list()).map(({id}) => id);

export const fault = ({status, error, constructor}) =>
  ({status, kind: constructor.name, code: error?.title, message: error?.detail ?? error?.message});
