-- Trusted devices: whose, what they are called, and the hashes of their tokens.

CREATE TABLE trusted_device (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  generation INTEGER NOT NULL,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  browser TEXT,
  system TEXT,
  address TEXT,
  since INTEGER NOT NULL,
  last_used INTEGER NOT NULL,
  rotated_at INTEGER NOT NULL,
  until INTEGER NOT NULL CHECK (until >= since),
  ended_at INTEGER,
  because TEXT,
  CHECK ((ended_at IS NULL) = (because IS NULL))
) STRICT;

CREATE INDEX trusted_device_of ON trusted_device (user);

-- `state`: 0 until it is presented, 1 from then on, 2 once another one of its device has been presented in its place.
-- At most one of a device is 1.
CREATE TABLE device_token (
  hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
  device INTEGER NOT NULL REFERENCES trusted_device (id) ON DELETE CASCADE,
  state INTEGER NOT NULL CHECK (state IN (0, 1, 2))
) STRICT, WITHOUT ROWID;

CREATE INDEX device_token_of ON device_token (device);

-- The device that a login completed on the page will be, once the pipeline redeems it.
ALTER TABLE redemption ADD COLUMN device INTEGER REFERENCES trusted_device (id) ON DELETE SET NULL;
