// Owns `fygo-2fa openapi`.

import type { Command } from './command.ts';

export const openapi: Command = {
  words: ['openapi'],
  takesName: false,
  flags: {},
  summary: 'The OpenAPI 3.1 documents of every socket, as JSON',
  details: [
    'One JSON document with the name of each socket in front of its document, with or without --json.',
  ],
  async run({ admin, say }) {
    const { body } = await admin.call('openapi', {});
    say.json(body);
    return 0;
  },
};
