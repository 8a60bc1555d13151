/* The vendor's client reads the simulator: node client.mjs FATHOM. */
import assert from 'node:assert/strict';
import {finish, test, typeFaults, withSim} from './support.mjs';

const {default: OpenAI} = await import('openai');
const ANSWER = 'K7Q2M9XD';
const messages = [
  {role: 'system', content: 'Answer with the value alone.'},
  {role: 'user', content: `The ship left at dawn. The secret code of Oslo is ${ANSWER}. ` +
    'It rained all week.\n\nWhat is the secret code of Oslo?'},
];
const ask = {model: 'perfect', messages};
const streamed = {...ask, stream: true, stream_options: {include_usage: true}};

/* Every answer that came, for the compiler to hold against the vendor's types. */
const seen = {ChatCompletion: [], ChatCompletionChunk: [], Model: [], ErrorObject: []};

const clientOf = (baseURL, apiKey = 'any') => new OpenAI({apiKey, baseURL, maxRetries: 0});

async function read(client, request = streamed) {
  const chunks = [];
  for await (const chunk of await client.chat.completions.create(request)) chunks.push(chunk);
  seen.ChatCompletionChunk.push(...chunks);
  return chunks;
}

async function whole(client, request = ask) {
  const completion = await client.chat.completions.create(request);
  seen.ChatCompletion.push(completion);
  return completion;
}

async function refused(promise, kind, status, code) {
  const error = await promise.then(() => assert.fail('it was answered'), (e) => e);
  assert.ok(error instanceof OpenAI[kind], error.stack);
  assert.equal(error.status, status);
  assert.equal(error.code, code);
  seen.ErrorObject.push(error.error);
  return error;
}

const contentOf = (chunks) => chunks.map((c) => c.choices[0]?.delta.content ?? '').join('');
const finishOf = (chunks) => chunks.map((c) => c.choices[0]?.finish_reason).filter(Boolean);

await test('a whole answer, with its usage', () => withSim('models: {perfect: {}}\n', async (url) => {
  const {choices: [choice], usage, object, model} = await whole(clientOf(url));
  assert.equal(object, 'chat.completion');
  assert.equal(model, 'perfect');
  assert.equal(choice.message.content, ANSWER);
  assert.equal(choice.message.refusal, null);
  assert.equal(choice.finish_reason, 'stop');
  assert.ok(usage.prompt_tokens > 20 && usage.completion_tokens > 0);
  assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
}));

await test('a stream, with and without usage', () => withSim('models: {perfect: {}}\n', async (url) => {
  const client = clientOf(url);
  const chunks = await read(client);
  assert.equal(chunks[0].choices[0].delta.role, 'assistant');
  assert.equal(contentOf(chunks), ANSWER);
  assert.deepEqual(finishOf(chunks), ['stop']);
  assert.deepEqual(chunks.at(-1).choices, []);
  assert.deepEqual(chunks.at(-1).usage, (await whole(client)).usage);
  assert.ok(chunks.slice(0, -1).every((c) => c.usage === null));

  const bare = await read(client, {...ask, stream: true});
  assert.equal(contentOf(bare), ANSWER);
  assert.ok(bare.every((c) => c.choices.length === 1 && !('usage' in c)));
}));

await test('the vendor puts the stream together', () => withSim('models: {perfect: {}}\n', async (url) => {
  const runner = clientOf(url).chat.completions.stream({...ask, stream_options: {include_usage: true}});
  const {choices: [choice], usage} = await runner.finalChatCompletion();
  assert.equal(choice.message.content, ANSWER);
  assert.equal(choice.finish_reason, 'stop');
  assert.ok(usage.prompt_tokens > 20);
}));

await test('the models, all and one', () => withSim(
  'models: {perfect: {}, org/small: {window: {tokens: 64}}}\n', async (url) => {
    const client = clientOf(url);
    const models = (await client.models.list()).data;
    assert.deepEqual(models.map((m) => m.id), ['perfect', 'org/small']);
    assert.deepEqual(await client.models.retrieve('org/small'), models[1]);
    const {max_model_len: window, ...small} = models[1]; /* vLLM's word, beside the vendor's */
    assert.equal(window, 64);
    seen.Model.push(models[0], small);
    await refused(client.models.retrieve('none'), 'NotFoundError', 404, 'model_not_found');
    await refused(whole(client, {...ask, model: 'none'}), 'NotFoundError', 404, 'model_not_found');
  }));

