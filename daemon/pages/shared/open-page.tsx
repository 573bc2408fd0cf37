// Owns how a page begins, and that nothing of it is left for who comes back to it.

import { type ComponentChildren, render } from 'preact';
import type { Both } from './both.ts';
import { LanguageProvider } from './language.tsx';

/**
 * Draws the page. A browser may keep a page that was left, as it looked, and show it again to whoever presses Back: a
 * secret key or recovery codes after the sign-out. So it is emptied on leaving, and loaded anew on coming back.
 */
export function openPage(titles: Both<string>, content: ComponentChildren): void {
  const root = document.getElementById('app');
  if (!root) return;
  root.replaceChildren();
  render(<LanguageProvider titles={titles}>{content}</LanguageProvider>, root);
  addEventListener('pagehide', ({ persisted }) => {
    if (persisted) root.replaceChildren();
  });
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload();
  });
}
