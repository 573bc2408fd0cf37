-- Whom a policy means, a policy that is to come, who changed what, and whom the directory has lost sight of.

-- Row 1 is in force; row 2, where there is one, comes into force at starts_at and takes its place.
CREATE TABLE policy_2 (
  id INTEGER PRIMARY KEY CHECK (id IN (1, 2)),
  scope TEXT NOT NULL CHECK (scope IN ('none', 'administrators', 'all', 'specific')),
  grace_days INTEGER NOT NULL CHECK (grace_days BETWEEN 0 AND 365),
  version INTEGER NOT NULL CHECK (version >= 1),
  starts_at INTEGER,
  changed_at INTEGER NOT NULL,
  CHECK ((id = 2) = (starts_at IS NOT NULL))
) STRICT;

INSERT INTO policy_2 (id, scope, grace_days, version, changed_at)
  SELECT id, scope, grace_days, version, changed_at FROM policy;
DROP TABLE policy;
ALTER TABLE policy_2 RENAME TO policy;

-- A user is meant by name and uid: an exception must not pass to a new account of the same name.
CREATE TABLE policy_name (
  policy INTEGER NOT NULL REFERENCES policy (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('user', 'group', 'except-user', 'except-group')),
  name TEXT NOT NULL CHECK (length(name) > 0),
  uid INTEGER CHECK (uid BETWEEN 0 AND 4294967294),
  PRIMARY KEY (policy, kind, name),
  CHECK ((kind IN ('user', 'except-user')) = (uid IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Since when the directory no longer knows the user, as the daily check found it. It is a mark and closes nothing.
ALTER TABLE user ADD COLUMN missing_since INTEGER;

-- Who decided, where it was not the user of the row.
ALTER TABLE audit ADD COLUMN actor TEXT;
