/*
 * What the simulator answers in each dialect, read by the vendor's SDK and by fathom, must be read
 * alike: node streams.mjs FATHOM.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {fathom, finish, folder, journal, test, withSim} from './support.mjs';

const KEY = 'sdk-sentinel-0b7de1f2c4';
const MAX_TOKENS = 256;
const CACHED = 640;

/* An SDK each: fathom's preset of its host, how it calls a refusal by its status, and what it cannot say. */
const stainless = {400: 'BadRequestError', 401: 'AuthenticationError', 413: 'APIError', 429: 'RateLimitError'};
const rows = {
  openai_chat: {preset: 'openai', kinds: stainless},
  openai_responses: {preset: 'openai-responses', kinds: stainless},
  anthropic: {preset: 'anthropic', kinds: {...stainless, 413: 'ContentTooLargeError'}},
  gemini: {preset: 'gemini', kinds: {400: 'ApiError', 413: 'ApiError', 429: 'ApiError'}},
  mistral: {
    preset: 'mistral', vendor: 'mistral', answersAll: true,
    kinds: {400: 'SDKError', 401: 'SDKError', 413: 'SDKError', 429: 'SDKError'},
  },
  cohere: {
    preset: 'cohere', answersAll: true,
    kinds: {400: 'BadRequestError', 401: 'UnauthorizedError', 413: 'CohereError', 429: 'TooManyRequestsError'},
  },
  bedrock: {
    preset: 'bedrock',
    kinds: {400: 'ValidationException', 403: 'UnrecognizedClientException', 413: 'RequestEntityTooLargeException', 429: 'ThrottlingException'},
  },
  'bedrock, signed': {file: 'bedrock', variant: 'signed', preset: 'bedrock', only: ['answers'], kinds: {}},
  ollama: {
    preset: 'ollama', answersAll: true, cacheless: true,
    more: {truncate: false, shift: false}, // not in its types: else a prompt that is too long is cut
    kinds: {400: 'ResponseError', 401: 'ResponseError', 413: 'ResponseError', 429: 'ResponseError'},
  },
  llama: {preset: 'llama', answersAll: true, cacheless: true, silent: ['thinks'], kinds: stainless},
};

/* How an answer that came whole ended, and what fathom makes of it. */
const outcomes = {stop: 'answered', length: 'cut_output', content_filter: 'refused', refusal: 'refused'};

const usageOf = ({in: tokens = null, cached = null, written = null, out = null, reasoning = null}) =>
  ({in: tokens, cached, written, out, reasoning});

/* An answer that both have read whole. */
function assertAlike({done, said, vendor}) {
  const stop = said.refusal === '' ? vendor.words[said.stop] : 'refusal';
  assert.equal(said.fault, null);
  assert.equal(done.error ?? null, null);
  assert.equal(done.status, 200);
  assert.equal(done.answer ?? '', said.text);
  assert.equal(done.reasoning_chars, [...said.reasoning].length);
  assert.equal(done.stop, stop);
  assert.equal(done.outcome, outcomes[stop]);
  assert.equal(done.model_said, said.model);
  assert.deepEqual(done.usage, usageOf(said.usage));
  assert.ok(done.usage.in > 500 && done.usage.out > 0, 'no usage was told');
}

/* Where a vendor has no word for a filter or a refusal, such an answer is one like any other. */
const ends = (...stops) => (both) => {
  assertAlike(both);
  assert.ok((both.row.answersAll ? ['stop'] : stops).includes(both.done.stop), both.done.stop);
};

/* Numbers may be of the body that was sent, whose members stand in another order. */
const wordsOf = (text) => text.replaceAll(/[0-9]+/g, '#');

const refused = (outcome, reason = null) => ({done, said, row}) => {
  assert.equal(done.outcome, outcome);
  assert.equal(done.reason, reason);
  assert.ok(said.fault, 'the SDK did not raise');
  assert.equal(said.fault.status, done.status);
  assert.equal(said.fault.kind, row.kinds[done.status]);
  assert.equal(wordsOf(done.error), wordsOf(said.fault.message));
  assert.equal(said.text, '');
};

/* What came before it broke may be cut anywhere, for who raises may drop what was not yet read. */
const broken = (reason) => ({done, said}) => {
  assert.equal(done.outcome, 'in_doubt');
  assert.equal(done.reason, reason);
  assert.ok(said.fault || said.error, 'the SDK did not raise');
  assert.ok((done.answer ?? '').startsWith(said.text));
};

