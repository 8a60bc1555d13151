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
