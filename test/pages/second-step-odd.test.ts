// Owns the proof that the second-step page holds under reloads, tabs, restarts, waits, double clicks and bad input.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noStage, PHONE_SIZE, theatre } from './stage.ts';
import { codeField as field, oathtool } from './visitor.ts';

const skip = noStage();
const house = theatre(skip);

test('reloaded in the middle, gone back to, open in two tabs: one login, once', { skip }, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const phone = await stage.bench.enrolled(name);
  const alice = await stage.visitor(t);
  const { page } = alice;
  await alice.password(name);
  await field(page).fill(phone.wrong(stage.bench.now));
  await page.getByRole('alert').waitFor();
  await page.reload();
  await field(page).waitFor();
  // A second tab of the same browser begins a login of its own.
  const second = await alice.context.newPage();
  await second.goto(page.url());
  await field(second).fill(oathtool(phone.secret, stage.bench.now));
  await second.locator('[data-test=user]').waitFor();
  await field(page).fill('123456');
  await page.getByRole('alert').getByText('used already').waitFor();
  await page.reload();
  await page.getByText('This sign-in was completed already').waitFor();
  await alice.looks('second-step-answered-en');
  await second.goBack();
  await second.getByText('This sign-in was completed already').waitFor();
});

test('a daemon that was restarted, a gateway that is away: said, and begun again', { skip }, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const phone = await stage.bench.enrolled(name);
  const alice = await stage.visitor(t);
  const { page } = alice;
  await alice.password(name);
  await field(page).waitFor();
  await stage.bench.stop();
  await field(page).fill('123456');
  await page.getByRole('alert').getByText('That did not work').waitFor();
  await stage.bench.start();
  await field(page).fill('123456');
  await page.getByRole('heading', { name: 'This sign-in is over' }).waitFor();
  await alice.looks('second-step-over-en');
  await page.getByRole('link', { name: 'Begin again' }).click();
  await alice.password(name);
  await field(page).waitFor();
  await alice.context.setOffline(true);
  await field(page).fill('123456');
  await page.getByRole('alert').getByText('The NAS does not answer').waitFor();
  await alice.context.setOffline(false);
  await field(page).fill(oathtool(phone.secret, stage.bench.now));
  await alice.isIn(name);
});

test('waits are counted down, pair form is explained, a recovery code gets in at once', {
  skip,
}, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const { bench } = stage;
  const phone = await bench.enrolled(name);
  const alice = await stage.visitor(t, { viewport: PHONE_SIZE });
  const { page } = alice;
  await alice.password(name);
  const wrong = phone.wrong(bench.now);
  for (let n = 0; n < 4; n++) {
    await field(page).fill(wrong);
    await page.getByRole('alert').waitFor();
    await page.locator('input:focus').waitFor();
  }
  await page.getByRole('timer').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Verify' }).getAttribute('aria-disabled'), 'true');
  await alice.looks('second-step-wait-en-360');
  // The bucket empties elsewhere; the page learns the form when it asks again.
  for (let n = 0; n < 20; n++) {
    const reply = await bench.tries(name, wrong);
    if (reply.body.form === 'pair') break;
    bench.pass(20);
  }
  await page.goto(stage.url);
  await alice.password(name);
  await page.getByText('Two codes in a row are needed').waitFor();
  await alice.looks('second-step-pair-en-360');
  await page.getByRole('button', { name: 'Unable to access your codes?' }).click();
  await alice.looks('second-step-ways-en-360');
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByRole('textbox', { name: 'Recovery code' }).fill('x'.repeat(5_000));
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  const code = phone.recoveryCodes[0] ?? '';
  await page.getByRole('textbox', { name: 'Recovery code' }).fill(code.toLowerCase());
  await page.keyboard.press('Enter');
  await alice.isIn(name);
});

test('a page that asks for one code learns that two are needed, and takes them pasted at once', {
  skip,
}, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const { bench } = stage;
  const phone = await bench.enrolled(name);
  const alice = await stage.visitor(t);
  await alice.password(name);
  await field(alice.page).waitFor();
  // Somebody else uses up the tries.
  const wrong = phone.wrong(bench.now);
  for (let n = 0; n < 40; n++) {
    const reply = await bench.tries(name, wrong);
    if (reply.body.form === 'pair') break;
    bench.pass(20);
  }
  await field(alice.page).fill(phone.code(bench.now));
  await alice.page.getByRole('alert').getByText('One code is not enough for now').waitFor();
  const first = alice.page.getByLabel('Code 1 of 2');
  await first.fill(phone.codes(bench.now, 2));
  await alice.isIn(name);
});

test('5,000 digits, a double click, markup in a name: six digits, one request, plain text', {
  skip,
}, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const phone = await stage.bench.enrolled(name);
  const alice = await stage.visitor(t);
  const { page } = alice;
  await alice.password(name);
  let answers = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/answer')) answers += 1;
  });
  await field(page).fill('7'.repeat(5_000));
  await page.getByRole('alert').waitFor();
  assert.equal(answers, 1);
  await page.getByLabel('Trust this device').check();
  await page.getByLabel('Name of this device').fill('<img src=x onerror=alert(1)>');
  await field(page).fill(phone.wrong(stage.bench.now).slice(0, 5));
  await page.keyboard.type('0');
  await page.getByRole('button', { name: 'Verify' }).dblclick();
  await page.getByRole('alert').waitFor();
  // The sixth digit sent it; the two clicks on it found it busy or empty.
  assert.equal(answers, 2);
  // A link with markup for a name.
  await page.goto(
    `${stage.url}second-step#${new URLSearchParams({ login: 'A'.repeat(43), user: '<b>x', return: '/x' })}`,
  );
  await page.getByRole('heading', { name: 'This sign-in is over' }).waitFor();
  assert.equal(await page.locator('main b').count(), 0);
});

test('the clock check shows whose clock is off', { skip }, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  await stage.bench.enrolled(name);
  const alice = await stage.visitor(t);
  await alice.password(name);
  await alice.page.getByText('Is it the clock?').click();
  // The bench lives on another day than this browser.
  await alice.page.getByText('This browser is off by').waitFor();
  await alice.looks('second-step-clock-en');
});
