/*
 * A haystack as the common tools build it: sentences are joined and counted whole, and the number of them is found
 * by binary search.
 *
 *     node builder.mjs TEXT TOKENS DEPTH
 *
 * prints tokens, times the text was counted, and the nanoseconds from the loaded text and vocabulary to the document.
 */
import fs from 'node:fs';
import {createRequire} from 'node:module';

const oracle = createRequire(new URL('../oracle/oracle.mjs', import.meta.url));
const [, , file, tokens, depth] = process.argv;
const NEEDLE = 'The watchword of the lighthouse at Aldermoor is K7Q2M9XD.';

const encoding = oracle('tiktoken').get_encoding('o200k_base');
const sentences = fs.readFileSync(file, 'utf8').split(/(?<=[.!?]["']?)\s+/);
encoding.encode_ordinary(sentences.slice(0, 1000).join(' '));

const before = process.hrtime.bigint();
let counted = 0;
let document = '';
const count = (number) => {
  const part = sentences.slice(0, number);
  part.splice(Math.floor(number * Number(depth)), 0, NEEDLE);
  document = part.join(' ');
  counted++;
  return encoding.encode_ordinary(document).length;
};
let low = 0;
let high = sentences.length;
while (high - low > 1) {
  const middle = (low + high) >> 1;
  if (count(middle) <= Number(tokens)) low = middle;
  else high = middle;
}
const landed = count(low);
console.log(landed, counted, Number(process.hrtime.bigint() - before));
