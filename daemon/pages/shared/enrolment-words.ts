// Owns the words of enrolling a phone and of recovery codes, on whichever page.

import type { Both } from './both.ts';

const en = {
  scan: 'Scan the QR code with an authenticator app',
  apps: 'Any app for one-time passwords will do: Google Authenticator, Microsoft Authenticator, Authy, 2FAS, Aegis, Bitwarden, 1Password, Apple Passwords (Settings → Passwords).',
  hints: 'Where is it in my app?',
  hint: [
    ['Google Authenticator', 'the plus sign, then “Scan a QR code”'],
    ['Microsoft Authenticator', 'the plus sign, then “Other account”'],
    ['Authy, 2FAS, Aegis', 'the plus sign, then “Scan QR code”'],
    ['Apple Passwords', 'point the Camera at the code, or press and hold it on this page'],
    ['1Password, Bitwarden', 'edit the entry of this NAS and add a one-time password (TOTP)'],
  ] as [string, string][],
  qr: 'QR code for the authenticator app',
  same: 'Is this page open on the phone itself?',
  open: 'Open in the authenticator app',
  byHand: 'Or type them in by hand',
  account: 'Account',
  secret: 'Secret Key',
  kind: 'If the app asks: time-based, 6 digits, 30 seconds, SHA-1.',
  first: 'Type the code that the app shows',
  firstHint: 'It proves that the app has the right secret and the right time.',
  confirm: 'Confirm',
  working: 'Checking …',
  codesTitle: 'Save your recovery codes',
  codesIntro:
    'They get you back in without the phone. Each works once. They are shown only now: print them, or keep them where you keep your passwords.',
  codesLabel: 'Recovery codes',
  download: 'Download',
  print: 'Print',
  file: (account: string) => `Recovery codes for ${account}`,
  done: 'I have saved them',
};

export type EnrolmentWords = typeof en;

const zh: EnrolmentWords = {
  scan: '使用身份验证器应用扫描二维码',
  apps: '任何支持一次性密码的应用均可：Google Authenticator、Microsoft Authenticator、Authy、2FAS、Aegis、Bitwarden、1Password、Apple“密码”等。',
  hints: '在我的应用中如何操作？',
  hint: [
    ['Google Authenticator', '点按加号，然后选择“扫描二维码”'],
    ['Microsoft Authenticator', '点按加号，然后选择“其他帐户”'],
    ['Authy、2FAS、Aegis', '点按加号，然后选择扫描二维码'],
    ['Apple“密码”', '用相机对准二维码，或在此页面上长按二维码'],
    ['1Password、Bitwarden', '编辑此 NAS 的条目，添加一次性密码 (TOTP)'],
  ],
  qr: '身份验证器应用的二维码',
  same: '正在手机上打开此页面？',
  open: '在身份验证器应用中打开',
  byHand: '或手动输入',
  account: '帐户',
  secret: '密钥',
  kind: '如应用询问：基于时间、6 位数字、30 秒、SHA-1。',
  first: '输入应用显示的验证码',
  firstHint: '用于确认应用中的密钥和时间正确。',
  confirm: '确认',
  working: '正在验证…',
  codesTitle: '保存您的恢复码',
  codesIntro:
    '没有手机时可使用恢复码登录，每个只能使用一次。恢复码仅在此时显示：请打印，或与您的密码一起妥善保存。',
  codesLabel: '恢复码',
  download: '下载',
  print: '打印',
  file: (account) => `${account} 的恢复码`,
  done: '我已保存',
};

export const ENROLMENT: Both<EnrolmentWords> = { en, zh };
