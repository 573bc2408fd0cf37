// Owns the attacks on the pages: another site that frames, posts or links, and somebody who comes back to a page that was left.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { readLink } from '../../daemon/pages/second-step/link.ts';
import { noStage, theatre } from './stage.ts';
import { codeField, oathtool } from './visitor.ts';

/** Runs what makes the page go away: its answer is not waited for, since it may never come. */
function leave(page: Page, script: string): void {
  page.evaluate(script).catch(() => {});
}

const skip = noStage();
const house = theatre(skip);

/** Another site that answers everything with such a page. To a browser it is the same site, so that cookies do go along. */
async function evil(t: TestContext, html: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('another site frames no page', { skip }, async (t) => {
  const { stage } = house;
  const pages = ['second-step', 'personal', 'system', 'troubleshooting'];
  const frames = pages.map((path) => `<iframe src="${stage.url}${path}"></iframe>`).join('');
  const site = await evil(t, frames);
  const visitor = await stage.visitor(t);
  const refused = new Set<string>();
  visitor.page.on('console', (message) => {
    if (/frame-ancestors/.test(message.text())) refused.add(message.text());
  });
  await visitor.page.goto(site, { waitUntil: 'load' });
  for (const frame of visitor.page.frames().slice(1)) assert.match(frame.url(), /^chrome-error:/);
  assert.equal(visitor.page.frames().length, pages.length + 1);
  assert.ok(refused.size > 0);
  stage.complaints.length = 0;
});

test('another site posts in the name of who is signed in: nothing is done', { skip }, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const phone = await stage.bench.enrolled(name);
  const bob = await stage.visitor(t);
  await bob.signsIn(name, phone);
  const form = (path: string, fields: string) =>
    `<form method="post" enctype="text/plain" action="${stage.url}${path}">${fields}</form>`;
  const json = '<input name=\'{"code":"123456","x":"\' value=\'"}\'>';
  const paths = ['api/v1/me/enrolment', 'api/v1/me/devices/revoke', 'api/v1/second-step/answer', 'logout'];
  const site = await evil(t, paths.map((path) => form(path, json)).join(''));
  for (const [n, path] of paths.entries()) {
    await bob.page.goto(site);
    const answered = bob.page.waitForResponse(`${stage.url}${path}`);
    leave(bob.page, `document.forms[${n}].submit()`);
    const reply = await answered;
    assert.equal(reply.status(), 403, path);
    assert.match(await reply.text(), /cross-site|another site/, path);
  }
  // Read by a script: the answer is not for it.
  await bob.page.goto(site);
  const read = await bob.page.evaluate(
    `fetch('${stage.url}api/v1/me', { credentials: 'include' }).then(() => 'read', () => 'refused')`,
  );
  assert.equal(read, 'refused');
  await bob.page.goto(stage.url);
  await bob.isIn(name);
  stage.complaints.length = 0;
});

test('a proof that another site brings signs nobody in: not as its bringer, not as anybody', {
  skip,
}, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const phone = await stage.bench.enrolled(name);
  // The attacker has completed a login of his own on the page, and keeps its proof.
  const login = await stage.bench.challenged(name);
  const code = phone.code(stage.bench.now);
  const { body } = await stage.bench.page('answer', { login, user: name, method: 'totp', code });
  const proof = (body as { proof?: string }).proof ?? assert.fail('no proof');
  const fields = `<input name="login" value="${login}"><input name="proof" value="${proof}">`;
  const site = await evil(t, `<form method="post" action="${stage.url}login/complete">${fields}</form>`);
  const victim = await stage.visitor(t);
  const { page } = victim;
  await page.goto(stage.url);
  await page.goto(site);
  leave(page, 'document.forms[0].submit()');
  await page.getByText('From another site').waitFor();
  // The same from a page of the NAS itself, should one ever be made to: this browser began no such login.
  await page.goto(stage.url);
  leave(
    page,
    `document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(
      `<form id="x" method="post" action="/login/complete">${fields}</form>`,
    )}); document.getElementById('x').submit()`,
  );
  await page.locator('[data-test=because]', { hasText: 'not-begun-here' }).waitFor();
  await page.goto(stage.url);
  assert.equal(await page.locator('[data-test=user]').count(), 0);
});

test('a link leads nowhere but to a path of this site, however it is written', () => {
  const origin = 'https://nas.local:5001';
  const login = 'A'.repeat(43);
  const linked = (where: object) =>
    readLink(`#${new URLSearchParams({ login, user: 'x', ...where })}`, origin);
  const elsewhere = [
    '//evil.example/',
    '/.//evil.example/',
    '/a/..//evil.example/',
    '/%2e//evil.example/',
    '/\\evil.example',
    '/.\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\u0000//evil.example',
    '///evil.example',
    '//[',
    'https://evil.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'evil.example',
    '',
  ];
  for (const to of elsewhere) {
    for (const url of [linked({ return: to })?.proofTo, linked({ return: '/done', again: to })?.again]) {
      // What is taken at all stays here when the browser resolves it.
      if (url !== undefined) assert.equal(new URL(url, origin).origin, origin, JSON.stringify(to));
    }
  }
  assert.equal(linked({ return: '/.//evil.example/' }), null);
  assert.equal(linked({ return: '/done', again: '/.//evil.example/' })?.again, '/');
  assert.equal(linked({ return: '/login/complete?x=1' })?.proofTo, '/login/complete?x=1');
  assert.equal(readLink(`#login=${'A'.repeat(42)}&user=x&return=/`, origin), null);
});

test('Back shows nothing of a page that was left: no secret key, no recovery codes', { skip }, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const bob = await stage.visitor(t);
  const { page } = bob;
  await bob.password(name);
  await bob.isIn(name);
  await page.goto(`${stage.url}personal`);
  await page.getByRole('button', { name: 'Enable Now' }).click();
  await page.locator('.qr').waitFor();
  const secret = await bob.reads('secret');
  await codeField(page).fill(oathtool(secret, stage.bench.now));
  await page.locator('[data-test=recovery-codes] li').nth(9).waitFor();
  const [code = ''] = await page.locator('[data-test=recovery-codes] li').allInnerTexts();
  await bob.signsOut();
  await page.goBack();
  await page.goBack();
  const signedOut = page.getByRole('alert').getByText('You are not signed in any more');
  await signedOut.waitFor();
  const left = await page.content();
  assert.ok(!left.includes(code) && !left.includes(secret));
  // What the browser keeps on disk and in its storage: no code, no key, no login.
  const stored = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
  assert.doesNotMatch(String(stored), new RegExp(`${code}|${secret}`));
  // A browser that keeps whole pages tells them so: then nothing is left in the one that it keeps.
  await page.evaluate(`dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))`);
  assert.equal(await page.locator('#app').innerHTML(), '');
  // It is loaded anew, and waited for until it is drawn: the browser does not close a page that is on its way.
  leave(page, `dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`);
  await signedOut.waitFor();
});
