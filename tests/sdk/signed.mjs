/*
 * A request that fathom signs must bear the signature that AWS's own signer makes of what arrived,
 * byte for byte: node signed.mjs FATHOM.
 */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {fathom, finish, folder, journal, test, withServer} from './support.mjs';

const {SignatureV4} = await import('@smithy/signature-v4');

const ID = 'AKIDEXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const SESSION = 'IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJH+=';
const VARIABLES = 'AWS_ACCESS_KEY_ID+AWS_SECRET_ACCESS_KEY+AWS_SESSION_TOKEN?';

class Sha256 {
  constructor(secret) {
    this.hash = secret === undefined ? crypto.createHash('sha256') : crypto.createHmac('sha256', Buffer.from(secret));
  }
  update(bytes) { this.hash.update(bytes); }
  async digest() { return new Uint8Array(this.hash.digest()); }
}

const dateOf = (stamp) => new Date(stamp.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));

/* Only what was signed is signed again, or a header of the transport would change the answer. */
async function signatureOf({method, url, headers}, body, region, session) {
  const named = /SignedHeaders=([^,]+)/.exec(headers.authorization)[1].split(';');
  const signer = new SignatureV4({
    service: 'bedrock', region, sha256: Sha256, applyChecksum: false,
    credentials: {accessKeyId: ID, secretAccessKey: SECRET, sessionToken: session},
  });
  const {headers: signed} = await signer.sign({
    method, protocol: 'http:', hostname: '127.0.0.1', path: url, query: {}, body,
    headers: Object.fromEntries(named.filter((name) => !name.startsWith('x-amz-')).map((name) => [name, headers[name]])),
  }, {signingDate: dateOf(headers['x-amz-date'])});
  return signed.authorization;
}

async function signedRun(name, model, env) {
  const seen = [];
  await withServer(({request, body}, response) => {
    seen.push({request, body});
    response.writeHead(400, {'Content-Type': 'application/json'}).end('{"message":"no such"}');
  }, async (url) => {
    fs.writeFileSync(path.join(folder, `${name}.yaml`), `fathom: 1
name: ${name}
models: [{model: "bedrock/${model}", base_url: "${url}", key: {env: "${VARIABLES}"}}]
length: [1k]
depth: [50]
repeats: 1
`);
    const {stderr} = await fathom(['run', '-q', '-y', `${name}.yaml`], env);
    assert.match(stderr, /HTTP 400: no such/);
  });
  assert.equal(seen.length, 1);
  const kept = fs.readFileSync(path.join(folder, 'runs', name, 'journal.jsonl'), 'utf8');
  for (const secret of [SECRET, SESSION]) assert.ok(!kept.includes(secret));
  assert.equal(journal(name).filter((line) => line.t === 'done').length, 1);
  return seen[0];
}

const rows = {
  'signed-plain': ['meta.llama4-scout', {AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: SECRET, AWS_REGION: 'eu-west-3'}],
  'signed-colon': ['us.meta.llama4-scout-17b-instruct-v1:0',
    {AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: SECRET, AWS_SESSION_TOKEN: SESSION, AWS_REGION: 'us-east-1'}],
  'signed-arn': ['arn:aws:bedrock:us-east-1:123456789012:inference-profile/a~b',
    {AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: SECRET, AWS_SESSION_TOKEN: SESSION, AWS_DEFAULT_REGION: 'us-gov-west-1', AWS_REGION: ''}],
};

for (const [name, [model, env]] of Object.entries(rows))
  await test(name, async () => {
    const {request, body} = await signedRun(name, model, env);
    const region = env.AWS_REGION || env.AWS_DEFAULT_REGION;
    assert.equal(request.headers['content-type'], 'application/json');
    assert.equal(request.headers['x-amz-security-token'], env.AWS_SESSION_TOKEN);
    assert.ok(Math.abs(dateOf(request.headers['x-amz-date']) - Date.now()) < 300000);
    assert.equal(request.headers.authorization, await signatureOf(request, body, region, env.AWS_SESSION_TOKEN));
  });

finish();
