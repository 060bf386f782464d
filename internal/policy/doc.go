// Package policy is the incident process as a value: what applies to each
// severity, the ladder of levels, the roles and who holds them. The
// configuration makes one [Policy], which the domain is given with each
// command; nothing here changes, keeps or sends anything.
//
//	Policy ── Severity(s) ──► SeverityPolicy: response, cadence, steps up the ladder
//	   ├───── Level(l) ─────► LevelPolicy: the roles that are called
//	   └───── Role(r) ──────► RolePolicy: who holds the role
//
// It is a leaf: besides the standard library it imports only the IDs of people
// and channels.
package policy
