/*
 * One peer counts one text.
 *
 *     node tokens.mjs PEER WARM TEXT PIECE [TOKENIZER]
 *
 * prints the tokens of TEXT and the nanoseconds of this process's own work. WARM is counted first, unmeasured, so
 * that the engine has compiled what it will compile. Both are cut into pieces of about PIECE bytes at ends of
 * lines where the counts of OpenAI's tokenizers add up; 0 leaves them whole. TOKENIZER is a tokenizer.json.
 */
import fs from 'node:fs';
import {createRequire} from 'node:module';

const bench = createRequire(import.meta.url);
const oracle = createRequire(new URL('../oracle/oracle.mjs', import.meta.url));
const [, , peer, warm, file, piece, tokenizerFile] = process.argv;

const PEERS = {
  'tiktoken': () => {
    const encoding = oracle('tiktoken').get_encoding('o200k_base');
    return (text) => encoding.encode_ordinary(text).length;
  },
  'gpt-tokenizer': () => {
    const {countTokens} = oracle('gpt-tokenizer/encoding/o200k_base');
    const options = {disallowedSpecial: new Set()};
    return (text) => countTokens(text, options);
  },
  'ai-tokenizer': () => {
    const {Tokenizer} = bench('ai-tokenizer');
    const tokenizer = new Tokenizer(bench('ai-tokenizer/encoding/o200k_base'));
    return (text) => tokenizer.count(text);
  },
  'js-tiktoken': () => {
    const {Tiktoken} = bench('js-tiktoken/lite');
    const encoding = new Tiktoken(bench('js-tiktoken/ranks/o200k_base'));
    return (text) => encoding.encode(text, [], []).length;
  },
  'tokenizers': () => {
    const tokenizer = oracle('tokenizers').Tokenizer.fromFile(tokenizerFile);
    return async (text) => (await tokenizer.encode(text, null, {addSpecialTokens: false})).getLength();
  },
};

/* Behind a line's end and before a letter or digit of ASCII: such a join adds up. */
function findEnd(bytes, from) {
  for (let at = bytes.indexOf(10, from); at >= 0; at = bytes.indexOf(10, at + 1))
    if (/^[A-Za-z0-9]$/.test(String.fromCharCode(bytes[at + 1]))) return at + 1;
  return bytes.length;
}

function pieces(path) {
  const bytes = fs.readFileSync(path);
  const found = [];
  for (let at = 0; at < bytes.length;) {
    const end = Number(piece) === 0 ? bytes.length : findEnd(bytes, at + Number(piece));
    found.push(bytes.toString('utf8', at, end));
    at = end;
  }
  return found;
}

const count = PEERS[peer]();
for (const text of pieces(warm)) await count(text);
const texts = pieces(file);

const before = process.cpuUsage();
let tokens = 0;
for (const text of texts) tokens += await count(text);
const {user, system} = process.cpuUsage(before);
console.log(tokens, (user + system) * 1000);
