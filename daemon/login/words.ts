// Owns the sentences that a person reads when a code was refused, in English and Simplified Chinese.

import { type Instant, toRfc3339 } from '../kernel/instant.ts';
import type { ExplanationCode } from '../wire/login.ts';

export interface Explanation {
  readonly code: ExplanationCode;
  readonly seconds?: number;
  readonly text: string;
}

type Language = 'en' | 'zh';

const WORDS: Readonly<Record<Language, Record<ExplanationCode, (time: string) => string>>> = {
  en: {
    'phone-slow': (time) =>
      `This code was right ${time} ago: your phone's clock is slow, or the code is an old one. Switch on automatic time on the phone, then type the code it shows now.`,
    'phone-fast': (time) =>
      `This code will be right in ${time}: your phone's clock is fast. Switch on automatic time on the phone, then type a new code.`,
    'just-enrolled': (time) =>
      `This code was used to switch two-factor on, and each code works once. Your app shows a new one in ${time}.`,
    'board-clock': () =>
      'This NAS has lost the time, so it looks for three codes in a row: type the one your app shows now and the next two. A recovery code works as always; the administrator can put the clock right.',
  },
  zh: {
    'phone-slow': (time) =>
      `该验证码在${time}前有效：您的手机时钟偏慢，或者这是旧的验证码。请在手机上开启自动设置时间，然后输入当前显示的验证码。`,
    'phone-fast': (time) =>
      `该验证码在${time}后才有效：您的手机时钟偏快。请在手机上开启自动设置时间，然后输入新的验证码。`,
    'just-enrolled': (time) =>
      `该验证码已用于启用双重验证，每个验证码只能使用一次。您的应用将在${time}后显示新的验证码。`,
    'board-clock': () =>
      '此 NAS 的系统时间已丢失，需要连续三个验证码：请依次输入应用当前显示的验证码和随后的两个。恢复码始终可用，管理员也可以校正时间。',
  },
};

/** An explanation in the person's language. `seconds` is left out where the code has none. */
export function explanation(code: ExplanationCode, locale: string | null, seconds?: number): Explanation {
  const language = languageOf(locale);
  const text = WORDS[language][code](seconds === undefined ? '' : duration(seconds, language));
  return seconds === undefined ? { code, text } : { code, seconds, text };
}

const UNCONFIRMED: Readonly<Record<Language, (shown: string) => string>> = {
  en: (shown) =>
    `This code is not right at the time this NAS shows, ${shown} UTC, and no time server confirms that time. If it is the right time, the code was mistyped or belongs to another account. Otherwise use a recovery code and tell the administrator that the clock is wrong.`,
  zh: (shown) =>
    `按照此 NAS 显示的时间（${shown} UTC），该验证码不正确，而且没有时间服务器能确认此时间。如果时间正确，则是输入有误或验证码属于其他帐户；否则请使用恢复码，并告知管理员系统时间有误。`,
};

/** The explanation of a code that was refused by a time which nobody confirmed. */
export function unconfirmed(judgedBy: Instant, locale: string | null): Explanation {
  const shown = toRfc3339(judgedBy).slice(0, 16).replace('T', ' ');
  return { code: 'board-clock', text: UNCONFIRMED[languageOf(locale)](shown) };
}

/** The language of letters that a locale asks for; `null` where it asks for none. */
export function localeOf(locale: string | null): 'en' | 'zh-CN' | null {
  if (locale === null) return null;
  return languageOf(locale) === 'zh' ? 'zh-CN' : 'en';
}

/** English unless the locale asks for Chinese. */
export function languageOf(locale: string | null): Language {
  return locale !== null && /^zh\b/i.test(locale.replace(/_/g, '-')) ? 'zh' : 'en';
}

function duration(seconds: number, language: Language): string {
  const minutes = Math.round(seconds / 60);
  if (language === 'zh') return seconds < 90 ? `${seconds} 秒` : `${minutes} 分钟`;
  if (seconds < 90) return `${seconds} second${seconds === 1 ? '' : 's'}`;
  return `${minutes} minute${minutes === 1 ? '' : 's'}`;
}
