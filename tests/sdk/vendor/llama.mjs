/* llama-api-client: Meta's own host. */
import LlamaAPIClient from 'llama-api-client';

export const base = '/v1';
export const open = (url, key) => new LlamaAPIClient({apiKey: key, baseURL: `${url}${base}/`, maxRetries: 0});

export const send = (client, {model, system, content: [content], settings, maxTokens}) =>
  client.chat.completions.create({
    model, stream: true, max_completion_tokens: maxTokens, ...settings,
    messages: [{role: 'system', content: system}, {role: 'user', content}],
  });
