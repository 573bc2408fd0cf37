-- How the system sends mail, and the letters that wait to be sent.

-- One row, once mail was ever set up: its version goes on rising when mail is switched off and on again.
CREATE TABLE mail (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL CHECK (version >= 1),
  provider TEXT CHECK (provider IN ('gmail', 'outlook', 'microsoft365', 'smtp')),
  sender TEXT,
  host TEXT,
  port INTEGER CHECK (port BETWEEN 1 AND 65535),
  security TEXT CHECK (security IN ('tls', 'starttls', 'plain')),
  account TEXT,
  ca_file TEXT,
  -- Sealed: a password, or the refresh token that the provider gave.
  password BLOB,
  refresh_token BLOB,
  -- The last time the server was spoken with, and the code of what went wrong then.
  tried_at INTEGER,
  trouble TEXT,
  trouble_text TEXT,
  CHECK ((provider IS NULL) = (sender IS NULL)),
  CHECK ((provider IS NULL) = (host IS NULL)),
  CHECK ((provider IS NULL) = (port IS NULL)),
  CHECK ((provider IS NULL) = (security IS NULL)),
  CHECK (trouble IS NULL OR tried_at IS NOT NULL)
) STRICT;

-- A letter that was decided on. What is over keeps its row for a day without address and content: the daily budget counts rows.
-- "sending" at a start means that nobody knows whether the server took it.
CREATE TABLE letter (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user INTEGER NOT NULL,
  lane TEXT NOT NULL CHECK (lane IN ('emergency', 'reset', 'confirm', 'notice')),
  topic TEXT NOT NULL,
  recipient TEXT,
  locale TEXT NOT NULL CHECK (locale IN ('en', 'zh-CN')),
  content BLOB,
  message_id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed')),
  unsure INTEGER NOT NULL DEFAULT 0 CHECK (unsure IN (0, 1)),
  queued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  CHECK ((state IN ('queued', 'sending')) = (recipient IS NOT NULL AND content IS NOT NULL))
) STRICT;
CREATE INDEX letter_waiting ON letter (state) WHERE state IN ('queued', 'sending');
