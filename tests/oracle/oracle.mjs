/*
 * What other people's tokenizers make of many texts, in the form of oracle_ids: 32-bit numbers,
 * lowest byte first; each text behind its length in bytes; for each text the number of its tokens,
 * then their ids.
 *
 *     node oracle.mjs tiktoken NAME TEXTS    npm tiktoken, special tokens as plain text
 *     node oracle.mjs tokenizers FILE TEXTS  npm tokenizers with a tokenizer.json, no token of its own
 *                                            before the text, added tokens found in it
 */
import fs from 'node:fs';
import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);
const TEXTS_A_BATCH = 500;

const flush = (parts) => {
  const bytes = Buffer.concat(parts);
  for (let at = 0; at < bytes.length;) at += fs.writeSync(1, bytes, at);
};

const packed = (ids) => {
  const words = new Uint32Array(ids.length + 1);
  words[0] = ids.length;
  words.set(ids, 1);
  return Buffer.from(words.buffer);
};

function* batches(file) {
  const bytes = fs.readFileSync(file);
  let batch = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    batch.push(bytes.toString('utf8', at + 4, end));
    at = end;
    if (batch.length === TEXTS_A_BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

const [, , kind, name, file] = process.argv;
if (kind === 'tiktoken') {
  const encoding = require('tiktoken').get_encoding(name);
  for (const batch of batches(file)) flush(batch.map((text) => packed(encoding.encode_ordinary(text))));
} else {
  const tokenizer = require('tokenizers').Tokenizer.fromFile(name);
  for (const batch of batches(file)) {
    const found = await tokenizer.encodeBatch(batch, {addSpecialTokens: false});
    flush(found.map((one) => packed(one.getIds())));
  }
}
