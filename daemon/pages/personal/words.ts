// Owns the words of Personal Settings.

import type { Both } from '../shared/both.ts';

const en = {
  title: 'Account security',
  of: (name: string) => `Signed in as ${name}`,
  factor: 'Two-factor authentication',
  on: 'On',
  off: 'Off',
  required: 'Required',
  offText:
    'After your password, the NAS will ask for a one-time password from an app on your phone. A stolen password alone then opens nothing.',
  enrolBy: (time: string) => `An administrator requires it for your account. Switch it on by ${time}.`,
  mustEnrol: 'An administrator requires it for your account.',
  enable: 'Enable Now',
  since: (time: string) => `On since ${time}.`,
  lastLogin: (time: string) => `Last sign-in with it: ${time}.`,
  drift:
    'The clock of your phone is off by about half a minute. It still works; switch on automatic time on the phone.',
  replace: 'Replace the phone',
  replaceText:
    'Until the first code of the new phone is confirmed, the old one counts. Then the old one and its recovery codes end.',
  turnOff: 'Turn off',
  turnOffAsk:
    'Turn two-factor authentication off? Your password alone will open this account, and trusted devices and recovery codes end.',
  mandatory:
    'It cannot be turned off, because an administrator requires it. A new phone can take the place of the old one.',
  codes: 'Recovery codes',
  codesLeft: (count: number) => (count === 1 ? '1 code left' : `${count} codes left`),
  codesText: 'Each gets you in once without your phone.',
  codesLow: 'Few are left. Make new ones while you can get in.',
  codesNew: 'Make new codes',
  codesAsk: 'Make ten new recovery codes? The old ones end.',
  email: 'Security Email',
  emailText:
    'If you cannot use your phone, the NAS mails an Emergency Verification Code there. Choose a mailbox whose password is not kept on this NAS alone.',
  emailNone: 'Not set',
  emailConfirmed: 'Confirmed',
  emailPending: 'Waiting to be confirmed',
  emailPendingText: (address: string) =>
    `A code was sent to ${address}. Type it here; until then nothing changes.`,
  emailAddress: 'Address',
  emailSet: 'Send a code',
  emailChange: 'Change',
  emailRemove: 'Remove',
  emailRemoveAsk: 'Remove the Security Email? Without it no code can be mailed to you.',
  emailCode: 'Code from the mail',
  emailConfirm: 'Confirm',
  devices: 'Trusted devices',
  devicesText:
    'A trusted device is not asked for a code. Trust one with the tick below the code when you sign in.',
  devicesNone: 'No device is trusted.',
  deviceSeen: (since: string, used: string, until: string) =>
    `Since ${since}, last used ${used}, until ${until}`,
  revoke: 'Revoke',
  revokeNamed: (name: string) => `Revoke ${name}`,
  revokeAll: 'Revoke all',
  revokeAllAsk: 'Revoke all devices? Each will be asked for a code next time, this one too.',
  ended: 'Not trusted any more',
  activity: 'Activity',
  mail: {
    'no-security-email': 'You have no confirmed Security Email.',
    'recent-reset':
      'Your password was reset by mail in the last 72 hours, so the Security Email cannot be used for this now.',
    'mail-not-set-up':
      'This NAS cannot send mail at present: an administrator sets up the email service first.',
    'mail-failed':
      'The mail server refused the mail. An administrator finds the reason under System Settings, Email service.',
  } as Record<string, string>,
  problems: {
    'malformed-address': 'This is not an email address. It looks like name@example.com.',
    'mailed-code-refused':
      'This code is not right, or not valid any more. Type the newest one, or ask for another.',
    'mail-not-sent': 'The mail could not be sent. Nothing was changed.',
    'factor-mandatory': 'It cannot be turned off, because an administrator requires it.',
    'enrolment-refused':
      'This code is not that of the new secret, or the clock of your phone is off. Switch on automatic time on the phone, then type the code it shows now.',
    'no-enrolment': 'The QR code is too old. Start again with a new one.',
    'malformed-code': 'A one-time password has six digits.',
    'not-enrolled': 'This needs a fresh second step, and you have none yet. Enable two-factor first.',
  } as Record<string, string>,
};

