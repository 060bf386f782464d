// Package goldentest compares what a test makes with a file that people have
// reviewed. `go test ./PACKAGE -update` rewrites a package's files.
package goldentest
