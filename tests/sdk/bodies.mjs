/*
 * One request, sent by a vendor's SDK and by fathom, must be the same request, member by member, but
 * for what is listed here with its reason: node bodies.mjs FATHOM.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {fathom, finish, folder, journal, test, withServer} from './support.mjs';

const KEY = 'sdk-sentinel-0b7de1f2c4';
const MAX_TOKENS = 64;
const ABSENT = undefined;

const warmth = {temperature: 0.5, top_p: 0.9};
const all = {...warmth, stop: ['END', '\n\n'], seed: 3};
const {seed, ...seedless} = all;

/* Where the two differ, and why: [what fathom sends, what the SDK sends, the reason]. */
const streamed = {'header accept': ['text/event-stream', 'application/json', 'the SDK says so of every answer; a stream comes']};
const anything = {'header accept': ['text/event-stream', '*/*', 'the SDK leaves it to its HTTP client']};
const lines = {'header accept': ['application/x-ndjson', 'application/json', 'the SDK says so of every answer; a stream comes']};
const frames = {'header accept': ['application/vnd.amazon.eventstream', ABSENT, 'the SDK says nothing; the vendor answers in nothing else']};
const version = {
  ...streamed,
  'header anthropic-version': ['2023-06-01', '2026-10-21', 'the newer one refuses a temperature of every model'],
  'header x-api-key': [KEY, ABSENT, 'how a key goes with the version of 2023'],
  'header authorization': [ABSENT, `Bearer ${KEY}`, 'how a key goes with the newer version'],
};
const azure = {
  ...streamed,
  'header api-key': [KEY, ABSENT, 'Azure takes a key so, too, and names it so'],
  'header authorization': [ABSENT, `Bearer ${KEY}`, 'Azure takes a key so, too'],
};
const uncut = {
  ...lines,
  truncate: [false, ABSENT, 'the SDK cannot say it; the server would cut a prompt and not tell'],
  shift: [false, ABSENT, 'the SDK cannot say it; the server would drop the prompt while it writes'],
};

/* A preset each: who else speaks to it, of what model, with which settings, and what differs. */
const chat = {vendor: 'openai_chat', model: 'some/model', settings: all, maxTokensName: 'max_tokens', differs: streamed};
const longer = {...chat, maxTokensName: 'max_completion_tokens'};
const responses = {vendor: 'openai_responses', model: 'gpt-4.1', settings: warmth, differs: streamed};
const gemini = {vendor: 'gemini', model: 'gemini-2.5-pro', settings: {...all, top_k: 40}, differs: anything};
const vertex = {...gemini, variant: 'vertex'};
const erring = {...chat, more: {context_length_exceeded_behavior: 'error'}};
const rows = {
  openai: {...longer, model: 'gpt-4.1'},
  'openai in parts': {...longer, model: 'gpt-4.1', cap: 4096},
  'openai-responses': responses,
  'openai-responses in parts': {...responses, cap: 4096},
  azure: {...longer, differs: azure},
  'azure-responses': {...responses, differs: azure},
  anthropic: {vendor: 'anthropic', model: 'claude-sonnet-4-20250514', settings: {...seedless, top_k: 40}, differs: version},
  gemini,
  vertex,
  'vertex-global': vertex,
  'vertex-maas': chat,
  bedrock: {vendor: 'bedrock', model: 'us.meta.llama4-scout-17b-instruct-v1:0', settings: seedless, differs: frames},
  'bedrock-chat': chat,
  openrouter: {
    ...chat, more: {plugins: [{id: 'context-compression', enabled: false}]}, headers: {'X-OpenRouter-Metadata': 'enabled'},
  },
  'openrouter by a route': {
    ...chat, route: 'deepinfra', headers: {'X-OpenRouter-Metadata': 'enabled'},
    more: {
      plugins: [{id: 'context-compression', enabled: false}],
      provider: {only: ['deepinfra'], allow_fallbacks: false, require_parameters: true},
    },
  },
  deepseek: {...chat, settings: seedless},
  dashscope: chat,
  'dashscope-cn': chat,
  'dashscope-us': chat,
  xai: longer,
  'xai-responses': responses,
  mistral: {vendor: 'mistral', model: 'mistral-large-latest', settings: all, differs: {}},
  cohere: {vendor: 'cohere', model: 'command-a-03-2025', settings: {...all, top_k: 40}, differs: {}},
  llama: {vendor: 'llama', model: 'Llama-4-Scout-17B-16E-Instruct-FP8', settings: {...warmth, top_k: 40}, differs: streamed},
  groq: longer,
  together: erring,
  fireworks: erring,
  cerebras: longer,
  huggingface: chat,
  deepinfra: chat,
  novita: chat,
  sambanova: chat,
  wandb: chat,
  cloudflare: chat,
  vercel: chat,
  ollama: {vendor: 'ollama', model: 'llama4:scout', settings: {...all, top_k: 40}, window: 32768, differs: uncut},
  llamacpp: chat,
  vllm: chat,
  sglang: chat,
  lmstudio: chat,
  tgi: chat,
  local: chat,
  sim: chat,
};

