// Owns the page of `fygo-2fa serve` in the help; running it is main.ts's.

import type { Page } from './command.ts';

export const serve: Page = {
  words: ['serve'],
  takesName: false,
  flags: {
    check: { help: 'Only look whether it could start, and say what is wrong' },
    role: { value: 'ROLE', help: 'Serve a helper in place of the daemon: time, mail or set-clock' },
  },
  summary: 'The daemon itself; systemd starts it',
  details: [],
};
