-- The state of one board. Times are milliseconds since the epoch, UTC; steps are RFC 6238 counters.

CREATE TABLE board (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  key_id BLOB NOT NULL CHECK (length(key_id) = 8),
  floor INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE policy (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  scope TEXT NOT NULL CHECK (scope IN ('none', 'all')),
  grace_days INTEGER NOT NULL CHECK (grace_days BETWEEN 0 AND 365),
  version INTEGER NOT NULL CHECK (version >= 1),
  changed_at INTEGER NOT NULL
) STRICT;

-- Who has ever had something to remember. A reset keeps the row; only root deletes one.
CREATE TABLE user (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE CHECK (length(name) > 0),
  uid INTEGER NOT NULL UNIQUE CHECK (uid BETWEEN 0 AND 4294967294),
  generation INTEGER NOT NULL CHECK (generation >= 1),
  counter INTEGER NOT NULL CHECK (counter >= 0),
  grace_from INTEGER,
  removed_at INTEGER
) STRICT;

CREATE TABLE factor (
  user INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
  secret BLOB NOT NULL,
  enrolled_at INTEGER NOT NULL,
  enrolled_step INTEGER NOT NULL,
  last_step INTEGER NOT NULL,
  earliest_step INTEGER NOT NULL,
  pair_first INTEGER NOT NULL CHECK (pair_first IN (0, 1)),
  drift INTEGER NOT NULL CHECK (drift BETWEEN -1 AND 1),
  last_login INTEGER,
  bucket INTEGER NOT NULL CHECK (bucket BETWEEN 0 AND 9216000000),
  bucket_at INTEGER NOT NULL,
  strangers_failures INTEGER NOT NULL CHECK (strangers_failures >= 0),
  strangers_failed_at INTEGER NOT NULL,
  known_failures INTEGER NOT NULL CHECK (known_failures >= 0),
  known_failed_at INTEGER NOT NULL,
  step_up_failures INTEGER NOT NULL CHECK (step_up_failures >= 0),
  step_up_failed_at INTEGER NOT NULL
) STRICT;

-- Steps above last_step that may never open a door: somebody was told that their code will be right.
CREATE TABLE burnt_step (
  user INTEGER NOT NULL REFERENCES factor (user) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  PRIMARY KEY (user, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_code (
  user INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  kind TEXT NOT NULL CHECK (kind IN ('code', 'pass')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  PRIMARY KEY (user, hash),
  CHECK ((kind = 'pass') = (expires_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Logins completed on the daemon's own page, until the pipeline redeems them: once.
CREATE TABLE redemption (
  login BLOB PRIMARY KEY CHECK (length(login) = 32),
  proof BLOB NOT NULL UNIQUE CHECK (length(proof) = 32),
  user INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  generation INTEGER NOT NULL,
  policy INTEGER NOT NULL,
  given_name TEXT NOT NULL,
  service TEXT NOT NULL,
  address TEXT,
  notice TEXT,
  expires_at INTEGER NOT NULL,
  redeemed INTEGER NOT NULL CHECK (redeemed IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Append-only: what was decided, for whom, from where and why. Never a code, a token or a seed.
-- Only the oldest rows are ever deleted, so ids rise without the extra page that AUTOINCREMENT would write.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  user TEXT NOT NULL,
  service TEXT,
  address TEXT,
  outcome TEXT NOT NULL,
  because TEXT
) STRICT;
