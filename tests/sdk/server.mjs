/* What fathom sends, and how it reads the vendor's streams: node server.mjs FATHOM. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {fathom, finish, folder, journal, test, typeFaults, withServer} from './support.mjs';

const {default: OpenAI} = await import('openai');
const KEY = 'sdk-sentinel-0b7de1f2c4';
const ELSEWHERE = 'sdk-sentinel-for-another-host';

/* As the reference of the interface shows them: a padded chunk, null usage, a role alone first. */
const chunk = (choices, more = {}) => ({
  id: 'chatcmpl-123', object: 'chat.completion.chunk', created: 1694268190,
  model: 'gpt-4.1-2025-04-14', service_tier: 'default', system_fingerprint: 'fp_44709d6fcb', choices,
  usage: null, ...more,
});
const choice = (delta, reason = null) =>
  [{index: 0, delta, logprobs: null, finish_reason: reason}];
const role = chunk(choice({role: 'assistant', content: '', refusal: null}), {obfuscation: 'p9K'});
const hello = chunk(choice({content: 'Hello'}), {obfuscation: 'p9K3xT6w'});
const there = chunk(choice({content: ' – “Zürich” \u{1f600}'}), {obfuscation: ''});
const stop = chunk(choice({}, 'stop'), {obfuscation: 'x'});
const usage = {
  prompt_tokens: 9000, completion_tokens: 12, total_tokens: 9012,
  prompt_tokens_details: {cached_tokens: 8832, cache_write_tokens: 0, audio_tokens: 0},
  completion_tokens_details: {reasoning_tokens: 5, audio_tokens: 0, accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0},
};
const counted = chunk([], {usage, obfuscation: 'Zq'});
const plain = [role, hello, there, stop, counted];

const event = (value, eol = '\n') => `data: ${JSON.stringify(value)}${eol}${eol}`;
const streamOf = (values, eol = '\n') =>
  values.map((value) => event(value, eol)).join('') + `data: [DONE]${eol}${eol}`;
/* An event of many lines of data: an end of line that is taken for two would cut it up. */
const spread = (value, eol) =>
  JSON.stringify(value, null, 1).split('\n').map((line) => `data: ${line}${eol}`).join('') + eol;
const refusal = (text) => chunk(choice({refusal: text}));
const failure = {error: {message: 'The server had an error', type: 'server_error', param: null, code: null}};

/* `outcome` is what the journal shall say; text, usage and stop are read by the SDK too. */
const replays = {
  'as it is documented': {stream: streamOf(plain)},
  'CRLF': {stream: streamOf(plain, '\r\n')},
  'CR alone': {stream: streamOf(plain, '\r')},
  'many lines of data, CRLF': {stream: plain.map((c) => spread(c, '\r\n')).join('') + 'data: [DONE]\r\n\r\n'},
  'comments between': {stream: plain.map((c) => `: ping\n\n${event(c)}`).join('') + ': bye\n\ndata: [DONE]\n\n'},
  'no blank behind the colon': {stream: streamOf(plain).replaceAll('data: ', 'data:')},
  'no DONE': {stream: plain.map((c) => event(c)).join('')},
  'usage never asked for': {stream: streamOf([role, hello, there, stop].map(({usage: u, ...c}) => c))},
  'length': {stream: streamOf([role, hello, chunk(choice({}, 'length')), counted]), outcome: 'cut_output'},
  'content filter': {stream: streamOf([role, chunk(choice({}, 'content_filter')), counted]), outcome: 'refused'},
  'refusal': {stream: streamOf([role, refusal("I can't"), refusal(' help.'), stop, counted]), outcome: 'refused'},
  'an error inside': {stream: event(role) + event(hello) + event(failure), outcome: 'in_doubt', throws: true},
  'an error by name': {stream: event(role) + `event: error\n${event(failure)}`, outcome: 'in_doubt', throws: true},
};

const planOf = (name, url, models, more = '') => {
  const file = path.join(folder, `${name}.yaml`);
  fs.writeFileSync(file, `fathom: 1
name: ${name}
models:
${models.map(([model, key]) => `  - {model: ${model}, base_url: "${url}/v1"${key}}\n`).join('')}length: [1k]
depth: [0]
repeats: 1
answer: {max_tokens: 64}
params: {temperature: 0}
${more}`);
  return file;
};

const answerWith = (bytes) => (_, response) => {
  response.writeHead(200, {'Content-Type': 'text/event-stream; charset=utf-8', 'x-request-id': 'req_1'});
  response.end(bytes);
};

/* What the vendor's client makes of the same bytes. */
async function readBySdk(url) {
  const client = new OpenAI({apiKey: 'any', baseURL: `${url}/v1`, maxRetries: 0});
  const read = {answer: '', stop: null, usage: null};
  for await (const c of await client.chat.completions.create({model: 'm', stream: true,
    messages: [{role: 'user', content: 'Hello?'}]})) {
    read.answer += c.choices[0]?.delta.content ?? '';
    read.stop = c.choices[0]?.finish_reason ?? read.stop;
    read.refused ||= Boolean(c.choices[0]?.delta.refusal);
    read.usage = c.usage ?? read.usage;
  }
  return read;
}

