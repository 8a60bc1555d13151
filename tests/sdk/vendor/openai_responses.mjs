/* openai: Responses. */
import OpenAI from 'openai';

export const base = '/v1';
export const open = (url, key) => new OpenAI({apiKey: key, baseURL: url + base, maxRetries: 0});

export const send = (client, {model, system, content, settings, maxTokens}) =>
  client.responses.create({
    model, stream: true, stream_options: {include_obfuscation: false}, store: false,
    truncation: 'disabled', max_output_tokens: maxTokens, ...settings, instructions: system,
    input: [{
      role: 'user',
      content: content.length === 1 ? content[0] : content.map((text) => ({type: 'input_text', text})),
    }],
  });