/* Who sends it, and how HTTP carries it, is each client's own. */
const CARRIED = new RegExp('^(host|connection|content-length|user-agent|accept-encoding|accept-language|sec-fetch-mode|' +
  'cookie|pragma|cache-control|x-stainless-.*|x-fern-.*|x-goog-api-client|amz-sdk-.*|x-amz-user-agent)$');

const saidBy = ({method, url, headers, body}) => ({
  request: `${method} ${url}`,
  ...Object.fromEntries(Object.entries(headers).filter(([name]) => !CARRIED.test(name))
    .map(([name, value]) => [`header ${name}`, value])),
  ...JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(body)),
});

const isObject = (value) => value !== null && typeof value === 'object';

/* {path of a member: [ours, theirs]}; the order of an object's members says nothing. */
function differences(ours, theirs, at = '') {
  if (!isObject(ours) || !isObject(theirs) || Array.isArray(ours) !== Array.isArray(theirs))
    return Object.is(ours, theirs) ? {} : {[at]: [ours, theirs]};
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return Object.assign({}, ...[...names].map((name) =>
    differences(ours[name], theirs[name], at === '' ? name : `${at}.${name}`)));
}

async function vendorOf({vendor, variant}) {
  const all = await import(`./vendor/${vendor}.mjs`);
  return {...all, ...all[variant]};
}

/* The plan's one trial, sent; and its prompt as fathom shows it, apart from any body. */
async function runFathom(name, row, baseUrl) {
  const run = `bodies-${name.replaceAll(' ', '-')}`;
  const said = {window: row.window, route: row.route, string_cap: row.cap};
  const more = Object.entries(said).filter(([, value]) => value).map(([key, value]) => `, ${key}: ${value}`);
  fs.writeFileSync(path.join(folder, `${run}.yaml`), `fathom: 1
name: ${run}
models:
  - {model: "${name.split(' ')[0]}/${row.model}", base_url: "${baseUrl}", key: {env: SDK_KEY}${more.join('')}}
length: [${row.cap ? 8 : 1}k]
depth: [50]
repeats: 1
answer: {max_tokens: ${MAX_TOKENS}}
params: ${JSON.stringify(row.settings)}
`);
  const {stderr} = await fathom(['run', '-q', '-y', `${run}.yaml`], {SDK_KEY: KEY});
  assert.match(stderr, /HTTP 400: no such/);
  const {trial} = journal(run).find((line) => line.t === 'trial');
  const {stdout} = await fathom(['show', run, trial, '--prompt', '--json']);
  return JSON.parse(stdout);
}

/* The text of a message that our body holds in parts, as one host wants it: a cut is nobody's to know. */
const partsOf = (body) => (body.messages ?? body.input).at(-1).content.map(({text}) => text);

async function bothSend(name, row) {
  const vendor = await vendorOf(row);
  const seen = [];
  await withServer(({request: {method, url, headers}, body}, response) => {
    seen.push(saidBy({method, url, headers, body}));
    response.writeHead(400, {'Content-Type': 'application/json'}).end('{"error":{"message":"no such"}}');
  }, async (url) => {
    const [system, user] = await runFathom(name, row, url + vendor.base);
    assert.deepEqual([system.role, user.role, seen.length], ['system', 'user', 1]);
    const content = row.cap ? partsOf(seen[0]) : [user.content];
    assert.equal(content.join(''), user.content);
    assert.ok(!row.cap || (content.length > 3 && content.every((part) => part.length <= row.cap)));
    const asked = {...row, system: system.content, content, maxTokens: MAX_TOKENS};
    await assert.rejects((async () => {
      for await (const event of await vendor.send(vendor.open(url, KEY), asked)) assert.fail(`it was answered: ${event}`);
    })(), (error) => !(error instanceof assert.AssertionError));
  });
  assert.equal(seen.length, 2);
  return seen;
}

for (const [name, row] of Object.entries(rows))
  await test(name, async () => {
    const [ours, theirs] = await bothSend(name, row);
    const listed = Object.fromEntries(Object.entries(row.differs).map(([at, [mine, its]]) => [at, [mine, its]]));
    assert.deepEqual(differences(ours, theirs), listed);
  });

await test('every preset has its row', async () => {
  const {stdout} = await fathom(['providers', '--json']);
  const presets = JSON.parse(stdout).providers.map(({name}) => name);
  const held = new Set(Object.keys(rows).map((name) => name.split(' ')[0]));
  assert.deepEqual([...held].sort(), presets.sort());
});

finish();
