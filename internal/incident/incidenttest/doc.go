// Package incidenttest is the domain's test kit: the default policy written out,
// an in-memory [Store], and a [Scenario], which takes one incident through its
// life. Every package that tests with incidents uses it.
package incidenttest
