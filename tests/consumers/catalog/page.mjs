// A catalogue in a real browser, from a file: what is on it, what its search finds, how it looks, who can read it.
//   page.mjs FILE [FOLDER]    with a folder, pictures are put there
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.env.JENVC_NODE ?? import.meta.url);
const { chromium } = require('playwright-core');
const axe = require.resolve('axe-core');

const [file, pictures] = process.argv.slice(2);
const address = pathToFileURL(path.resolve(file)).href;
const wrong = [];
const expect = (holds, words) => { if (!holds) wrong.push(words); };
const looks = { light: ['light', 1100, 900], dark: ['dark', 1100, 900], phone: ['light', 390, 844], 'phone-dark': ['dark', 390, 844] };

/** Opens the page. Nothing but the file may be asked for, and nothing may be complained about. */
async function open(browser, [colorScheme, width, height], options = {}) {
  const page = await browser.newPage({ colorScheme, viewport: { width, height }, ...options });
  page.on('request', (request) => expect(request.url().split('#')[0] === address, `the page may not ask for ${request.url()}`));
  page.on('pageerror', (error) => wrong.push(`the page fails: ${error.message}`));
  page.on('console', (message) => expect(message.type() !== 'error', `the page complains: ${message.text()}`));
  page.on('dialog', (dialog) => { wrong.push(`a text of the program ran: ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(address + (options.hash ?? ''));
  return page;
}

/** Every card with the packages that stand in it, hidden or not. */
const contents = (page) => page.evaluate(() => [...document.querySelectorAll('.card')].map((card) => ({
  id: card.id,
  title: `${card.querySelector('h3').textContent} ${card.querySelector('.name')?.textContent ?? ''}`,
  packages: [...card.querySelectorAll('.group li')].map((row) => ({ name: row.querySelector('b').textContent, also: row.dataset.also ?? '' })),
})));

/** What can be seen: the cards, and the packages in them. */
const seen = (page) => page.evaluate(() => [...document.querySelectorAll('.card')].filter((card) => card.checkVisibility()).map((card) => ({
  id: card.id,
  packages: [...card.querySelectorAll('.group li')].filter((row) => row.checkVisibility()).map((row) => row.querySelector('b').textContent),
})));

const plain = (text) => text.toLowerCase().replace(/[-_.]+/g, '-');

/** Each package is searched for, and what is found is held against what stands on the page. */
async function searches(page) {
  const cards = await contents(page);
  const names = [...new Set(cards.flatMap((card) => card.packages).flatMap((one) => [one.name, ...one.also.split(' ').filter(Boolean)]))];
  for (const name of names) {
    await page.fill('#query', name);
    const called = (text) => plain(text).includes(plain(name));
    const has = (one) => [one.name, ...one.also.split(' ')].some(called);
    const wanted = cards.filter((card) => called(card.title) || card.packages.some(has)).map((card) => card.id);
    const found = await seen(page);
    expect(JSON.stringify(found.map((card) => card.id)) === JSON.stringify(wanted), `a search for ${name} finds ${found.map((card) => card.id)}, not ${wanted}`);
    for (const card of found) {
      const own = cards.find((one) => one.id === card.id).packages.filter(has).map((one) => one.name);
      expect(JSON.stringify(card.packages) === JSON.stringify(own), `a search for ${name} shows ${card.packages} in ${card.id}, not ${own}`);
    }
  }
  await page.fill('#query', 'no-such-package');
  expect((await seen(page)).length === 0, 'a search for nothing finds something');
  expect((await page.textContent('#found')).startsWith('0 of ') || cards.length === 0, 'nobody says that nothing was found');
  await page.fill('#query', '');
  const shown = await seen(page);
  expect(shown.length === cards.length && shown.every((card) => card.packages.length === 0), 'an empty search does not show all cards, folded');
  return names;
}

async function readable(browser, look, [scheme, width, height]) {
  const page = await open(browser, [scheme, width, height], { bypassCSP: true });
  const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
  expect(wide <= 0, `${look}: the page is ${wide} pixels too wide`);
  for (const unfolded of [false, true]) {
    if (unfolded) await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
    await page.addScriptTag({ path: axe });
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    for (const one of violations) wrong.push(`${look}: ${one.id}: ${one.help}: ${one.nodes[0].html.slice(0, 200)} ${one.nodes[0].failureSummary}`);
  }
  const overflowing = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
  expect(overflowing <= 0, `${look}: the unfolded page is ${overflowing} pixels too wide`);
  await page.close();
}

async function without_script(browser) {
  const page = await open(browser, looks.light, { javaScriptEnabled: false });
  const rows = page.locator('.group li');
  for (const row of await rows.all()) expect(await row.isVisible(), `without a script, ${await row.textContent()} is not shown`);
  expect(!(await page.isVisible('.search')), 'without a script, there is a search that does nothing');
  await page.close();
}

async function printed(page) {
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const [all, shown] = await page.evaluate(() => {
    const rows = [...document.querySelectorAll('.group li')];
    return [rows.length, rows.filter((row) => row.checkVisibility()).length];
  });
  expect(all === shown, `${all - shown} packages are not printed`);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await page.emulateMedia({ media: 'screen' });
}

async function pictured(browser, names) {
  for (const [look, size] of Object.entries(looks)) {
    const page = await open(browser, size);
    await page.screenshot({ path: path.join(pictures, `${look}.png`) });
    await page.fill('#query', names);
    await page.screenshot({ path: path.join(pictures, `${look}-search.png`) });
    await page.close();
  }
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await open(browser, looks.light);
const names = await searches(page);
await printed(page);
if (names.length > 0) {
  // A link to a search, and one to a card.
  const linked = await open(browser, looks.light, { hash: `#q=${encodeURIComponent(names[0])}` });
  expect(await linked.inputValue('#query') === names[0], 'a link to a search does not search');
  const card = (await contents(linked)).find((one) => one.packages.length > 0).id;
  const jumped = await open(browser, looks.light, { hash: `#${card}` });
  expect(await jumped.isVisible(`#${card} .group li`), 'a link to a card does not unfold it');
}
expect(await page.evaluate(() => globalThis.hacked === undefined), 'a text of the program ran');
await without_script(browser);
for (const [look, size] of Object.entries(looks)) await readable(browser, look, size);
if (pictures) await pictured(browser, process.argv[4] ?? names[0]);
await browser.close();
for (const words of wrong) console.log(words);
console.log(`${names.length} names of packages searched for in ${path.basename(file)}`);
process.exit(wrong.length > 0 ? 1 : 0);
