/* The vendor's SDK sends one request many times at once: node upload.mjs URL BODY.json COUNT. */
import fs from 'node:fs';
import {createRequire} from 'node:module';
import {fileURLToPath, pathToFileURL} from 'node:url';

const require = createRequire(fileURLToPath(new URL('../sdk/package.json', import.meta.url)));
const {default: OpenAI} = await import(pathToFileURL(require.resolve('openai')));
const [url, file, count] = process.argv.slice(2);
const body = JSON.parse(fs.readFileSync(file, 'utf8'));
const client = new OpenAI({apiKey: 'any', baseURL: `${url}/v1`, maxRetries: 0});

async function send() {
  for await (const {choices} of await client.chat.completions.create(body)) if (!choices) throw new Error('no choices');
}

await Promise.all(Array.from({length: Number(count)}, send));
