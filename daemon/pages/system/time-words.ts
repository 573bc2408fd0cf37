// Owns the words of the system time.

import type { Both } from '../shared/both.ts';

const en = {
  states: {
    synchronised: 'Synchronised',
    holdover: 'Running on',
    unsynchronised: 'Not confirmed',
    wrong: 'Wrong',
  } as Record<string, string>,
  stateText: {
    synchronised: 'The time servers agree, and codes are judged by their time.',
    holdover:
      'Not enough time servers answer now. The time runs on from when they last agreed, and codes are judged as before.',
    unsynchronised:
      'No time server has confirmed this clock yet. Codes are judged by it; check it against a watch.',
    wrong:
      'The clock shows a time that is known to be past. Three codes in a row, or a recovery code, still let people in.',
  } as Record<string, string>,
  alarm:
    'The time servers agree on a time that cannot be, so it is not believed: somebody may be forging it. Only root can accept it: fygo-2fa clock check --accept.',
  nas: 'Clock of the NAS',
  corrected: 'Time that codes are judged by',
  offset: 'Clock of the NAS is',
  fast: (by: string) => `${by} fast`,
  slow: (by: string) => `${by} slow`,
  exact: 'right',
  unknown: 'not known',
  bound: 'Error at most',
  checked: 'Last checked',
  never: 'never',
  quorum: (agreeing: number, servers: number, needed: number) =>
    `${agreeing} of ${servers} servers agree, ${needed} are needed`,
  check: 'Check now',
  correct: 'Correct now',
  correctAsk: 'Step the clock of the NAS to the measured time? Programs that run by the clock may notice.',
  moved: (by: string) => `The clock was moved by ${by}.`,
  auto: 'Automatic synchronisation',
  autoText: 'The system keeps its clock right by itself. Codes are judged by measured time either way.',
  keepers: { timesyncd: 'On, by systemd-timesyncd', chrony: 'On, by chrony', none: 'Off' } as Record<
    string,
    string
  >,
  on: 'Switch on',
  offButton: 'Switch off',
  servers: 'Time servers',
  server: 'Server',
  verdict: 'Answer',
  serverOffset: 'Offset',
  delay: 'Way there and back',
  plot: 'Offset of each server to the agreed time, in seconds',
  verdicts: {
    agrees: 'agrees',
    disagrees: 'disagrees',
    'same-as-another': 'same as another',
    resting: 'asked for a rest',
    'no-answer': 'no answer',
    'no-address': 'name not found',
    kiss: 'turned us away',
    unsynchronised: 'does not know the time itself',
    'too-slow': 'answered too late',
    'too-uncertain': 'too uncertain',
  } as Record<string, string>,
  problems: {
    'clock-no-quorum':
      'Not enough time servers agree, so nobody can say what the right time is. Nothing was changed.',
    'clock-not-set':
      'The daemon may not set the clock here (a demonstration leaves its machine alone). The clock is as it was; codes are judged by corrected time all the same.',
    'root-only': 'Only root may say this, on the command line of the NAS.',
    'not-enrolled':
      'This needs a fresh second step, and you have none yet. Enable two-factor in Personal Settings first.',
  } as Record<string, string>,
};

export type TimeWords = typeof en;

const zh: TimeWords = {
  states: { synchronised: '已同步', holdover: '自行走时', unsynchronised: '未确认', wrong: '错误' },
  stateText: {
    synchronised: '时间服务器一致，验证码按其时间判断。',
    holdover: '目前响应的时间服务器不足。时间从上次一致时继续走，验证码照常判断。',
    unsynchronised: '尚无时间服务器确认此时钟。验证码按此时钟判断，请与手表核对。',
    wrong: '时钟显示的是已经过去的时间。连续三个验证码或恢复码仍可登录。',
  },
  alarm:
    '时间服务器给出了不可能的时间，因此不予采信：可能有人在伪造。仅 root 可以采信：fygo-2fa clock check --accept。',
  nas: 'NAS 时钟',
  corrected: '判断验证码所用的时间',
  offset: '时钟偏差',
  fast: (by) => `快 ${by}`,
  slow: (by) => `慢 ${by}`,
  exact: '准确',
  unknown: '未知',
  bound: '误差不超过',
  checked: '上次检查',
  never: '从未',
  quorum: (agreeing, servers, needed) => `${servers} 个服务器中有 ${agreeing} 个一致，需要 ${needed} 个`,
  check: '立即检查',
  correct: '立即校正',
  correctAsk: '将 NAS 时钟调整为测得的时间？按时钟运行的程序可能会受影响。',
  moved: (by) => `时钟已调整 ${by}。`,
  auto: '自动同步',
  autoText: '由系统自动校准时钟。无论是否开启，验证码都按测得的时间判断。',
  keepers: { timesyncd: '已开启（systemd-timesyncd）', chrony: '已开启（chrony）', none: '未开启' },
  on: '开启',
  offButton: '关闭',
  servers: '时间服务器',
  server: '服务器',
  verdict: '响应',
  serverOffset: '偏差',
  delay: '往返时间',
  plot: '各服务器与一致时间的偏差（秒）',
  verdicts: {
    agrees: '一致',
    disagrees: '不一致',
    'same-as-another': '与另一个相同',
    resting: '要求暂停',
    'no-answer': '无响应',
    'no-address': '找不到名称',
    kiss: '拒绝服务',
    unsynchronised: '自身未同步',
    'too-slow': '响应过慢',
    'too-uncertain': '不够精确',
  },
  problems: {
    'clock-no-quorum': '一致的时间服务器不足，无法确定正确时间。未做任何更改。',
    'clock-not-set':
      '守护进程无权设置此处的时钟（演示环境不会更改本机时钟）。时钟保持不变，验证码仍按校正后的时间判断。',
    'root-only': '此操作仅限 root 在 NAS 命令行中进行。',
    'not-enrolled': '此操作需要双重验证。请先在个人设置中启用双重验证。',
  },
};

export const TIME: Both<TimeWords> = { en, zh };
