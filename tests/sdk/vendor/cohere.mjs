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
