// Owns the words of the second-step page.

import type { Both } from '../shared/both.ts';

const en = {
  title: 'Two-step verification',
  as: (user: string) => `Signing in as ${user}`,
  verify: 'Verify',
  working: 'Checking …',
  trust: 'Trust this device',
  trustHint: 'It will not be asked for a code next time. Only on a device that nobody else uses.',
  trustEnded: (why: string) => `This device was trusted and is asked again: ${why}.`,
  trustEndedAt: (time: string, why: string) => `This device was trusted until ${time}: ${why}.`,
  device: 'Name of this device',
  deviceOn: (browser: string, system: string) => `${browser} on ${system}`,
  unable: 'Unable to access your codes?',
  waysTitle: 'Other ways to sign in',
  useTotp: 'Use the authenticator app',
  useRecovery: 'Use a recovery code',
  useMail: (address: string) => `Mail an Emergency Verification Code to ${address}`,
  noMail: 'This account has no confirmed Security Email, so no code can be mailed.',
  mailCode: 'Emergency Verification Code',
  mailSent: (address: string, minutes: number) =>
    `A code was sent to ${address}. It is valid for ${minutes} minutes and for this sign-in only.`,
  mailQueued: (address: string, minutes: number) =>
    `The mail to ${address} is on its way, but the mail server did not take it yet. The code is valid for ${minutes} minutes.`,
  mailAgain: 'Send a new code',
  mailSending: 'Sending …',
  mailHint: '8 letters and digits. Look in the spam folder too.',
  mailRefused: {
    'no-security-email':
      'This account has no confirmed Security Email, so no code can be mailed. Use a recovery code, or ask an administrator for a one-time pass.',
    'recent-reset':
      'The password was reset by mail in the last 72 hours, so a mailed code is not enough now. Use the app or a recovery code.',
    'mail-not-set-up': 'This NAS cannot send mail at present. Use a recovery code, or ask an administrator.',
  } as Record<string, string>,
  askAdministrator:
    'None of these? An administrator of this NAS can hand you a one-time pass, which you type as a recovery code.',
  clock: 'Is it the clock?',
  clockIntro:
    'Codes depend on the time. Compare your phone with the time below: it should differ by less than half a minute.',
  clockNetwork: 'Network time',
  clockNas: 'Clock of the NAS',
  clockBrowser: 'This browser',
  clockPhone: 'Your phone should show',
  clockNone: 'not known: no time server answers',
  clockFine:
    'The NAS and this browser agree. If your phone shows another time, switch on automatic time there.',
  clockOff: (what: string, by: string) => `${what} is off by ${by}.`,
  clockJudged: 'Codes are judged by network time, so a wrong clock of the NAS does no harm.',
  expiredTitle: 'This sign-in is over',
  expired:
    'It was open for 15 minutes, or the NAS was restarted. Nothing is lost: begin again with the password.',
  changed:
    'Something about this account changed meanwhile, so this sign-in is over. Begin again with the password.',
  answered:
    'This sign-in was completed already, perhaps in another tab. Begin again with the password if you are not in.',
  again: 'Begin again',
  nothingTitle: 'Nothing to verify here',
  nothing: 'This page is opened by the sign-in of the NAS, after the password. Start there.',
  done: 'Verified. Signing you in …',
  enrolTitle: 'Set up two-step verification',
  enrolIntro:
    'An administrator requires a second step for this account. It takes about a minute, and you need your phone.',
  enrolStart: 'Start',
  codesNext: 'I have saved them: sign in',
};

export type Words = typeof en;

const zh: Words = {
  title: '双重验证',
  as: (user) => `正在以 ${user} 的身份登录`,
  verify: '验证',
  working: '正在验证…',
  trust: '信任此设备',
  trustHint: '下次登录时不再要求验证码。请仅在只有您本人使用的设备上勾选。',
  trustEnded: (why) => `此设备曾受信任，现在需要重新验证：${why}。`,
  trustEndedAt: (time, why) => `此设备的信任已于 ${time} 结束：${why}。`,
  device: '此设备的名称',
  deviceOn: (browser, system) => `${system} 上的 ${browser}`,
  unable: '无法获取验证码？',
  waysTitle: '其他登录方式',
  useTotp: '使用身份验证器应用',
  useRecovery: '使用恢复码',
  useMail: (address) => `将紧急验证码发送至 ${address}`,
  noMail: '此帐户没有已确认的安全邮箱，无法发送验证码。',
  mailCode: '紧急验证码',
  mailSent: (address, minutes) => `验证码已发送至 ${address}，${minutes} 分钟内有效，仅用于本次登录。`,
  mailQueued: (address, minutes) =>
    `发往 ${address} 的邮件正在发送，邮件服务器尚未接收。验证码 ${minutes} 分钟内有效。`,
  mailAgain: '重新发送',
  mailSending: '正在发送…',
  mailHint: '8 位字母和数字。请同时检查垃圾邮件文件夹。',
  mailRefused: {
    'no-security-email':
      '此帐户没有已确认的安全邮箱，无法发送验证码。请使用恢复码，或向管理员索取一次性通行码。',
    'recent-reset':
      '密码在过去 72 小时内通过邮件重置过，目前仅凭邮件验证码不足以登录。请使用验证器应用或恢复码。',
    'mail-not-set-up': '此 NAS 目前无法发送邮件。请使用恢复码，或联系管理员。',
  },
  askAdministrator: '都不可用？此 NAS 的管理员可以为您提供一次性通行码，在恢复码处输入即可。',
  clock: '是时间的问题吗？',
  clockIntro: '验证码取决于时间。请将手机与下面的时间比较：相差应小于半分钟。',
  clockNetwork: '网络时间',
  clockNas: 'NAS 时钟',
  clockBrowser: '此浏览器',
  clockPhone: '您的手机应显示',
  clockNone: '未知：没有时间服务器响应',
  clockFine: 'NAS 与此浏览器的时间一致。如果手机显示的时间不同，请在手机上开启自动设置时间。',
  clockOff: (what, by) => `${what}相差${by}。`,
  clockJudged: '验证码按网络时间判断，因此 NAS 时钟不准不会影响登录。',
  expiredTitle: '本次登录已结束',
  expired: '登录已打开超过 15 分钟，或 NAS 已重新启动。没有任何损失，请重新输入密码登录。',
  changed: '此帐户的设置已更改，本次登录已结束。请重新输入密码登录。',
  answered: '本次登录已完成，可能是在另一个标签页中。如果您尚未登录，请重新输入密码。',
  again: '重新登录',
  nothingTitle: '此处没有需要验证的内容',
  nothing: '此页面由 NAS 登录流程在输入密码后打开。请从登录页面开始。',
  done: '验证成功，正在登录…',
  enrolTitle: '设置双重验证',
  enrolIntro: '管理员要求此帐户使用双重验证。大约需要一分钟，请准备好手机。',
  enrolStart: '开始',
  codesNext: '我已保存恢复码，继续登录',
};

export const SECOND_STEP: Both<Words> = { en, zh };
