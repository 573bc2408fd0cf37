// Owns the words that several pages say.

import type { Both } from './both.ts';

/** A length of time in the unit that says it in the fewest digits without losing what matters. */
function inUnits(seconds: number): readonly [count: number, unit: 'second' | 'minute' | 'hour' | 'day'] {
  if (seconds < 90) return [seconds, 'second'];
  if (seconds < 90 * 60) return [Math.round(seconds / 60), 'minute'];
  if (seconds < 36 * 3600) return [Math.round(seconds / 3600), 'hour'];
  return [Math.round(seconds / 86_400), 'day'];
}

const en = {
  help: 'Troubleshooting',
  copy: 'Copy',
  copied: 'Copied',
  cancel: 'Cancel',
  back: 'Back',
  more: 'What to do',
  loading: 'Loading …',
  retry: 'Try again',
  table: (of: string) => `${of}: table`,
  unreachable:
    'The NAS does not answer. Check that it is running and that you are on its network, then try again.',
  signedOut: 'You are not signed in any more. Sign in again, then come back to this page.',
  failed:
    'That did not work. Try again; if it keeps failing, an administrator finds the reason in the log of the NAS.',
  wait: (seconds: number) => `Please wait ${seconds} second${seconds === 1 ? '' : 's'}.`,
  code: 'One-time password',
  codeHint: 'The six digits that your authenticator app shows now.',
  firstOf: (number: number, of: number) => `Code ${number} of ${of}`,
  sixDigits: 'A one-time password has six digits.',
  recoveryCode: 'Recovery code',
  recoveryHint: '16 letters and digits, as you saved them. Each code works once.',
  pairTitle: 'Two codes in a row are needed',
  pair: 'There were many wrong codes for this account, so one code is not enough for now. Type the code your app shows, wait until it changes, and type the next one.',
  tripleTitle: 'Three codes in a row are needed',
  triple:
    'This NAS has lost the time. Type the code your app shows now and the next two, as they appear: about one minute in all. A recovery code works as always.',
  refused: {
    'wrong-code':
      'This code is not right. Type the one that the app shows now, for this NAS and this account.',
    'used-code': 'This code has been used already, and each code works once. Wait for the next one.',
    'expired-code': 'This mailed code is not valid any more. Ask for a new one.',
    'form-required': 'One code is not enough for now.',
    'login-changed':
      'Something about this account changed meanwhile, so this sign-in is over. Begin again with the password.',
    'totp-suspended':
      'One-time passwords are switched off here after a hundred wrong ones in a row. A recovery code or a mailed code works; or sign in from a device that was used before.',
    'clock-unsure': 'The NAS is not sure of its time, and this code is not right at the time it shows.',
  } as Record<string, string>,
  explained: {
    'phone-slow': (time: string) =>
      `This code was right ${time} ago: your phone's clock is slow, or the code is an old one. Switch on automatic time on the phone, then type the code it shows now.`,
    'phone-fast': (time: string) =>
      `This code will be right in ${time}: your phone's clock is fast. Switch on automatic time on the phone, then type a new code.`,
    'just-enrolled': (time: string) =>
      `This code was used to switch two-factor on, and each code works once. Your app shows a new one in ${time}.`,
  } as Record<string, (time: string) => string>,
  span: (seconds: number) => {
    const [count, unit] = inUnits(seconds);
    return `${count} ${unit}${count === 1 ? '' : 's'}`;
  },
};

export type SharedWords = typeof en;

const zh: SharedWords = {
  help: '故障排查',
  copy: '复制',
  copied: '已复制',
  cancel: '取消',
  back: '返回',
  more: '如何解决',
  loading: '正在加载…',
  retry: '重试',
  table: (of) => `${of}：表格`,
  unreachable: 'NAS 没有响应。请确认 NAS 正在运行、您与它在同一网络中，然后重试。',
  signedOut: '您已退出登录。请重新登录后再打开此页面。',
  failed: '操作未成功。请重试；如果仍然失败，管理员可以在 NAS 的日志中查明原因。',
  wait: (seconds) => `请等待 ${seconds} 秒。`,
  code: '一次性验证码',
  codeHint: '身份验证器应用当前显示的六位数字。',
  firstOf: (number, of) => `第 ${number} 个验证码（共 ${of} 个）`,
  sixDigits: '一次性验证码为六位数字。',
  recoveryCode: '恢复码',
  recoveryHint: '您保存的 16 位字母和数字。每个恢复码只能使用一次。',
  pairTitle: '需要连续两个验证码',
  pair: '此帐户多次输入了错误的验证码，目前一个验证码还不够。请输入应用当前显示的验证码，等它变化后再输入下一个。',
  tripleTitle: '需要连续三个验证码',
  triple:
    '此 NAS 的系统时间已丢失。请依次输入应用当前显示的验证码和随后的两个，大约需要一分钟。恢复码始终可用。',
  refused: {
    'wrong-code': '验证码不正确。请输入应用当前为此 NAS 和此帐户显示的验证码。',
    'used-code': '此验证码已使用过，每个验证码只能使用一次。请等待下一个。',
    'expired-code': '此邮件验证码已失效，请重新获取。',
    'form-required': '目前一个验证码还不够。',
    'login-changed': '此帐户的设置已更改，本次登录已结束。请重新输入密码登录。',
    'totp-suspended':
      '连续一百次错误后，一次性验证码在此处已停用。您可以使用恢复码或邮件验证码，或从曾经登录过的设备登录。',
    'clock-unsure': 'NAS 无法确定当前时间，按其显示的时间，此验证码不正确。',
  },
  explained: {
    'phone-slow': (time) =>
      `此验证码在${time}前有效：您的手机时钟偏慢，或者这是旧的验证码。请在手机上开启自动设置时间，然后输入当前显示的验证码。`,
    'phone-fast': (time) =>
      `此验证码在${time}后才有效：您的手机时钟偏快。请在手机上开启自动设置时间，然后输入新的验证码。`,
    'just-enrolled': (time) =>
      `此验证码已用于启用双重验证，每个验证码只能使用一次。您的应用将在${time}后显示新的验证码。`,
  },
  span: (seconds) => {
    const [count, unit] = inUnits(seconds);
    return `${count} ${{ second: '秒', minute: '分钟', hour: '小时', day: '天' }[unit]}`;
  },
};

export const WORDS: Both<SharedWords> = { en, zh };
