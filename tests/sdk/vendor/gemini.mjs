/* @google/genai: generateContent. */
import {GoogleGenAI} from '@google/genai';
import {OAuth2Client} from 'google-auth-library';

export const base = '/v1beta';
export const open = (url, key) =>
  new GoogleGenAI({apiKey: key, httpOptions: {baseUrl: url, apiVersion: 'v1beta'}});

/* Vertex: the same requests to another address, and the key is a token of OAuth. */
export const vertex = {
  base: '/v1/projects/p/locations/europe-west4/publishers/google',
  open: (url, key) => {
    const authClient = new OAuth2Client();
    authClient.setCredentials({access_token: key});
    return new GoogleGenAI({vertexai: true, project: 'p', location: 'europe-west4', googleAuthOptions: {authClient},
      httpOptions: {baseUrl: url, apiVersion: 'v1'}});
  },
};

export const send = (client, {model, system, content, settings, maxTokens}) =>
  client.models.generateContentStream({
    model, contents: [{role: 'user', parts: content.map((text) => ({text}))}],
    config: {
      systemInstruction: {parts: [{text: system}]}, maxOutputTokens: maxTokens,
      temperature: settings.temperature, topP: settings.top_p, topK: settings.top_k,
      seed: settings.seed, stopSequences: settings.stop,
    },
  });

export const words = {STOP: 'stop', MAX_TOKENS: 'length', SAFETY: 'content_filter'};

/* The last counts hold; candidates are counted without their thoughts. */
export async function read(stream, said) {
  for await (const {modelVersion, candidates: [candidate] = [], usageMetadata: usage} of stream) {
    said.model = modelVersion;
    for (const {text, thought} of candidate?.content?.parts ?? []) said[thought ? 'reasoning' : 'text'] += text ?? '';
    said.stop = candidate?.finishReason ?? said.stop;
    if (usage) said.usage = {in: usage.promptTokenCount, cached: usage.cachedContentTokenCount,
      out: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0), reasoning: usage.thoughtsTokenCount};
  }
}

export async function models(client) {
  const names = [];
  for await (const {name} of await client.models.list()) names.push(name.replace('models/', ''));
  return names;
}
/* The SDK refuses a system instruction here, but for Vertex: it goes as a message would. */
export const countsLess = 1; // of a message fewer
export const count = async (client, {model, system, content}) => (await client.models.countTokens({
  model, contents: [{role: 'user', parts: [{text: system}, {text: content[0]}]}],
})).totalTokens;

/* Its message is the whole body. */
export const fault = ({status, message, constructor}) => {
  const {error} = message.startsWith('{') ? JSON.parse(message) : {};
  return {status, kind: constructor.name, code: error?.status, message: error?.message ?? message};
};