await test('a window that is too small', () => withSim(
  'models: {perfect: {window: {tokens: 16, over: reject, text: openai}}}\n', async (url) => {
    for (const request of [ask, streamed]) {
      const error = await refused(clientOf(url).chat.completions.create(request), 'BadRequestError',
        400, 'context_length_exceeded');
      assert.equal(error.type, 'invalid_request_error');
      assert.match(error.message, /maximum context length is 16 tokens/);
    }
  }));

await test('a key', () => withSim('key: right\nmodels: {perfect: {}}\n', async (url) => {
  const wrong = clientOf(url, 'wrong');
  await refused(whole(wrong), 'AuthenticationError', 401, 'invalid_api_key');
  await refused(wrong.models.list(), 'AuthenticationError', 401, 'invalid_api_key');
  assert.equal((await whole(clientOf(url, 'right'))).choices[0].message.content, ANSWER);
  assert.equal((await clientOf(url, 'right').models.list()).data.length, 1);
}));

await test('a rate, a quota, an outage', () => withSim(`
models: {perfect: {}}
faults:
  - {when: {nth: 1}, do: {status: 429, retry_after: 7}}
  - {when: {nth: 2}, do: {status: 429}}
  - {when: {nth: 3}, do: {status: 500}}
  - {when: {nth: 4}, do: {status: 503}}
`, async (url) => {
  const client = clientOf(url);
  const told = await refused(whole(client), 'RateLimitError', 429, 'rate_limit_exceeded');
  assert.equal(told.headers.get('retry-after'), '7');
  const bare = await refused(whole(client), 'RateLimitError', 429, 'rate_limit_exceeded');
  assert.equal(bare.headers.get('retry-after'), null);
  await refused(whole(client), 'InternalServerError', 500, null);
  await refused(whole(client), 'InternalServerError', 503, 'server_is_overloaded');
  assert.equal((await whole(client)).choices[0].message.content, ANSWER);
}));

await test('a stream that fails', () => withSim(`
models: {perfect: {}}
faults:
  - {when: {nth: 1}, at: event@2, do: error_event}
  - {when: {nth: 2}, at: event@2, do: close}
`, async (url) => {
  const begun = async () => {
    const chunks = [];
    const stream = await clientOf(url).chat.completions.create(streamed);
    const error = await (async () => {
      for await (const chunk of stream) chunks.push(chunk);
    })().then(() => assert.fail('it ended well'), (e) => e);
    assert.ok(contentOf(chunks).length > 0 && contentOf(chunks).length < ANSWER.length);
    return error;
  };
  const inside = await begun();
  assert.ok(inside instanceof OpenAI.APIError, inside.stack);
  assert.equal(inside.type, 'server_error');
  seen.ErrorObject.push(inside.error);
  assert.match(String(await begun()), /terminated|closed|socket/i);
}));

await test('every way to end', () => withSim(`
models: {perfect: {}}
faults:
  - {when: {nth: 1}, do: {finish: length}}
  - {when: {nth: 2}, do: {finish: length}}
  - {when: {nth: 3}, do: {finish: content_filter}}
  - {when: {nth: 4}, do: {finish: content_filter}}
  - {when: {nth: 5}, do: {finish: refusal}}
  - {when: {nth: 6}, do: {finish: refusal}}
`, async (url) => {
  const client = clientOf(url);
  for (const reason of ['length', 'content_filter']) {
    const {choices: [choice]} = await whole(client);
    assert.equal(choice.finish_reason, reason);
    assert.ok(ANSWER.startsWith(choice.message.content) && choice.message.content !== ANSWER);
    const chunks = await read(client);
    assert.deepEqual(finishOf(chunks), [reason]);
    assert.equal(contentOf(chunks), choice.message.content);
  }
  const {choices: [{message, finish_reason: reason}]} = await whole(client);
  assert.equal(message.content, null);
  assert.match(message.refusal, /^I'm sorry/);
  assert.equal(reason, 'stop');
  const chunks = await read(client);
  assert.equal(chunks.map((c) => c.choices[0]?.delta.refusal ?? '').join(''), message.refusal);
  assert.equal(contentOf(chunks), '');
}));

await test("the vendor's types take every answer", async () => {
  const source = Object.entries(seen).map(([type, values]) => {
    assert.ok(values.length > 1, `${values.length} of ${type}`);
    const where = {Model: 'models', ErrorObject: 'shared'}[type] ?? 'chat/completions';
    return `import type {${type}} from 'openai/resources/${where}';\n` +
      `export const all${type}: ${type}[] = ${JSON.stringify(values, null, 1)};\n`;
  }).join('');
  const faults = await typeFaults({
    ours: source,
    wrong: source.replaceAll('"assistant"', '"model"'),
  });
  assert.deepEqual(faults.ours, []);
  assert.ok(faults.wrong.length > 0);
});

finish();
