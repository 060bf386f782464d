// Package cli is the command line: which commands there are, their flags and help,
// what the environment holds, what they print and the status they exit with. It
// runs a bot, a local workspace, or both.
//
//	main → cli: run, sandbox, rehearse, check, migrate, manifest, version → bot, sandbox
package cli