const requests = [];
await test('the request', async () => {
  const whole = ({request, body}, response) => {
    requests.push({method: request.method, url: request.url, headers: request.headers,
      raw: request.rawHeaders.filter((_, i) => i % 2 === 0).map((n) => n.toLowerCase()), body});
    answerWith(streamOf(plain))(null, response);
  };
  await withServer(whole, async (url) => {
    const plan = planOf('request', url, [['local/org/model:free', ', key: {env: SDK_KEY}'],
      ['openai/gpt-4.1', ', key: {env: SDK_KEY}'], ['local/open', '']]);
    const {status, stdout, stderr} = await fathom(['run', '-q', '-y', plan],
      {SDK_KEY: KEY, OPENAI_API_KEY: ELSEWHERE});
    assert.equal(status, 0, stderr);
    assert.ok(!(stdout + stderr).includes(KEY));
  });
  assert.equal(requests.length, 3);
  const said = fs.readFileSync(path.join(folder, 'runs/request/journal.jsonl'), 'utf8');
  assert.ok(!said.includes(KEY) && !said.includes(ELSEWHERE));
});

await test('its headers', () => {
  assert.equal(requests.length, 3);
  for (const {method, url, headers, raw, body} of requests) {
    assert.equal(method, 'POST');
    assert.equal(url, '/v1/chat/completions');
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers.accept, 'text/event-stream');
    assert.equal(headers['accept-encoding'], 'identity');
    assert.equal(headers['content-length'], String(body.length));
    assert.match(headers['user-agent'], /^fathom\//);
    const keyed = JSON.parse(body).model !== 'open';
    assert.equal(headers.authorization, keyed ? `Bearer ${KEY}` : undefined);
    assert.deepEqual([...raw].sort(), ['accept', 'accept-encoding', 'content-length', 'content-type',
      'host', 'user-agent', ...(keyed ? ['authorization'] : [])].sort());
  }
});

await test('its body', () => {
  const names = {'org/model:free': 'max_tokens', 'gpt-4.1': 'max_completion_tokens', open: 'max_tokens'};
  for (const request of requests) {
    const text = new TextDecoder('utf-8', {fatal: true}).decode(request.body);
    const body = JSON.parse(text);
    assert.equal(body.messages.length > 0, true);
    for (const message of body.messages) {
      assert.deepEqual(Object.keys(message), ['role', 'content']);
      assert.match(message.role, /^(system|user)$/);
      assert.equal(typeof message.content, 'string');
    }
    assert.equal(body.messages.at(-1).role, 'user');
    const {messages, model, ...rest} = body;
    assert.deepEqual(rest, {stream: true, stream_options: {include_usage: true}, temperature: 0,
      [names[model]]: 64});
    delete names[model];
  }
  assert.deepEqual(names, {});
});

await test("the vendor's types take the request", async () => {
  const type = 'ChatCompletionCreateParamsStreaming';
  const sourceOf = (spoil = (text) => text) =>
    `import type {${type}} from 'openai/resources/chat/completions';\n` + requests.map(({body}, i) =>
      `export const body${i}: ${type} = ${spoil(body.toString())};\n`).join('');
  const spoilt = {
    role: (text) => text.replace('"role":"user"', '"role":"human"'),
    member: (text) => text.replace('"stream_options"', '"stream_option"'),
    kind: (text) => text.replace(':64', ':"64"'),
  };
  const faults = await typeFaults({ours: sourceOf(),
    ...Object.fromEntries(Object.entries(spoilt).map(([name, spoil]) => [name, sourceOf(spoil)]))});
  assert.deepEqual(faults.ours, []);
  for (const name of Object.keys(spoilt)) assert.equal(faults[name].length, requests.length, name);
});

for (const [i, [name, {stream, outcome = 'answered', throws}]] of Object.entries(replays).entries())
  await test(`a stream: ${name}`, () => withServer(answerWith(stream), async (url) => {
    const file = planOf(`replay-${i}`, url, [['local/m', '']]);
    const {stderr} = await fathom(['run', '-q', '-y', file]);
    const done = journal(`replay-${i}`).filter((row) => row.t === 'done');
    assert.equal(done.length, 1, stderr);
    const [row] = done;
    assert.equal(row.outcome, outcome, stderr);
    assert.equal(row.status, 200);
    assert.equal(row.model_said, 'gpt-4.1-2025-04-14');
    if (throws) {
      assert.equal(row.reason, 'server');
      await assert.rejects(readBySdk(url), (e) => e instanceof OpenAI.APIError && e.type === 'server_error');
      return;
    }
    const read = await readBySdk(url);
    assert.equal(row.answer ?? '', read.answer);
    assert.equal(row.stop, read.refused ? 'refusal' : read.stop); // which says no more than that it stopped
    assert.deepEqual(row.usage, {in: read.usage?.prompt_tokens ?? null,
      cached: read.usage?.prompt_tokens_details.cached_tokens ?? null,
      written: read.usage?.prompt_tokens_details.cache_write_tokens ?? null,
      out: read.usage?.completion_tokens ?? null,
      reasoning: read.usage?.completion_tokens_details.reasoning_tokens ?? null});
  }));

finish();
