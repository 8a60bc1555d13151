/*
 * The page of a report in a real browser: node page.mjs FIXTURE [FOLDER FOR PICTURES].
 *
 * Exit status 77, a skipped test, when there is no Chromium or no playwright-core; with
 * FATHOM_BROWSER=required that is a failure.
 */
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';

const [fixture, pictures] = process.argv.slice(2);
const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  .find((p) => fs.existsSync(p));

async function findPlaywright() {
  try {
    return (await import('playwright-core')).chromium;
  } catch {
    return null;
  }
}

const chromium = await findPlaywright();
if (!chromium || !program) {
  console.log(chromium ? 'no Chromium here' : 'no playwright-core: npm ci in tests/browser');
  process.exit(process.env.FATHOM_BROWSER === 'required' ? 1 : 77);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fathom-browser-'));
const browser = await chromium.launch({
  executablePath: program,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--no-first-run'],
});

function write(kind) {
  const file = path.join(folder, `${kind}.html`);
  if (!fs.existsSync(file))
    fs.writeFileSync(file, execFileSync(fixture, ['html', kind], {maxBuffer: 1 << 28}));
  return pathToFileURL(file).href;
}

/* Opens a page and gathers all that should not happen on it. */
async function open(kind, hash = '', options = {}) {
  const page = await browser.newPage({viewport: {width: 1280, height: 900}, ...options});
  const faults = [];
  const url = write(kind);
  page.on('console', (m) => faults.push(`console: ${m.text()}`));
  page.on('pageerror', (e) => faults.push(`error: ${e.message}`));
  page.on('dialog', async (d) => {
    faults.push(`dialog: ${d.message()}`);
    await d.dismiss();
  });
  page.on('request', (r) => {
    if (r.url().split('#')[0] !== url) faults.push(`request: ${r.url()}`);
  });
  await page.goto(url + hash);
  page.faults = faults;
  return page;
}

const cell = (panel, depth, length) =>
  `.cell[data-panel="${panel}"][data-depth="${depth}"][data-length="${length}"]`;
const count = (page) => page.locator('#count').textContent();
const focused = (page) => page.evaluate(() => {
  const {panel, depth, length} = document.activeElement.dataset;
  return [panel, depth, length].join('.');
});
const data = (page) => page.evaluate(() => JSON.parse(document.getElementById('data').textContent));

const tests = {
  async 'a click on a cell lists its trials'(page) {
    assert.equal(await count(page), '556 of 556 trials');
    await page.click(cell(0, 2, 4));
    assert.equal(await count(page), '10 of 556 trials');
    assert.match(page.url(), /#cell=0\.2\.4$/);
    assert.match(await page.locator('#where').textContent(), /^64k tokens, depth 50 %: 3 of 10 hit/);
    assert.equal(await page.locator('.trial').count(), 10);
    assert.equal(await page.locator('.cell.chosen').count(), 1);
    await page.click('#clear');
    assert.equal(await count(page), '556 of 556 trials');
  },

  async 'arrows go from cell to cell, Enter opens'(page) {
    await page.focus(cell(0, 0, 0));
    for (const [key, want] of [['ArrowRight', '0.0.1'], ['ArrowDown', '0.1.1'], ['End', '0.1.5'],
      ['ArrowRight', '0.1.5'], ['PageDown', '0.4.5'], ['Home', '0.4.0'], ['ArrowUp', '0.3.0'],
      ['ArrowLeft', '0.3.0']]) {
      await page.keyboard.press(key);
      assert.equal(await focused(page), want, key);
    }
    assert.equal(await page.locator('.cell[tabindex="0"]').count(), 2, 'one for each map');
    await page.keyboard.press('Enter');
    assert.match(page.url(), /#cell=0\.3\.0$/);
    await page.keyboard.press('Escape');
    assert.equal(await count(page), '556 of 556 trials');
  },

  async 'outcome and search narrow the list'(page) {
    await page.selectOption('#outcome', 'miss');
    const misses = (await data(page)).trials.filter((t) => t.outcome === 'miss').length;
    assert.equal(await count(page), `${misses} of 556 trials`);
    assert.match(page.url(), /outcome=miss/);
    await page.selectOption('#outcome', '');
    await page.fill('#search', 'DOES NOT SAY');
    assert.ok(await page.locator('.trial').count() > 0);
    for (const text of await page.locator('.answer').allTextContents())
      assert.match(text, /does not say/);
    await page.fill('#search', 'nothing has this');
    assert.equal(await count(page), '0 of 556 trials');
  },

  async 'more are shown when asked for'(page) {
    assert.equal(await page.locator('.trial').count(), 50);
    await page.click('#more');
    assert.equal(await page.locator('.trial').count(), 100);
  },

  async 'a link opens its trial'(page) {
    const trial = (await data(page)).trials.find((t) => t.outcome === 'abstained' && t.column === 4);
    await page.goto(`${page.url().split('#')[0]}#trial=${trial.trial}`);
    await page.waitForSelector('.trial.chosen');
    assert.equal(await page.locator('.trial.chosen').getAttribute('id'), `trial-${trial.trial}`);
    assert.ok(await page.locator('.trial.chosen').evaluate((n) => n === document.activeElement));
    assert.equal(await count(page), '10 of 556 trials');
    const needle = await page.locator('.trial.chosen .needle').boundingBox();
    const bar = await page.locator('.trial.chosen .bar').boundingBox();
    assert.ok(Math.abs((needle.x + needle.width / 2 - bar.x) / bar.width - trial.landed_ppm / 1e6) < 0.02);
  },

  async 'a link to nothing known shows all'(page) {
    await page.goto(`${page.url().split('#')[0]}#cell=9.9.9&trial=x&outcome=%3Cb%3E&q=%E0%A4%A`);
    assert.equal(await count(page), '556 of 556 trials');
  },

  async 'printing opens the tables'(page) {
    assert.equal(await page.locator('.twin[open]').count(), 2);
    await page.pdf();
    assert.equal(await page.locator('.twin[open]').count(), 4);
  },
};

async function testHostile() {
  const page = await open('hostile', '#cell=0.2.4');
  const texts = await page.locator('.answer').allTextContents();
  assert.ok(texts.some((t) => t.includes('</script><script>alert(1)')));
  for (const text of texts) assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u200b]/);
  assert.equal(await page.locator('img, iframe, a[href^="javascript"]').count(), 0);
  assert.equal(await page.locator('script').count(), 2);
  assert.deepEqual(page.faults, []);
}

async function testForms() {
  for (const [name, options] of [['light', {}], ['dark', {colorScheme: 'dark'}],
    ['narrow', {viewport: {width: 420, height: 900}}]]) {
    const page = await open('plain', '#cell=0.2.4', options);
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(ground === 'rgb(255, 255, 255)', name !== 'dark', ground);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${name}: ${over} px too wide`);
    if (pictures) await page.screenshot({path: path.join(pictures, `${name}.png`), fullPage: name === 'narrow'});
    assert.deepEqual(page.faults, []);
  }
}

async function testKinds() {
  for (const kind of ['controls', 'long', 'big', 'tame']) {
    const page = await open(kind);
    assert.match(await count(page), /^[\d,]+ of [\d,]+ trials$/);
    assert.equal(await page.locator('.left-out').count(), kind === 'long' ? 1 : 0, kind);
    assert.deepEqual(page.faults, []);
    await page.close();
  }
}

let failed = 0;
async function run(name, test) {
  try {
    await test();
    console.log(`ok: ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED: ${name}\n${error.stack}`);
  }
}

for (const [name, test] of Object.entries(tests))
  await run(name, async () => {
    const page = await open('plain');
    await test(page);
    assert.deepEqual(page.faults, []);
    await page.close();
  });
await run('attacks stay text', testHostile);
await run('light, dark and narrow', testForms);
await run('without a map, too long, ten thousand, one letter', testKinds);
await browser.close();
fs.rmSync(folder, {recursive: true});
process.exit(failed === 0 ? 0 : 1);
