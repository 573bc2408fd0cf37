// Owns the words of the users.

import type { Both } from '../shared/both.ts';

const en = {
  title: 'Users',
  search: 'Search',
  none: 'No user fits.',
  open: (name: string) => `Open ${name}`,
  back: 'All users',
  states: {
    enrolled: 'uses two-factor',
    'not-enrolled': 'not enrolled',
    'state-lost': 'state lost',
    'identity-changed': 'another account now',
    removed: 'removed',
  } as Record<string, string>,
  required: 'required',
  administrator: 'administrator',
  notReady: 'could not get back in',
  suspended: 'one-time passwords suspended',
  pairs: 'two codes are asked for',
  facts: {
    uid: 'User number',
    enrolledAt: 'Enrolled',
    lastLogin: 'Last sign-in',
    enrolBy: 'Has to enrol by',
    recoveryCodes: 'Recovery codes',
    securityEmail: 'Security Email',
    trustedDevices: 'Trusted devices',
    failures: 'Wrong codes in a row',
    pass: 'One-time pass until',
  },
  noEmail: 'none',
  passTitle: 'One-time pass',
  passText:
    'One code that gets this user in once, within 24 hours, in place of the phone. Make sure that you speak with the right person.',
  passMake: 'Make a pass',
  passMade: (time: string) =>
    `Type it as a recovery code. It is shown only now and works once, until ${time}.`,
  resetTitle: 'Reset',
  resetText:
    'Takes the second factor away: the phone, the recovery codes and the trusted devices end, and the user enrols anew.',
  reset: 'Reset two-factor',
  resetAsk: (name: string) =>
    `Reset two-factor of ${name}? The password alone will then open the account, unless two-factor is mandatory.`,
  failures: 'Forget wrong codes',
  failuresText: 'Only forgets the wrong codes that somebody typed, and opens one-time passwords again.',
  reason: 'Reason',
  reasonHint: 'Kept in the activity, with your name.',
  done: 'Done.',
  devices: 'Trusted devices',
  revokeAll: 'Revoke all devices',
  problems: {
    'root-only':
      'You cannot do this to yourself, and root alone can forget accounts. Ask another administrator, or use the command line.',
    'not-enrolled': 'This user has not enrolled, or you have not: it needs a fresh second step of yours.',
    'malformed-request': 'Give a reason: one line, 200 characters at most.',
  } as Record<string, string>,
};

type Words = typeof en;

const zh: Words = {
  title: '用户',
  search: '搜索',
  none: '没有符合条件的用户。',
  open: (name) => `打开 ${name}`,
  back: '所有用户',
  states: {
    enrolled: '已启用双重验证',
    'not-enrolled': '未启用',
    'state-lost': '状态丢失',
    'identity-changed': '已是另一个帐户',
    removed: '已删除',
  },
  required: '必须启用',
  administrator: '管理员',
  notReady: '无法自行恢复登录',
  suspended: '一次性验证码已停用',
  pairs: '需要连续两个验证码',
  facts: {
    uid: '用户编号',
    enrolledAt: '启用时间',
    lastLogin: '上次登录',
    enrolBy: '须启用的期限',
    recoveryCodes: '恢复码',
    securityEmail: '安全邮箱',
    trustedDevices: '受信任的设备',
    failures: '连续错误次数',
    pass: '一次性通行码有效期至',
  },
  noEmail: '无',
  passTitle: '一次性通行码',
  passText: '一个可在 24 小时内代替手机登录一次的代码。请确认您在与本人沟通。',
  passMake: '生成通行码',
  passMade: (time) => `请在恢复码处输入。仅在此时显示，只能使用一次，有效期至 ${time}。`,
  resetTitle: '重置',
  resetText: '移除双重验证：手机、恢复码和受信任的设备均失效，用户需重新启用。',
  reset: '重置双重验证',
  resetAsk: (name) => `确定重置 ${name} 的双重验证吗？除非强制使用双重验证，否则此后仅凭密码即可登录。`,
  failures: '清除错误记录',
  failuresText: '仅清除输入错误的记录，并重新启用一次性验证码。',
  reason: '原因',
  reasonHint: '将与您的名字一起保存在活动记录中。',
  done: '已完成。',
  devices: '受信任的设备',
  revokeAll: '撤销所有设备',
  problems: {
    'root-only': '您不能对自己执行此操作，且只有 root 可以清除帐户。请联系其他管理员，或使用命令行。',
    'not-enrolled': '此用户未启用双重验证，或您自己未启用：此操作需要您的新验证码。',
    'malformed-request': '请填写原因：一行，最多 200 个字符。',
  },
};

export const USERS: Both<Words> = { en, zh };