/* A model of the simulator each: what is special about it, what goes wrong, and what must come of it. */
const models = {
  answers: {check: (both) => {
    assertAlike(both);
    assert.equal(both.done.stop, 'stop');
    assert.ok(both.done.answer.length > 3);
  }},
  thinks: {is: 'surface: {flat: 0%}, when_lost: {think: 100%}', check: (both) => {
    assertAlike(both);
    assert.ok(both.done.reasoning_chars > 100);
  }},
  caches: {fault: `do: {lie: {cached: ${CACHED}}}`, check: (both) => {
    assertAlike(both);
    assert.equal(both.done.usage.cached, both.row.cacheless ? null : CACHED);
  }},
  stops_at_length: {fault: 'do: {finish: length}', check: (both) => {
    assertAlike(both);
    assert.equal(both.done.stop, 'length');
  }},
  filters: {fault: 'do: {finish: content_filter}', check: ends('content_filter', 'refusal')},
  refuses: {fault: 'do: {finish: refusal}', check: ends('refusal', 'content_filter')},
  small: {is: 'window: {tokens: 64}', check: refused('rejected_limit')},
  small_with_answer: {is: 'window: {tokens: 1100, counts: input+output}', check: refused('rejected_limit')},
  light: {is: 'caps: {body: 2k}', check: refused('failed', 'body_cap')},
  busy: {fault: 'do: {status: 429, retry_after: 1}', check: refused('failed', 'rate')},
  fails: {fault: 'at: event@3, do: error_event', check: broken('server')},
  breaks: {fault: 'at: event@3, do: close', check: broken('lost')},
};

function simOf(row, names, key) {
  const is = (name) => [row.vendor && `vendor: ${row.vendor}`, models[name].is].filter(Boolean).join(', ');
  const faults = names.filter((name) => models[name].fault)
    .map((name) => `{when: {model: ${name}}, ${models[name].fault}}`);
  return `${key}models:
${names.map((name) => `  ${name}: {${is(name)}}\n`).join('')}faults: [${faults.join(',\n  ')}]
`;
}

/* All of them in one run: {the row of the journal by the model's name, what was asked of every one}. */
async function runFathom(run, baseUrl, preset, names) {
  fs.writeFileSync(path.join(folder, `${run}.yaml`), `fathom: 1
name: ${run}
models:
${names.map((name) => `  - {model: ${preset}/${name}, base_url: "${baseUrl}", key: {env: SDK_KEY}}\n`).join('')}length: [1k]
depth: [50]
repeats: 1
answer: {max_tokens: ${MAX_TOKENS}}
params: {temperature: 0}
retry: {free: 0, doubtful: 0}
`);
  const {stderr} = await fathom(['run', '-q', '-y', `${run}.yaml`], {SDK_KEY: KEY});
  const lines = journal(run);
  const trials = lines.filter(({t}) => t === 'trial');
  const done = Object.fromEntries(trials.map(({trial, model}) =>
    [model.split('/')[1], lines.find((line) => line.t === 'done' && line.trial === trial)]));
  assert.deepEqual(Object.keys(done).sort(), [...names].sort(), stderr);
  const {stdout} = await fathom(['show', run, trials[0].trial, '--prompt', '--json']);
  const [system, user] = JSON.parse(stdout);
  return {done, asked: {
    system: system.content, content: [user.content], settings: {temperature: 0},
    maxTokens: MAX_TOKENS, maxTokensName: 'max_completion_tokens',
  }};
}

/* What the SDK has read, up to where it raised; `fault` is null where it did not. */
async function runSdk(vendor, client, asked) {
  const said = {text: '', reasoning: '', refusal: '', stop: null, usage: {}, model: null, fault: null};
  try {
    await vendor.read(await vendor.send(client, asked), said);
  } catch (error) {
    said.fault = vendor.fault(error);
  }
  return said;
}

/* The plan is carried out by fathom, then each of its requests is sent by the SDK. */
async function holdAll(title, row, key, names) {
  const file = await import(`./vendor/${row.file ?? title}.mjs`);
  const vendor = {...file, ...file[row.variant]};
  await withSim(simOf(row, names, key), async (url) => {
    const at = url.replace(/\/v1$/, `/${row.preset}`);
    const run = `streams-${title.replaceAll(/\W+/g, '-')}${key === '' ? '' : '-key'}`;
    const {done, asked} = await runFathom(run, at + vendor.base, row.preset, names);
    const client = vendor.open(at, KEY);
    for (const name of names)
      await test(`${title}: ${key === '' ? name : "another's key"}`, async () => {
        const said = await runSdk(vendor, client, {...asked, model: name, more: row.more});
        (key === '' ? models[name].check : refused('failed', 'auth'))({done: done[name], said, row, vendor});
      });
    if (key !== '') return;
    if (vendor.models)
      await test(`${title}: its models`, async () => assert.deepEqual(await vendor.models(client), names));
    if (vendor.count)
      await test(`${title}: its tokens, counted`, async () => assert.equal(
        await vendor.count(client, {...asked, model: 'answers'}), done.answers.usage.in - (vendor.countsLess ?? 0)));
  });
}

for (const [title, row] of Object.entries(rows)) {
  const names = row.only ?? Object.keys(models).filter((name) => !row.silent?.includes(name));
  await test(`${title}: all of it`, () => holdAll(title, row, '', names));
  if (!row.only) await test(`${title}: all of the refused key`, () => holdAll(title, row, 'key: another\n', ['answers']));
}

finish();