export type Words = typeof en;

const zh: Words = {
  title: '帐户安全',
  of: (name) => `当前用户：${name}`,
  factor: '双重验证',
  on: '已启用',
  off: '未启用',
  required: '必须启用',
  offText: '输入密码后，NAS 还会要求输入手机应用显示的一次性验证码。这样，即使密码被盗也无法登录。',
  enrolBy: (time) => `管理员要求您的帐户使用双重验证，请在 ${time} 前启用。`,
  mustEnrol: '管理员要求您的帐户使用双重验证。',
  enable: '立即启用',
  since: (time) => `启用时间：${time}。`,
  lastLogin: (time) => `上次使用验证码登录：${time}。`,
  drift: '您的手机时钟大约相差半分钟。目前仍可使用，请在手机上开启自动设置时间。',
  replace: '更换手机',
  replaceText: '在确认新手机的第一个验证码之前，旧手机仍然有效。确认后，旧手机及其恢复码失效。',
  turnOff: '停用',
  turnOffAsk: '确定停用双重验证吗？此后仅凭密码即可登录，受信任的设备和恢复码将失效。',
  mandatory: '管理员要求使用双重验证，因此无法停用。您可以用新手机替换旧手机。',
  codes: '恢复码',
  codesLeft: (count) => `剩余 ${count} 个`,
  codesText: '没有手机时，每个恢复码可登录一次。',
  codesLow: '恢复码所剩不多，请趁现在能够登录时重新生成。',
  codesNew: '生成新的恢复码',
  codesAsk: '生成十个新的恢复码？旧的恢复码将失效。',
  email: '安全邮箱',
  emailText: '无法使用手机时，NAS 会将紧急验证码发送到此邮箱。请选择密码不只保存在此 NAS 上的邮箱。',
  emailNone: '未设置',
  emailConfirmed: '已确认',
  emailPending: '等待确认',
  emailPendingText: (address) => `验证码已发送至 ${address}。请在此输入；确认之前不会有任何更改。`,
  emailAddress: '邮箱地址',
  emailSet: '发送验证码',
  emailChange: '更改',
  emailRemove: '移除',
  emailRemoveAsk: '确定移除安全邮箱吗？移除后将无法向您发送验证码。',
  emailCode: '邮件中的验证码',
  emailConfirm: '确认',
  devices: '受信任的设备',
  devicesText: '受信任的设备登录时不需要验证码。登录时勾选验证码下方的选项即可信任设备。',
  devicesNone: '没有受信任的设备。',
  deviceSeen: (since, used, until) => `添加于 ${since}，上次使用 ${used}，有效期至 ${until}`,
  revoke: '撤销',
  revokeNamed: (name) => `撤销 ${name}`,
  revokeAll: '全部撤销',
  revokeAllAsk: '撤销所有设备？每台设备（包括此设备）下次登录都需要验证码。',
  ended: '不再受信任',
  activity: '活动记录',
  mail: {
    'no-security-email': '您没有已确认的安全邮箱。',
    'recent-reset': '您的密码在过去 72 小时内通过邮件重置过，目前无法使用安全邮箱进行此操作。',
    'mail-not-set-up': '此 NAS 目前无法发送邮件：请管理员先设置邮件服务。',
    'mail-failed': '邮件服务器拒绝了邮件。管理员可在“系统设置 - 邮件服务”中查看原因。',
  },
  problems: {
    'malformed-address': '这不是有效的邮箱地址，格式应为 name@example.com。',
    'mailed-code-refused': '验证码不正确或已失效。请输入最新的验证码，或重新获取。',
    'mail-not-sent': '邮件未能发送，未做任何更改。',
    'factor-mandatory': '管理员要求使用双重验证，因此无法停用。',
    'enrolment-refused':
      '验证码与新密钥不符，或手机时钟不准。请在手机上开启自动设置时间，然后输入当前显示的验证码。',
    'no-enrolment': '二维码已过期，请重新开始。',
    'malformed-code': '一次性验证码为六位数字。',
    'not-enrolled': '此操作需要双重验证，请先启用双重验证。',
  },
};

export const PERSONAL: Both<Words> = { en, zh };
