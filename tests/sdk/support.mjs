/* What the scripts of this folder share: the vendor's packages, a simulator, fathom, types, tests. */
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const NODE = 22;
const SANITIZERS = /AddressSanitizer|LeakSanitizer|runtime error:/;

export const program = path.resolve(process.argv[2]);

/* A test that cannot run is skipped, unless the environment says that it must. */
function giveUp(why) {
  console.log(why);
  process.exit(process.env.FATHOM_SDK === 'required' ? 1 : 77);
}

/*
 * The SDKs want a newer Node than Debian 12 has, so npm brings one along. It runs the whole script
 * again; who imports an SDK does so after this, and by import(), for else it would be looked for first.
 */
function useNewerNode() {
  if (Number(process.versions.node.split('.')[0]) >= NODE) return;
  const newer = path.join(here, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (!fs.existsSync(newer)) giveUp(`Node ${process.versions.node} is older than ${NODE}, and npm brought none to ${newer}`);
  const {status} = spawnSync(newer, process.argv.slice(1), {stdio: 'inherit'});
  process.exit(status ?? 1);
}

if (!fs.existsSync(path.join(here, 'node_modules/ollama'))) giveUp('no SDKs: npm ci in tests/sdk');
useNewerNode();

export const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fathom-sdk-'));
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/_KEY$|_TOKEN$/.test(name))),
  XDG_CACHE_HOME: process.env.FATHOM_E2E_CACHE ?? path.join(folder, 'cache'),
  TERM: 'dumb',
};

function start(args, env) {
  const child = spawn(program, args, {cwd: folder, env: {...environment, ...env}});
  const said = {stdout: '', stderr: ''};
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (text) => (said[name] += text));
  const end = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      if (SANITIZERS.test(said.stderr)) reject(new Error(said.stderr));
      else resolve({status, ...said});
    });
  });
  return {child, end};
}

/* One command of fathom, carried out in a folder of its own: {status, stdout, stderr}. */
export const fathom = (args, env = {}) => start(args, env).end;

export const journal = (run) =>
  fs.readFileSync(path.join(folder, 'runs', run, 'journal.jsonl'), 'utf8')
    .trimEnd().split('\n').map((line) => JSON.parse(line));

/* Calls `use` with the address of a simulator of this configuration, which then must end well. */
export async function withSim(config, use) {
  const file = path.join(folder, 'sim.yaml');
  fs.writeFileSync(file, config);
  const {child, end} = start(['sim', '--json', '--config', file]);
  const first = await Promise.race([
    new Promise((resolve) => child.stdout.once('data', resolve)),
    end.then(({stderr}) => assert.fail(`the simulator ended: ${stderr}`)),
  ]);
  try {
    await use(JSON.parse(first).base_url);
  } finally {
    child.kill('SIGTERM');
    assert.equal((await end).status, 0);
  }
}

/* Calls `use` with the origin of a server that hands each whole request to `answer`. */
export async function withServer(answer, use) {
  const server = http.createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    answer({request, body: Buffer.concat(parts)}, response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/*
 * What the TypeScript compiler has against each of the sources {name: text}, which may import the
 * SDK's types: {name: [faults]}. All are compiled at once, for those types are long.
 */
export async function typeFaults(sources) {
  const ts = require('typescript');
  const options = {
    strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const texts = Object.fromEntries(
    Object.entries(sources).map(([name, text]) => [path.join(here, `${name}.ts`), text]));
  const host = ts.createCompilerHost(options);
  const {getSourceFile, fileExists} = host;
  host.fileExists = (file) => file in texts || fileExists(file);
  host.getSourceFile = (file, ...rest) => (file in texts
    ? ts.createSourceFile(file, texts[file], options.target) : getSourceFile(file, ...rest));
  const faults = Object.fromEntries(Object.keys(sources).map((name) => [name, []]));
  const compiled = ts.createProgram(Object.keys(texts), options, host);
  for (const {file, messageText} of ts.getPreEmitDiagnostics(compiled)) {
    assert.ok(file && file.fileName in texts, ts.flattenDiagnosticMessageText(messageText, '\n'));
    faults[path.basename(file.fileName, '.ts')].push(ts.flattenDiagnosticMessageText(messageText, '\n'));
  }
  return faults;
}

let failed = 0;
export async function test(name, body) {
  try {
    await body();
    console.log(`ok: ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED: ${name}\n${error.stack}`);
  }
}

export function finish() {
  fs.rmSync(folder, {recursive: true, force: true});
  process.exit(failed === 0 ? 0 : 1);
}
