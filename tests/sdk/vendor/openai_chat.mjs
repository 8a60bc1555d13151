/* openai: Chat Completions, also of the many hosts that speak it. */
import OpenAI from 'openai';

export const base = '/v1';
export const open = (url, key) => new OpenAI({apiKey: key, baseURL: url + base, maxRetries: 0});

export const send = (client, {model, system, content, settings, maxTokens, maxTokensName, more, headers}) =>
  client.chat.completions.create({
    model, stream: true, stream_options: {include_usage: true}, [maxTokensName]: maxTokens, ...settings, ...more,
    messages: [{role: 'system', content: system}, {
      role: 'user',
      content: content.length === 1 ? content[0] : content.map((text) => ({type: 'text', text})),
    }],
  }, {headers});
