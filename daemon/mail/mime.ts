// Owns how a letter becomes the bytes that a mail server is handed.

import type { MailMessage } from '../wire/mail.ts';

/** RFC 5322 and MIME: plain text and HTML of the same words. Nothing is fetched or read from files for it. */
export async function toMime(message: MailMessage): Promise<Buffer> {
  // Needed once in a while, and it costs memory: loaded when it is.
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const { from, to, subject, text, html, messageId, date } = message;
  return new MailComposer({
    from,
    to: { name: '', address: to },
    subject,
    text,
    html,
    messageId,
    date: new Date(date),
    // RFC 3834: no holiday notice answers a code.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}
