// Owns the whole life of two people with two-factor, from the outside: a browser, a phone, a mailbox.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noStage, PHONE, theatre } from './stage.ts';
import { codeField as field, oathtool, type Visitor } from './visitor.ts';

const skip = noStage();
const house = theatre(skip, { shared: false });

/** From the offered QR code to saved recovery codes; the secret. */
async function enrols(visitor: Visitor, done: string): Promise<string> {
  const { page, stage } = visitor;
  const secret = (await page.locator('[data-test=secret]').textContent()) ?? '';
  await field(page).fill(oathtool(secret, stage.bench.now));
  await page.locator('[data-test=recovery-codes] li').nth(9).waitFor();
  await page.getByRole('button', { name: done }).click();
  return secret;
}

test('enrol, log in, trust, revoke, lose the phone, come back by mail, make it mandatory, be made to enrol', {
  skip,
  timeout: 300_000,
}, async (t) => {
  const stage = await house.own(t);
  const alice = await stage.visitor(t);
  const { page } = alice;

  await t.test('she enrols, logs out, and logs in with a code', async () => {
    await alice.password('alice', 'wonderland');
    await alice.isIn('alice');
    await page.getByRole('link', { name: 'Personal Settings' }).click();
    await page.getByRole('button', { name: 'Enable Now' }).click();
  });
  let secret = await enrols(alice, 'I have saved them');
  await page.getByText('10 codes left').waitFor();
  await alice.signsOut();
  await alice.password('alice', 'wonderland');
  await field(page).fill(alice.next({ secret }));
  await alice.isIn('alice');

  await t.test('she sets up the email service, and a test shows each step', async () => {
    await page.goto(`${stage.url}system#mail`);
    await page.getByText('Not set up').waitFor();
    await alice.looks('system-mail-none-en');
    await page.getByLabel('Provider').selectOption('smtp');
    await page.getByLabel('Sender’s address').fill('nas@example.com');
    await page.getByLabel('Encryption').selectOption('plain');
    await page.getByLabel('Mail server').fill('127.0.0.1');
    await page.getByLabel('Port').fill(String(stage.gateway.mailbox.port));
    await page.getByRole('button', { name: 'Save' }).click();
    await alice.stepsUp({ secret });
    await page.getByLabel('To this address').fill('alice@example.com');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('The mail is on its way').waitFor();
    assert.equal(await page.locator('[data-test=mail-steps] .badge.bad').count(), 0);
    await alice.looks('system-mail-tested-en');
    stage.gateway.mailbox.letters.length = 0;
  });

  await t.test('she confirms a Security Email', async () => {
    await page.goto(`${stage.url}personal`);
    await page.getByLabel('Address').fill('not an address@');
    await page.getByLabel('Address').fill('alice@example.com');
    await page.getByRole('button', { name: 'Send a code' }).click();
    await alice.stepsUp({ secret });
    await page.getByLabel('Code from the mail').fill(await stage.mailedCode(/^Confirm your Security Email/));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.locator('[data-test=security-email]').waitFor();
    await alice.looks('personal-email-en');
  });

  await t.test('she trusts this device, logs in without a code, and revokes it', async () => {
    await alice.signsOut();
    await alice.password('alice', 'wonderland');
    await page.getByLabel('Trust this device').check();
    assert.equal(await page.getByLabel('Name of this device').inputValue(), 'Chrome on Linux');
    await page.getByLabel('Name of this device').fill('<b>Alice’s laptop</b>');
    await alice.looks('second-step-trust-en');
    await field(page).fill(alice.next({ secret }));
    await alice.isIn('alice');
    await alice.signsOut();
    await alice.password('alice', 'wonderland');
    await alice.isIn('alice');
    await page.goto(`${stage.url}personal`);
    await page.locator('[data-test=devices]').getByText('<b>Alice’s laptop</b>').waitFor();
    await alice.looks('personal-devices-en');
    await page.getByRole('button', { name: 'Revoke <b>Alice’s laptop</b>' }).click();
    await page.getByText('No device is trusted').waitFor();
    await alice.signsOut();
    await alice.password('alice', 'wonderland');
    await field(page).waitFor();
  });

  await t.test('she loses the phone and gets back in by mail', async () => {
    await page.getByRole('button', { name: 'Unable to access your codes?' }).click();
    await alice.looks('second-step-ways-mail-en');
    await page.getByRole('button', { name: /^Mail an Emergency Verification Code to / }).click();
    const code = await stage.mailedCode(/^Emergency Verification Code/);
    await page.getByText('A code was sent to').waitFor();
    await alice.looks('second-step-mailed-en');
    await page.getByLabel('Emergency Verification Code').fill(code);
    await page.keyboard.press('Enter');
    await alice.isIn('alice');
  });

  await t.test('a mailed code stands for the lost phone when she replaces it', async () => {
    await page.goto(`${stage.url}personal`);
    await page.getByRole('button', { name: 'Replace the phone' }).click();
    await page.getByRole('button', { name: 'Phone lost? Mail me a code' }).click();
    await page.getByLabel('Mailed code').fill(await stage.mailedCode(/^Code to replace your phone/));
    await page.keyboard.press('Enter');
    await page.locator('.qr').waitFor();
  });
  secret = await enrols(alice, 'I have saved them');

  await t.test('she looks at a policy and makes it mandatory for a group', async () => {
    await page.goto(`${stage.url}system#mandatory`);
    await page.getByLabel('Specific Users and User Groups').check();
    await page.getByRole('textbox', { name: 'User groups' }).fill('users');
    await page.getByLabel('Days of grace').fill('0');
    await page.getByRole('button', { name: 'Show what it would mean' }).click();
    await page.locator('[data-test=preview]').getByText('bob').waitFor();
    await alice.looks('system-mandatory-group-en');
    await page.getByRole('button', { name: 'Save' }).click();
    await alice.stepsUp({ secret });
    await page.getByText('Saved.').waitFor();
  });

  await t.test('he is made to enrol, on his phone, where this very page is open', async () => {
    const bob = await stage.visitor(t, PHONE);
    await bob.password('bob', 'builder');
    await bob.page.getByText('An administrator requires a second step').waitFor();
    await bob.page.reload();
    await bob.page.getByRole('button', { name: 'Start' }).click();
    await bob.page.locator('.qr').waitFor();
    await bob.looks('second-step-enrol-en-360');
    await enrols(bob, 'I have saved them: sign in');
    await bob.isIn('bob');
  });

  await t.test(
    'she forgets the password; the mailbox resets it, and the second step is still asked',
    async () => {
      await alice.signsOut();
      await page.getByRole('link', { name: 'Forgot password?' }).click();
      await page.getByLabel('Name').fill('alice');
      await page.getByRole('button', { name: 'Mail me a code' }).click();
      await page.getByLabel('Code').fill(await stage.mailedCode(/^Password reset/));
      await page.getByLabel('New password').fill('looking-glass');
      await page.getByRole('button', { name: 'Change the password' }).click();
      await page.getByRole('heading', { name: 'Password changed' }).waitFor();
      await alice.password('alice', 'looking-glass');
      await page.getByRole('button', { name: 'Unable to access your codes?' }).click();
      // For 72 hours the mailbox alone passes no second step.
      const mail = page.getByRole('button', { name: /^Mail an Emergency/ });
      if ((await mail.count()) > 0) {
        await mail.click();
        await page.getByText('in the last 72 hours').waitFor();
      }
      await page
        .getByRole('button', { name: /^(Back|Use the authenticator app)$/ })
        .first()
        .click();
      await field(page).fill(alice.next({ secret }));
      await alice.isIn('alice');
    },
  );
});
