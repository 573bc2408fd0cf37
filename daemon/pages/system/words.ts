// Owns the words of System Settings: the frame and the parts about the state.

import type { Both } from '../shared/both.ts';

const en = {
  title: 'Two-factor authentication',
  tabs: {
    readiness: 'Readiness',
    mandatory: 'Mandatory two-factor',
    users: 'Users',
    mail: 'Email service',
    time: 'System time',
    audit: 'Activity',
  },
  nav: 'Sections',
  states: { healthy: 'Healthy', degraded: 'Needs attention', down: 'Nobody can be judged' } as Record<
    string,
    string
  >,
  counts: {
    known: 'Users known',
    enrolled: 'Use two-factor',
    required: 'Have to use it',
    notReady: 'Could not get back in',
  },
  ready: 'Everybody who uses two-factor could get back in today.',
  notReadyTitle: 'These users could not get back in without their phone',
  notReadyText:
    'They have neither recovery codes nor a confirmed Security Email. Ask them to open Personal Settings, or hand them a one-time pass when it happens.',
  warnings: 'What needs attention',
  warningsNone: 'Nothing needs attention.',
  filterUser: 'User',
  filter: 'Show',
};

export type Words = typeof en;

const zh: Words = {
  title: '双重验证',
  tabs: {
    readiness: '就绪状态',
    mandatory: '强制双重验证',
    users: '用户',
    mail: '邮件服务',
    time: '系统时间',
    audit: '活动记录',
  },
  nav: '分区',
  states: { healthy: '正常', degraded: '需要关注', down: '无法判断登录' },
  counts: {
    known: '已知用户',
    enrolled: '已启用双重验证',
    required: '必须使用',
    notReady: '无法自行恢复登录',
  },
  ready: '所有启用双重验证的用户今天都能自行恢复登录。',
  notReadyTitle: '以下用户没有手机将无法登录',
  notReadyText:
    '他们既没有恢复码，也没有已确认的安全邮箱。请提醒他们打开个人设置；需要时可为其提供一次性通行码。',
  warnings: '需要关注的事项',
  warningsNone: '没有需要关注的事项。',
  filterUser: '用户',
  filter: '显示',
};

export const SYSTEM: Both<Words> = { en, zh };
