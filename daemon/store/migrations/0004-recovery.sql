-- Where codes are mailed to, the codes that were mailed, and what a mailed password reset takes away for a while.

-- An address counts from the moment its mailed code was typed; a new one waits beside the old one.
CREATE TABLE security_email (
  user INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
  address TEXT CHECK (length(address) BETWEEN 3 AND 254),
  confirmed_at INTEGER,
  pending TEXT CHECK (length(pending) BETWEEN 3 AND 254),
  locale TEXT NOT NULL CHECK (locale IN ('en', 'zh-CN')),
  CHECK ((address IS NULL) = (confirmed_at IS NULL)),
  CHECK (address IS NOT NULL OR pending IS NOT NULL)
) STRICT;

-- One code of each subject: a login, a password reset, an address that waits, a phone to replace. Without a user: the
-- reset of a name that gets no mail, which has to look the same from outside.
CREATE TABLE mailed_code (
  subject BLOB PRIMARY KEY CHECK (length(subject) = 32),
  kind TEXT NOT NULL CHECK (kind IN ('emergency', 'reset', 'confirm', 'replace-phone')),
  user INTEGER REFERENCES user (id) ON DELETE CASCADE,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  tries INTEGER NOT NULL CHECK (tries BETWEEN 0 AND 5),
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  CHECK (user IS NOT NULL OR kind = 'reset')
) STRICT, WITHOUT ROWID;

-- When which lane of a user asked for a mail: what the caps count.
CREATE TABLE mail_request (
  id INTEGER PRIMARY KEY,
  user INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  lane TEXT NOT NULL CHECK (lane IN ('strangers', 'known', 'step-up', 'reset', 'reset-known', 'confirm')),
  at INTEGER NOT NULL
) STRICT;

-- A login that waits for a mailed code outlives the daemon: the mail may take longer than a restart.
CREATE TABLE stored_login (
  login BLOB PRIMARY KEY CHECK (length(login) = 32),
  user INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  generation INTEGER NOT NULL,
  policy INTEGER NOT NULL,
  given_name TEXT NOT NULL,
  service TEXT NOT NULL,
  address TEXT,
  user_agent TEXT,
  locale TEXT,
  lane TEXT NOT NULL CHECK (lane IN ('strangers', 'known')),
  source TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Whose password was last reset by mail, until a login by another method succeeds.
CREATE TABLE password_reset (
  user INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
  at INTEGER NOT NULL
) STRICT;
