/*
 * How other people's tokenizers count whole documents: a line of JSON in, a line of JSON out, until
 * there are no more.
 *
 *     node documents.mjs tiktoken NAME      npm tiktoken, special tokens as plain text
 *     node documents.mjs tokenizers FILE    npm tokenizers with a tokenizer.json
 *
 *     {"path": "d.txt", "places": [{"bytes": 81, "chars": 80}], "alone": true}
 *     {"tokens": 4096, "before": [17], "alone": [17]}
 *
 * `before`: how many of the document's tokens come before each place, null where no token begins.
 * `alone`, when asked: how many tokens the text before each place has by itself.
 */
import fs from 'node:fs';
import readline from 'node:readline';
import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);

const openTiktoken = (name) => {
  const encoding = require('tiktoken').get_encoding(name);
  const lengths = new Map(); // of tokens in bytes
  const lengthOf = (id) => {
    if (!lengths.has(id)) lengths.set(id, encoding.decode_single_token_bytes(id).length);
    return lengths.get(id);
  };
  return async (text, places) => {
    const ids = encoding.encode_ordinary(text);
    const wanted = new Map(places.map((place, i) => [place.bytes, i]));
    const before = places.map(() => null);
    for (let i = 0, bytes = 0; places.length > 0 && i < ids.length; bytes += lengthOf(ids[i++]))
      if (wanted.has(bytes)) before[wanted.get(bytes)] = i;
    return {tokens: ids.length, before};
  };
};

const openTokenizers = (file) => {
  const tokenizer = require('tokenizers').Tokenizer.fromFile(file);
  return async (text, places) => {
    const found = await tokenizer.encode(text, null, {addSpecialTokens: false});
    const before = places.map(({chars}) => {
      const at = found.charToToken(chars);
      return at !== null && found.tokenToChars(at)[0] === chars ? at : null;
    });
    return {tokens: found.getLength(), before};
  };
};

const [, , kind, name] = process.argv;
const count = kind === 'tiktoken' ? openTiktoken(name) : openTokenizers(name);
for await (const line of readline.createInterface({input: process.stdin})) {
  const {path, places, alone} = JSON.parse(line);
  const bytes = fs.readFileSync(path);
  const answer = await count(bytes.toString('utf8'), places);
  answer.alone = [];
  for (const place of alone ? places : [])
    answer.alone.push((await count(bytes.toString('utf8', 0, place.bytes), [])).tokens);
  console.log(JSON.stringify(answer));
}
