// Owns the words of the fresh second step.

import type { Both } from './both.ts';

const en = {
  title: 'Confirm that it is you',
  why: 'This changes how your account is protected, so it needs a fresh code. It holds for five minutes on this page.',
  confirm: 'Confirm',
  useTotp: 'Use the authenticator app',
  useRecovery: 'Use a recovery code',
  useMail: 'Phone lost? Mail me a code',
  mailCode: 'Mailed code',
  mailed: (address: string) => `A code was sent to ${address}. It is good for a new phone only.`,
  notMailed: {
    'no-security-email':
      'You have no confirmed Security Email, so no code can be mailed. Use a recovery code.',
    'recent-reset':
      'Your password was reset by mail in the last 72 hours, so a mailed code is not enough now. Use a recovery code.',
    'mail-not-set-up': 'This NAS cannot send mail at present. Use a recovery code, or ask an administrator.',
    'mail-failed': 'The mail could not be sent. Use a recovery code, or ask an administrator.',
  } as Record<string, string>,
};

type Words = typeof en;

const zh: Words = {
  title: '确认是您本人',
  why: '此操作会更改帐户的保护方式，需要新的验证码。确认后在此页面上五分钟内有效。',
  confirm: '确认',
  useTotp: '使用身份验证器应用',
  useRecovery: '使用恢复码',
  useMail: '手机丢失？通过邮件获取验证码',
  mailCode: '邮件验证码',
  mailed: (address) => `验证码已发送至 ${address}，仅可用于更换手机。`,
  notMailed: {
    'no-security-email': '您没有已确认的安全邮箱，无法发送验证码。请使用恢复码。',
    'recent-reset': '您的密码在过去 72 小时内通过邮件重置过，目前仅凭邮件验证码不够。请使用恢复码。',
    'mail-not-set-up': '此 NAS 目前无法发送邮件。请使用恢复码，或联系管理员。',
    'mail-failed': '邮件未能发送。请使用恢复码，或联系管理员。',
  },
};

export const STEP_UP: Both<Words> = { en, zh };
