/* @aws-sdk/client-bedrock-runtime: ConverseStream. */
import {BedrockRuntimeClient, ConverseStreamCommand, CountTokensCommand} from '@aws-sdk/client-bedrock-runtime';
import {NodeHttpHandler} from '@smithy/node-http-handler';

export const base = '';
/* Left to itself it speaks HTTP/2, even in clear. */
const openWith = (url, identity) => new BedrockRuntimeClient({
  endpoint: url, region: 'us-east-1', maxAttempts: 1, requestHandler: new NodeHttpHandler(), ...identity,
});
export const open = (url, key) => openWith(url, {token: {token: key}, authSchemePreference: ['httpBearerAuth']});

/* With a pair of keys it signs each request. */
export const signed = {
  open: (url, key) => openWith(url, {credentials: {accessKeyId: 'AKIDEXAMPLE', secretAccessKey: key}}),
};

export const send = (client, {model, system, content, settings, maxTokens}) =>
  client.send(new ConverseStreamCommand({
    modelId: model, system: [{text: system}],
    messages: [{role: 'user', content: content.map((text) => ({text}))}],
    inferenceConfig: {
      maxTokens, temperature: settings.temperature, topP: settings.top_p, stopSequences: settings.stop,
    },
  }));

export const words = {
  end_turn: 'stop', max_tokens: 'length', content_filtered: 'content_filter',
  model_context_window_exceeded: 'context_full',
};

/* What no cache had a part in is counted as input; the total has all. */
export async function read({stream}, said) {
  for await (const {contentBlockDelta: {delta} = {}, messageStop, metadata} of stream) {
    said.text += delta?.text ?? '';
    said.reasoning += delta?.reasoningContent?.text ?? '';
    said.stop = messageStop?.stopReason ?? said.stop;
    if (!metadata) continue;
    const {totalTokens, outputTokens: out, cacheReadInputTokens: cached, cacheWriteInputTokens: written} = metadata.usage;
    said.usage = {in: totalTokens - out, cached, written, out};
  }
}

export const count = async (client, {model, system, content}) => (await client.send(new CountTokensCommand({
  modelId: model, input: {converse: {system: [{text: system}], messages: [{role: 'user', content: [{text: content[0]}]}]}},
}))).inputTokens;

export const fault = ({$metadata, name, message}) => ({status: $metadata?.httpStatusCode, kind: name, message});
