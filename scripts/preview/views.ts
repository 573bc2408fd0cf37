// Owns the preview's own pages: the login form, the home page, and a refusal at the password.

import type { Person } from './gateway.ts';
import { html, page } from './html.ts';

export function loginPage(people: readonly Person[], error: string | null): string {
  const known = people.map(
    ({ name, password, administrator }) =>
      html`<li>${name}, password <code>${password}</code> (${administrator ? 'administrator' : 'standard user'})</li>`,
  );
  return page(
    'Sign in',
    html`<h1>Sign in to Fygo NAS</h1>
${error === null ? null : html`<p class="note bad" role="alert">${error}</p>`}
<form method="post" action="/login" class="stack">
<label class="field">Name<input class="input" name="user" autocomplete="username" required autofocus></label>
<label class="field">Password<input class="input" name="password" type="password" autocomplete="current-password" required></label>
<button class="button main full">Sign in</button></form>
<p><a href="/forgot">Forgot password?</a></p>
<div class="small soft"><p>Demonstration users:</p><ul>${known}</ul></div>`,
  );
}

export function homePage({ name, administrator }: Person): string {
  return page(
    'Fygo NAS',
    html`<h1>Welcome, <span data-test="user">${name}</span></h1>
<p>You are signed in.</p>
<p><a class="button full" href="/personal">Personal Settings</a></p>
${administrator ? html`<p><a class="button full" href="/system">System Settings</a></p>` : null}
<form method="post" action="/logout"><button class="button full">Sign out</button></form>`,
  );
}

export function deniedPage(because: string): string {
  return page(
    'Not signed in',
    html`<h1>Not signed in</h1><p>The daemon or this gateway said: <code data-test="because">${because}</code></p>
<p><a href="/troubleshooting#${because}">What does it mean?</a></p><p><a class="button main" href="/">Begin again</a></p>`,
  );
}
