/* @aws-sdk/client-bedrock-runtime: ConverseStream. */
import {BedrockRuntimeClient, ConverseStreamCommand} from '@aws-sdk/client-bedrock-runtime';
import {NodeHttpHandler} from '@smithy/node-http-handler';

export const base = '';
/* Left to itself it speaks HTTP/2, even in clear. */
export const open = (url, key) => new BedrockRuntimeClient({
  endpoint: url, region: 'us-east-1', token: {token: key}, authSchemePreference: ['httpBearerAuth'],
  maxAttempts: 1, requestHandler: new NodeHttpHandler(),
});

export const send = (client, {model, system, content, settings, maxTokens}) =>
  client.send(new ConverseStreamCommand({
    modelId: model, system: [{text: system}],
    messages: [{role: 'user', content: content.map((text) => ({text}))}],
    inferenceConfig: {
      maxTokens, temperature: settings.temperature, topP: settings.top_p, stopSequences: settings.stop,
    },
  }));
